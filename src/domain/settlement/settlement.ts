// A settlement: what a merchant is owed for one business date in one currency, cut out of the log between two positions, and paid.
import { accept, type Decision, reject } from '../core/decider.ts'
import { merchantCode } from '../core/ids.ts'
import type { Currency } from '../core/money.ts'
import type { PayoutCycle } from './bankCalendar.ts'
import type { CutOff } from './cutOff.ts'
import {
  decidePayout,
  evolvePayouts,
  firstAttempt,
  isPayoutEvent,
  type Payable,
  type Payout,
  type PayoutAccount,
  type PayoutCommand,
  type PayoutEvent,
  type PayoutRejection,
  payoutRequested,
} from './payout.ts'

/** Amounts are minor units of the currency, as text. */
export type Closed = {
  readonly merchantId: string
  readonly businessDate: string
  readonly currency: Currency
  readonly gross: string
  readonly refunds: string
  readonly chargebacks: string
  readonly fees: string
  readonly vat: string
  readonly reserve: string
  /** What the settlement before left negative: zero or less. */
  readonly carriedIn: string
  /** Gross less the five after it, and what was carried in. */
  readonly net: string
  /** Entries: events that moved the merchant's money. */
  readonly count: number
  /** How many of them are of an earlier business date and came too late for it. */
  readonly late: number
  /** The entries are those recorded after one position, up to and with the other. */
  readonly fromPosition: string
  readonly toPosition: string
  /** SHA-256 over the lines of the report, in hex. */
  readonly hash: string
  readonly cutOff: CutOff
  readonly cutAt: string
  /** The number of the cut that it was part of. */
  readonly cut: number
  readonly payoutCycle: PayoutCycle
  readonly valueDate: string
  /** Where the merchant wanted its money at that time; absent: it had named no account. */
  readonly account?: PayoutAccount
  readonly closedAt: string
}

export type SettlementCommand = { type: 'CloseSettlement'; data: Closed } | PayoutCommand
export type SettlementEvent = { type: 'SettlementClosed'; data: Closed } | PayoutEvent
export type SettlementRejection = 'settlement_not_found' | PayoutRejection

export type ClosedSettlement = Closed & { readonly status: 'closed'; readonly payouts: readonly Payout[] }
export type Settlement = { readonly status: 'new' } | ClosedSettlement

export const initialState = (): Settlement => ({ status: 'new' })

/** `set_`, the merchant's code, the business date and the currency: there is one of each, so twice is once. */
export const settlementId = (merchantId: string, businessDate: string, currency: string): string =>
  `set_${merchantCode(merchantId)}${businessDate.replaceAll('-', '')}${currency}`

export const isSettlementId = (text: string): boolean => /^set_[0-9A-HJKMNP-TV-Z]{5}\d{8}[A-Z]{3}$/.test(text)

export function decide(
  command: SettlementCommand,
  state: Settlement,
): Decision<SettlementEvent, SettlementRejection> {
  if (command.type === 'CloseSettlement') return state.status === 'new' ? close(command.data) : accept()
  return state.status === 'new'
    ? reject('settlement_not_found')
    : decidePayout(command, { ...payableOf(state), payouts: state.payouts })
}

/** A net of more than nothing is paid at once, where there is an account; less than nothing is carried into the next. */
function close(data: Closed): Decision<SettlementEvent, never> {
  const closed = { type: 'SettlementClosed', data } as const
  if (BigInt(data.net) <= 0n || !data.account) return accept(closed)
  const { account, valueDate, closedAt } = data
  return accept<SettlementEvent>(
    closed,
    payoutRequested(payableOf(data), { account, valueDate }, firstAttempt, closedAt),
  )
}

const payableOf = ({ merchantId, businessDate, currency, net }: Closed): Omit<Payable, 'payouts'> => ({
  settlementId: settlementId(merchantId, businessDate, currency),
  merchantId,
  businessDate,
  due: { amount: net, currency },
})

export function evolve(state: Settlement, event: SettlementEvent): Settlement {
  if (isPayoutEvent(event))
    return state.status === 'new' ? state : { ...state, payouts: evolvePayouts(state.payouts, event) }
  return { ...event.data, status: 'closed', payouts: [] }
}

/** What the next settlement begins with. */
export const carriedOut = (net: bigint): bigint => (net < 0n ? net : 0n)
