// 0400 and 0420: the till undoes a transaction, also one that never came here.
import type { DataOf } from '../../../domain/pos/cardPaymentEvents.ts'
import type { Message } from '../message.ts'
import { replacementIn } from './amount.ts'
import { code } from './codes.ts'
import { isSettled } from './currentBatch.ts'
import { paymentNamed } from './naming.ts'
import type { HostAnswer, HostPorts, Till } from './ports.ts'

type Reason = DataOf<'RequestReversal'>['reason']

/** DE56. */
const reasons: Readonly<Record<string, Reason>> = {
  '4020': 'no_answer',
  '4021': 'no_answer',
  '4017': 'malfunction',
}

/** DE3. A refund is recorded or it is not: the till finds out by repeating it. */
const refunding = '20'

/** There is nothing to undo, and so it is undone. */
const undone: ReadonlySet<string> = new Set([
  'payment_declined',
  'payment_voided',
  'payment_reversed',
  'authorization_expired',
])

export async function reverse({ fields }: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const { payments, now } = ports
  const processingCode = fields[3]
  const named = await paymentNamed(fields, till, ports)
  if (!named || processingCode === undefined) return { responseCode: code.formatError }
  if (processingCode.startsWith(refunding)) return { responseCode: code.invalidTransaction } // asked for again instead
  if ((replacementIn(fields) ?? 0n) > 0n) return { responseCode: code.invalidTransaction } // a part: use a refund
  const { paymentId, payment } = named
  const at = now().toISOString()
  if (!payment) return forestall(paymentId, till, at, ports)
  if (payment.terminalId !== till.id) return { responseCode: code.notFound }
  const unsettled = payment.status === 'paid' && !(await isSettled(till.id, paymentId, ports))
  const reason = reasons[fields[56] ?? ''] ?? 'customer_canceled'
  const data = { reason, ...(unsettled && { unsettled }), at }
  const outcome = await payments.handle(paymentId, { type: 'RequestReversal', data }, { actor: till.id })
  const done = outcome.ok || undone.has(outcome.rejection)
  return { responseCode: done ? code.approved : code.invalidTransaction }
}

/** What comes later under this number is refused: also after a restart, so the log remembers it. */
async function forestall(
  paymentId: string,
  { id, terminal }: Till,
  at: string,
  { payments }: HostPorts,
): Promise<HostAnswer> {
  const data = { merchantId: terminal.merchantId, terminalId: id, forestalledAt: at }
  const outcome = await payments.handle(paymentId, { type: 'ForestallPayment', data }, { actor: id })
  return { responseCode: outcome.ok ? code.approved : code.malfunction } // it has just come: the till repeats this
}
