// Opens a complaint about a payment, whoever speaks for the payer.
import type { z } from '@hono/zod-openapi'
import { complaintIn } from '../domain/complaints/complaint.ts'
import type { ComplaintParty } from '../domain/complaints/complaintEvents.ts'
import { deadlineOf, openableFrom } from '../domain/complaints/complaintTerms.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { type Money, toData, zero } from '../domain/core/money.ts'
import { fundsOf } from '../domain/payments/funds.ts'
import { amountOf, type OpenedPayment } from '../domain/payments/payment.ts'
import { newComplaintId } from '../domain/payments/reference.ts'
import { type complaintFields, complaintView } from './complaintView.ts'
import type { Reply } from './endpoint.ts'
import type { Intention } from './idempotency.ts'
import { accepted, reply } from './outcome.ts'
import { readMoney } from './schemas.ts'
import type { Services } from './services.ts'

type Wish = z.output<z.ZodObject<typeof complaintFields>>
type Opening = {
  readonly paymentId: string
  readonly payment: OpenedPayment
  readonly by: ComplaintParty
  readonly chance: Intention['chance']
  readonly metadata: Metadata
  readonly ifVersion: { readonly ifVersion?: number }
}

/** What of a payment's money is there and not on its way back. */
export function restOf(payment: OpenedPayment): Money {
  const funds = fundsOf(payment)
  return funds && !funds.held ? funds.amount : zero(amountOf(payment).currency)
}

export async function openComplaint(wish: Wish, opening: Opening, services: Services): Promise<Reply> {
  const { paymentId, payment, by, chance, metadata, ifVersion } = opening
  const { gateway, now } = services
  const { state: merchant } = await gateway.merchants.load(payment.merchantId)
  if (merchant.status === 'new') throw new Error(`${paymentId} has no merchant`)
  const openedAt = now().toISOString()
  const { currency } = amountOf(payment)
  const { kind, amount, text } = wish
  const data = {
    complaintId: newComplaintId(paymentId, chance),
    merchantId: payment.merchantId,
    ...(payment.terminalId !== undefined && { terminalId: payment.terminalId }),
    kind,
    ...(text !== undefined && { text }),
    by,
    openedAt,
    deadline: deadlineOf(openedAt),
    ...(amount !== undefined && { amount: toData(readMoney({ amount, currency })) }),
    paid: payment.paidAt !== undefined,
    rest: toData(restOf(payment)),
    openableFrom: openableFrom(payment.paidAt ?? payment.requestedAt, merchant.sector),
  }
  const { state, ...done } = accepted(
    await gateway.complaints.handle(paymentId, { type: 'OpenComplaint', data }, metadata, ifVersion),
  )
  return reply(201, complaintView(complaintIn(state, data.complaintId)!, payment), done)
}
