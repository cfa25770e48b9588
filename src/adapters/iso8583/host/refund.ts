// 0200 or 0220 with processing code 20: a part or all of a sale goes back to its card.
import { toData } from '../../../domain/core/money.ts'
import type { PaymentRejection } from '../../../domain/payments/payment.ts'
import { newRefundId, retrievalReference } from '../../../domain/payments/reference.ts'
import { amountIn, currencyIn } from '../amounts.ts'
import type { Message } from '../message.ts'
import { code } from './codes.ts'
import { referredTo, traceIn } from './naming.ts'
import type { HostAnswer, HostPorts, Till } from './ports.ts'

const refusals: Partial<Record<string, string>> = {
  refund_exceeds_rest: code.invalidAmount,
  refund_exists: code.duplicate,
} satisfies Partial<Record<PaymentRejection, string>>

/** Approved once it is recorded: from then on the gateway sees to it that the card network does it. */
export async function refund({ fields }: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const { payments, derive, now, cards } = ports
  const trace = traceIn(fields, now())
  const named = await referredTo(fields, till, ports)
  if (!trace || fields[4] === undefined) return { responseCode: code.formatError }
  if (!currencyIn(fields)) return { responseCode: code.invalidTransaction }
  const amount = amountIn(fields)!
  if (amount.minor === 0n) return { responseCode: code.invalidAmount }
  if (!named) return { responseCode: code.notFound }
  const { paymentId } = named
  if (!cards) return { responseCode: code.noIssuer }
  const chance = (purpose: string, size: number) =>
    derive(`till ${purpose}`, till.id, trace.day, trace.stan).subarray(0, size)
  const data = {
    refundId: newRefundId(paymentId, chance),
    amount: toData(amount),
    reason: 'refunded at a till',
    terminalId: till.id,
    requestedAt: now().toISOString(),
  }
  const outcome = await payments.handle(paymentId, { type: 'RequestRefund', data }, { actor: till.id })
  const responseCode = outcome.ok ? code.approved : (refusals[outcome.rejection] ?? code.invalidTransaction)
  return { responseCode, fields: { 37: retrievalReference(paymentId) } }
}
