// A complaint as the API shows it, and what may be said in one.
import { z } from '@hono/zod-openapi'
import { type Complaint, complaintStatuses } from '../domain/complaints/complaintEvents.ts'
import { complaintKinds } from '../domain/complaints/complaintTerms.ts'
import { formatMoney } from '../domain/core/money.ts'
import { daysBetween } from '../domain/payments/creditAge.ts'
import type { OpenedPayment } from '../domain/payments/payment.ts'
import { amountOf } from '../domain/payments/payment.ts'
import { paymentOfComplaint, refundOfComplaint } from '../domain/payments/reference.ts'
import { amount, currency, id, instant, paymentId, text } from './schemas.ts'

export const complaintId = id('cpl', 'cpl_7K3MA9QZXW4F2P8R607K3MA9QZ')

const mail = /\S@\S+\.\S/
const phone = /(?<!\d)(\+?84|0)([ .-]?\d){9}(?!\d)/

/** What people say of a complaint: kept for ever, so nobody may be reached or recognized by it. */
export const impersonal = (max: number) =>
  text(max)
    .refine((value) => !mail.test(value) && !phone.test(value), 'No addresses or telephone numbers here.')
    .openapi({ description: 'Kept for ever in the log. Not for personal data.' })

export const complaintFields = {
  kind: z.enum(complaintKinds).openapi({
    description:
      '`not_credited`: the payer says that he paid, and the payment is not paid here. All others are of paid payments; `wrong_amount` and `late_payment_surcharge` need `amount`.',
  }),
  amount: amount.optional().openapi({ description: 'What the payer wants back, where that is not all' }),
  text: impersonal(280).optional(),
}

const party = z.enum(['payer', 'agent', 'terminal', 'merchant', 'operator'])

export const ComplaintView = z
  .object({
    id: complaintId,
    paymentId,
    merchantId: id('mer', 'mer_7K3MA'),
    terminalId: id('ter', 'ter_9QZXW4F2').optional(),
    kind: z.enum(complaintKinds),
    status: z.enum(complaintStatuses).openapi({
      description:
        '`pending_refund` ends `refunded` or `failed`; `default_resolved`: nobody answered in time, and no money is owed.',
    }),
    claim: amount.optional().openapi({ description: 'What goes back if the payer is right' }),
    currency,
    text: z.string().optional(),
    openedBy: party,
    openedAt: instant,
    ageDays: z.int().optional().openapi({ description: 'Told where it is read' }),
    deadline: instant.openapi({ description: 'Not answered by then, it is resolved for the payer' }),
    evidence: z.array(z.object({ text: z.string(), by: party, addedAt: instant })),
    answer: z
      .object({
        outcome: z.enum(['resolved', 'rejected', 'default_resolved']),
        remedy: z.enum(['refund', 'corrected']).optional(),
        refund: amount.optional(),
        text: z.string().optional(),
        by: party.optional(),
        at: instant,
      })
      .optional(),
    refundId: id('ref', 'ref_7K3MA9QZXW4F2P8R607K3MA9QZ')
      .optional()
      .openapi({ description: 'There is one of this id once it could be asked for' }),
    failure: z.string().optional().openapi({ description: 'Why the money did not go back' }),
  })
  .openapi('Complaint')

/** `payment`: what the complaint is about; `now`: for its age, which the answer to a command has not, for it may be repeated. */
export function complaintView(complaint: Complaint, payment: OpenedPayment, now?: Date) {
  const { complaintId, merchantId, terminalId, kind, status, claim, text, by, openedAt } = complaint
  const { deadline, evidence, answer, failure } = complaint
  return {
    id: complaintId,
    paymentId: paymentOfComplaint(complaintId),
    merchantId,
    ...(terminalId !== undefined && { terminalId }),
    kind,
    status,
    ...(claim && { claim: formatMoney(claim) }),
    currency: amountOf(payment).currency,
    ...(text !== undefined && { text }),
    openedBy: by,
    openedAt,
    ...(now && { ageDays: daysBetween(openedAt, now) }),
    deadline,
    evidence: evidence.map(({ text, by, addedAt }) => ({ text, by, addedAt })),
    ...(answer && { answer: answerView(answer) }),
    ...(answer?.refund && { refundId: refundOfComplaint(complaintId) }),
    ...(failure && { failure: failure.reason }),
  }
}

const answerView = ({ refund, ...answer }: NonNullable<Complaint['answer']>) => ({
  ...answer,
  ...(refund && { refund: formatMoney(refund) }),
})
