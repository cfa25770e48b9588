// A mandate as the API shows it: to the biller and to whoever acts for the payer. The token stays inside.
import { z } from '@hono/zod-openapi'
import { formatMoney, fromData } from '../domain/core/money.ts'
import { type Debit, debitStatuses } from '../domain/mandates/debitEvents.ts'
import { mandateStatuses, type OpenedMandate } from '../domain/mandates/mandateEvents.ts'
import { billId } from './billView.ts'
import { amount, currency, id, instant, paymentId } from './schemas.ts'

export const mandateId = id('man', 'man_7K3MA9QZXW4F2P8R')

/** A mandate of many years has more; what is older stays in the log. */
const debitsShown = 50

const DebitView = z.object({
  billId,
  status: z.enum(debitStatuses).openapi({
    description: '`unknown`: the bank gave no answer and is asked about it; it is never asked to debit twice',
  }),
  amount: amount.optional().openapi({ description: 'As announced, and from `requested` on as debited' }),
  debitOn: z.iso.date().optional(),
  debitAt: instant.optional().openapi({ description: 'Nothing is debited before' }),
  paymentId: paymentId.optional(),
  reason: z.string().optional().openapi({ description: 'Why it was skipped or declined' }),
})

export const MandateView = z
  .object({
    id: mandateId,
    billerId: id('mer', 'mer_7K3MA'),
    agentId: id('mer', 'mer_9QZXW').optional().openapi({ description: 'Who acts for the payer' }),
    customerCode: z.string(),
    status: z.enum(mandateStatuses).openapi({
      description:
        "`requested`: the payer's bank has not decided; within two days it does, or it has declined",
    }),
    account: z
      .object({ last4: z.string() })
      .optional()
      .openapi({ description: 'The last four digits of the account, once the bank has taken the mandate' }),
    cap: amount,
    currency,
    noticeDays: z.int(),
    reason: z.string().optional().openapi({ description: 'Why it was declined' }),
    canceledBy: z.enum(['merchant', 'bank']).optional(),
    requestedAt: instant,
    debits: z
      .array(DebitView)
      .openapi({ description: `By bill, the newest first; the latest ${debitsShown}` }),
  })
  .openapi('Mandate')

export function mandateView(mandateId: string, mandate: OpenedMandate) {
  const { billerId, agentId, customerCode, status, last4, cap, noticeDays, reason, canceledBy } = mandate
  const debits = [...mandate.debits.values()].slice(-debitsShown).toReversed()
  return {
    id: mandateId,
    billerId,
    ...(agentId !== undefined && { agentId }),
    customerCode,
    status,
    ...(last4 !== undefined && { account: { last4 } }),
    cap: formatMoney(fromData(cap)),
    currency: cap.currency,
    noticeDays,
    ...(reason !== undefined && { reason }),
    ...(canceledBy !== undefined && { canceledBy }),
    requestedAt: mandate.requestedAt,
    debits: debits.map(debitView),
  }
}

const debitView = ({ billId, status, amount, debitOn, debitAt, paymentId, reason }: Debit) => ({
  billId,
  status,
  ...(amount && { amount: formatMoney(amount) }),
  ...(debitOn !== undefined && { debitOn }),
  ...(debitAt !== undefined && { debitAt }),
  ...(paymentId !== undefined && { paymentId }),
  ...(reason !== undefined && { reason }),
})
