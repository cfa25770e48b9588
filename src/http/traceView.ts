// A trace as the API shows it, and the credits that may be the transfer.
import { z } from '@hono/zod-openapi'
import { type Currency, formatMoney, fromData, toData } from '../domain/core/money.ts'
import { daysBetween } from '../domain/payments/creditAge.ts'
import { rankTraced, type Sought, traceRules } from '../domain/traces/rankTraced.ts'
import { type OpenedTrace, type TraceCandidate, traceStatuses } from '../domain/traces/trace.ts'
import type { Caller } from './auth.ts'
import { creditOutcomes } from './creditReply.ts'
import { amount, currency, id, instant } from './schemas.ts'
import type { Services } from './services.ts'

export const traceId = id('trc', 'trc_7K3MA9QZXW4F2P8R')
export const creditId = id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ')

const candidatesMax = 5
/** Candidates are ranked among so many credits that fit. */
const rankedMax = 100

export const CandidateView = z
  .object({
    id: creditId,
    amount: amount.openapi({ description: 'What is unapplied of it' }),
    currency,
    receivedAt: instant,
    reason: z.enum(creditOutcomes).exclude(['applied']).openapi({ description: 'Why it is unapplied' }),
    rules: z.array(z.enum(traceRules)).openapi({
      description:
        'Why it fits. `rest_equal`: the amount is what is left of it; `account_last4`: of the account it came to; `time_near`: within 30 minutes',
    }),
  })
  .openapi('TraceCandidate')

const party = z.enum(['merchant', 'operator'])

export const TraceView = z
  .object({
    id: traceId,
    status: z.enum(traceStatuses),
    merchantId: id('mer', 'mer_7K3MA').optional(),
    amount,
    currency,
    occurredAt: z.string().openapi({ example: '2026-11-22', description: 'A business date or an instant' }),
    transactionId: z.string().optional(),
    accountNumberLast4: z.string().optional(),
    note: z.string().optional(),
    openedBy: party,
    openedAt: instant,
    ageDays: z.int().optional().openapi({ description: 'Told where it is read' }),
    creditId: creditId.optional().openapi({ description: 'Named as the transfer: apply it, or return it' }),
    foundAt: instant.optional(),
    reason: z.string().optional(),
    closedAt: instant.optional(),
    candidates: z
      .array(CandidateView)
      .openapi({ description: 'Credits that fitted when it was opened, the likeliest first' }),
  })
  .openapi('Trace')

/** `now`: for its age, which the answer to a command has not, for it may be repeated. */
export function traceView(traceId: string, trace: OpenedTrace, now?: Date) {
  const { status, merchantId, amount, occurredOn, occurredAt, transactionId, accountNumberLast4 } = trace
  const { note, by, openedAt, found, closed, candidates } = trace
  return {
    id: traceId,
    status,
    ...(merchantId !== undefined && { merchantId }),
    amount: formatMoney(fromData(amount)),
    currency: amount.currency,
    occurredAt: occurredAt ?? occurredOn,
    ...(transactionId !== undefined && { transactionId }),
    ...(accountNumberLast4 !== undefined && { accountNumberLast4 }),
    ...(note !== undefined && { note }),
    openedBy: by,
    openedAt,
    ...(now && { ageDays: daysBetween(openedAt, now) }),
    ...(found && { creditId: found.creditId, foundAt: found.foundAt }),
    ...(closed && {
      ...(closed.reason !== undefined && { reason: closed.reason }),
      closedAt: closed.closedAt,
    }),
    candidates: candidates.map(candidateView),
  }
}

export const candidateView = ({ creditId, amount, receivedAt, reason, rules }: TraceCandidate) => ({
  id: creditId,
  amount: formatMoney(fromData(amount)),
  currency: amount.currency,
  receivedAt,
  reason,
  rules,
})

/** Unapplied money that fits now; a merchant is shown what named its payments or came to its account. */
export async function candidatesFor(
  sought: Sought,
  { merchantId }: Caller,
  { readModels }: Services,
): Promise<readonly TraceCandidate[]> {
  const credits = await readModels.tracedCredits(merchantId, sought, rankedMax)
  return rankTraced(sought, credits)
    .slice(0, candidatesMax)
    .map(({ credit, rules }) => ({
      creditId: credit.id,
      amount: toData({ minor: credit.amount, currency: sought.currency as Currency }),
      receivedAt: credit.receivedAt,
      reason: credit.reason,
      rules,
    }))
}

export const soughtIn = ({ amount, ...trace }: OpenedTrace): Sought => ({
  ...trace,
  amount: BigInt(amount.amount),
  currency: amount.currency,
})
