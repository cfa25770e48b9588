// Which credits may be the transfer that somebody looks for: the likeliest first, each with the rules that speak for it.
import { addDays, businessDate } from '../core/businessDay.ts'

/** What is known of the transfer. */
export type Sought = {
  /** Minor units. */
  readonly amount: bigint
  readonly currency: string
  /** Business date. */
  readonly occurredOn: string
  /** The instant, where more than the day is known. */
  readonly occurredAt?: string
  /** What the payer's bank calls it. */
  readonly transactionId?: string
  /** Of the account that it was sent to. */
  readonly accountNumberLast4?: string
}

/** Unapplied money: what is left of it, and what came, where that is known. */
export type TracedCredit = {
  readonly id: string
  readonly amount: bigint
  readonly received: bigint | null
  readonly reason: string
  readonly transactionId: string | null
  readonly accountNumber: string
  /** The bank's own time. */
  readonly paidAt: string
  readonly receivedAt: string
}

export const traceRules = [
  'transaction_id',
  'amount_equal',
  'rest_equal',
  'account_last4',
  'time_near',
  'same_day',
] as const
export type TraceRule = (typeof traceRules)[number]

/** A transaction id outweighs all others together. */
const weights: Readonly<Record<TraceRule, number>> = {
  transaction_id: 16,
  amount_equal: 6,
  rest_equal: 5,
  account_last4: 4,
  time_near: 3,
  same_day: 2,
}

/** Payers and banks are wrong about the day, over a weekend too. */
const daysAround = 3
const nearMs = 30 * 60_000

/** The business dates on which it may have been paid, both included. */
export const daysOf = ({ occurredOn }: Pick<Sought, 'occurredOn'>) => ({
  from: addDays(occurredOn, -daysAround),
  to: addDays(occurredOn, daysAround),
})

export type Ranked<C> = { readonly credit: C; readonly rules: readonly TraceRule[] }

/** Only those that fit: by the transaction id, or by the amount within three days. Among equals the nearer in time. */
export const rankTraced = <C extends TracedCredit>(sought: Sought, credits: readonly C[]): Ranked<C>[] =>
  credits
    .map((credit) => ({ credit, rules: rulesFor(credit, sought) }))
    .filter(({ credit, rules }) => fits(credit, rules, sought))
    .sort(
      (a, b) =>
        weightOf(b) - weightOf(a) ||
        apartMs(a.credit, sought) - apartMs(b.credit, sought) ||
        (a.credit.id < b.credit.id ? -1 : 1),
    )

function fits({ paidAt }: TracedCredit, rules: readonly TraceRule[], sought: Sought): boolean {
  if (rules.includes('transaction_id')) return true
  const { from, to } = daysOf(sought)
  const day = businessDate(paidAt)
  const isOfAmount = rules.includes('amount_equal') || rules.includes('rest_equal')
  return isOfAmount && from <= day && day <= to
}

const weightOf = ({ rules }: Ranked<unknown>): number => rules.reduce((sum, rule) => sum + weights[rule], 0)

function rulesFor(credit: TracedCredit, sought: Sought): TraceRule[] {
  const { amount, transactionId, accountNumberLast4, occurredOn, occurredAt } = sought
  const isWhole = (credit.received ?? credit.amount) === amount
  const holds: Readonly<Record<TraceRule, boolean>> = {
    transaction_id: transactionId !== undefined && transactionId === credit.transactionId,
    amount_equal: isWhole,
    rest_equal: !isWhole && credit.amount === amount,
    account_last4: accountNumberLast4 !== undefined && credit.accountNumber.endsWith(accountNumberLast4),
    time_near: occurredAt !== undefined && apartMs(credit, sought) <= nearMs,
    same_day: businessDate(credit.paidAt) === occurredOn,
  }
  return traceRules.filter((rule) => holds[rule])
}

/** From the instant, or from noon of the day in Vietnam. */
const apartMs = ({ paidAt }: TracedCredit, { occurredOn, occurredAt }: Sought): number =>
  Math.abs(Date.parse(paidAt) - Date.parse(occurredAt ?? `${occurredOn}T12:00:00+07:00`))
