// The words of debits under a mandate: what may be asked of one, what can have happened to it, and how it stands.
import type { Money, MoneyData } from '../core/money.ts'

/** Who is told: the biller, and who acts for the payer where that is another merchant. */
export type Parties = { readonly billerId: string; readonly agentId?: string }

/** What the payer's bank says of a debit. `unknown`: no answer, or none yet. It may or may not have been carried out. */
export type DebitOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'declined'; readonly reason: string }
  | { readonly status: 'unknown' }

/** By which a bank says that the payer has taken the mandate back there: it ends here, too. */
export const mandateRevoked = 'mandate_revoked'

/** Why a bill is not debited. `payment_ended`: the payment lapsed before the bank was asked. */
export type SkipReason =
  | 'paid_elsewhere'
  | 'bill_canceled'
  | 'customer_changed'
  | 'over_cap'
  | 'amount_not_allowed'
  | 'mandate_paused'
  | 'mandate_canceled'
  | 'payment_ended'

type At = { readonly at: string }
type OfBill = { readonly billId: string }

export type DebitCommand =
  /** `because`: when that happened for which the bill is to be debited; `dueOn`: the bill's business date. */
  | {
      readonly type: 'AnnounceDebit'
      readonly data: OfBill &
        At & { readonly amount: MoneyData; readonly dueOn: string; readonly because: string }
    }
  | { readonly type: 'SkipDebit'; readonly data: OfBill & At & { readonly reason: SkipReason } }
  | {
      readonly type: 'RequestDebit'
      readonly data: OfBill & At & { readonly paymentId: string; readonly amount: MoneyData }
    }
  | { readonly type: 'RecordDebitOutcome'; readonly data: OfBill & At & { readonly outcome: DebitOutcome } }

type OfDebit = Parties & OfBill
type Paying = OfDebit & { readonly paymentId: string; readonly amount: MoneyData }

/** `attempt`: from 1, how often a debit of this bill was announced or skipped at once. */
export type DebitEvent =
  | {
      type: 'DebitAnnounced'
      data: OfDebit & {
        readonly attempt: number
        /** As known then. */
        readonly amount: MoneyData
        /** A business date, and the instant on it before which nothing is debited. */
        readonly debitOn: string
        readonly debitAt: string
        readonly announcedAt: string
      }
    }
  | {
      type: 'DebitSkipped'
      data: OfDebit & { readonly attempt: number; readonly reason: SkipReason; readonly skippedAt: string }
    }
  /** Recorded before the bank is asked: whatever happens then, it is never asked to debit again, only asked about. */
  | { type: 'DebitRequested'; data: Paying & { readonly requestedAt: string; readonly askAt: string } }
  | {
      type: 'DebitUnknown'
      data: OfDebit & { readonly asks: number; readonly unknownAt: string; readonly askAt: string }
    }
  | { type: 'DebitCompleted'; data: Paying & { readonly completedAt: string } }
  | { type: 'DebitDeclined'; data: Paying & { readonly reason: string; readonly declinedAt: string } }

export const debitStatuses = [
  'announced',
  'skipped',
  'requested',
  'unknown',
  'completed',
  'declined',
] as const

export type Debit = {
  readonly billId: string
  readonly attempt: number
  readonly status: (typeof debitStatuses)[number]
  readonly amount?: Money
  readonly debitOn?: string
  readonly debitAt?: string
  readonly paymentId?: string
  /** Why it was skipped or declined. */
  readonly reason?: string
  readonly skippedAt?: string
  /** How often the bank was asked and did not know; when to ask (again), while the outcome is open. */
  readonly asks: number
  readonly askAt?: string
}
