// 0220 completion: what a pump or till takes in the end of what was authorized.
import { base32 } from '../../../domain/core/base32.ts'
import { type Money, toData } from '../../../domain/core/money.ts'
import type { PaymentCommand, PaymentRejection } from '../../../domain/payments/payment.ts'
import { retrievalReference } from '../../../domain/payments/reference.ts'
import { amountIn, currencyIn, replacementIn } from '../amounts.ts'
import type { Message } from '../message.ts'
import { code } from './codes.ts'
import { paymentNamed, traceIn } from './naming.ts'
import type { HostAnswer, HostPorts, Till } from './ports.ts'

const captureIdLength = 12

const refusals: Partial<Record<string, string>> = {
  capture_exceeds_authorized: code.invalidAmount,
  capture_differs: code.duplicate,
} satisfies Partial<Record<PaymentRejection, string>>

/** An advice: it is answered whatever comes of it, or the till would repeat it for ever. */
export async function complete({ fields }: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const { payments, now } = ports
  const trace = traceIn(fields, now())
  const currency = currencyIn(fields)
  const minor = replacementIn(fields) ?? amountIn(fields)?.minor
  const named = await paymentNamed(fields, till, ports)
  if (!trace || !named || minor === undefined) return { responseCode: code.formatError }
  const { paymentId, payment } = named
  if (payment?.terminalId !== till.id) return { responseCode: code.notFound } // also a second pump's
  if (!currency) return { responseCode: code.invalidTransaction }
  const captureId = `cap_${base32(ports.derive('till completion', till.id, trace.day, trace.stan), captureIdLength)}`
  const command = completion(captureId, { minor, currency }, now().toISOString())
  const outcome = await payments.handle(paymentId, command, { actor: till.id })
  const responseCode = outcome.ok ? code.approved : (refusals[outcome.rejection] ?? code.invalidTransaction)
  return { responseCode, fields: { 37: retrievalReference(paymentId) } }
}

/** Nothing taken is a void: the hold is released. */
const completion = (captureId: string, amount: Money, at: string): PaymentCommand =>
  amount.minor === 0n
    ? { type: 'VoidPayment', data: { at } }
    : { type: 'CapturePayment', data: { captureId, amount: toData(amount), capturedAt: at } }
