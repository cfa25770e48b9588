// 0400 and 0420: the till undoes a transaction, also one that never came here.
import { retrievalReference } from '../../../domain/payments/reference.ts'
import type { DataOf } from '../../../domain/pos/cardPaymentEvents.ts'
import { replacementIn } from '../amounts.ts'
import type { Fields, Message } from '../message.ts'
import { code } from './codes.ts'
import { isSettled } from './currentBatch.ts'
import { type Named, paymentNamed } from './naming.ts'
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
  const processingCode = fields[3]
  const named = await paymentNamed(fields, till, ports)
  if (!named || processingCode === undefined) return { responseCode: code.formatError }
  if (processingCode.startsWith(refunding)) return { responseCode: code.invalidTransaction } // asked for again instead
  if ((replacementIn(fields) ?? 0n) > 0n) return { responseCode: code.invalidTransaction } // a part: use a refund
  const responseCode = await undo(named, fields, till, ports)
  return { responseCode, fields: { 37: retrievalReference(named.paymentId) } }
}

async function undo(
  { paymentId, payment }: Named,
  { 56: reasonCode = '' }: Fields,
  till: Till,
  ports: HostPorts,
): Promise<string> {
  const { payments, now } = ports
  const at = now().toISOString()
  if (!payment) return forestall(paymentId, till, at, ports)
  if (payment.terminalId !== till.id) return code.notFound
  const unsettled = payment.status === 'paid' && !(await isSettled(till.id, paymentId, ports))
  const reason = reasons[reasonCode] ?? 'customer_canceled'
  const data = { reason, ...(unsettled && { unsettled }), at }
  const outcome = await payments.handle(paymentId, { type: 'RequestReversal', data }, { actor: till.id })
  return outcome.ok || undone.has(outcome.rejection) ? code.approved : code.invalidTransaction
}

/** What comes later under this number is refused: also after a restart, so the log remembers it. */
async function forestall(
  paymentId: string,
  { id, terminal }: Till,
  at: string,
  { payments }: HostPorts,
): Promise<string> {
  const data = { merchantId: terminal.merchantId, terminalId: id, forestalledAt: at }
  const outcome = await payments.handle(paymentId, { type: 'ForestallPayment', data }, { actor: id })
  return outcome.ok ? code.approved : code.malfunction // it has just come: the till repeats this
}
