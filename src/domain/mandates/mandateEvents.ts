// The words of mandates: what may be asked of one, what can have happened to it, and why something was not done.
import type { Money, MoneyData } from '../core/money.ts'

/** Who is told: the biller, and who acts for the payer where that is another merchant. */
export type Parties = { readonly billerId: string; readonly agentId?: string }

/** What the payer agreed to. Nothing here names the payer or an account. */
export type MandateTerms = Parties & {
  /** As customerCodeKey gives it. */
  readonly customerCode: string
  /** By which the payer's bank knows the account and the consent. */
  readonly token: string
  /** The most that is debited for one bill, late fee and payer's fee included. */
  readonly cap: MoneyData
  /** Days between a notice and its debit. */
  readonly noticeDays: number
}

/** What the payer's bank says of a mandate. `pending`: it has not decided, or did not answer. */
export type RegistrationOutcome =
  | { readonly status: 'active' /** Of the account: four digits. */; readonly last4: string }
  | { readonly status: 'declined'; readonly reason: string }
  | { readonly status: 'pending' }

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

/** Who ended a mandate: a merchant for the payer, or the payer's bank. */
export type EndedBy = 'merchant' | 'bank'

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

export type MandateCommand =
  | { readonly type: 'RequestMandate'; readonly data: MandateTerms & { readonly requestedAt: string } }
  | { readonly type: 'RecordRegistration'; readonly data: At & { readonly outcome: RegistrationOutcome } }
  | { readonly type: 'PauseMandate' | 'ResumeMandate' | 'CancelMandate'; readonly data: At }
  | DebitCommand

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

export type MandateEvent =
  | { type: 'MandateRequested'; data: MandateTerms & { readonly requestedAt: string } }
  | {
      type: 'MandatePending'
      data: Parties & { readonly asks: number; readonly pendingAt: string; readonly askAt: string }
    }
  | { type: 'MandateActivated'; data: Parties & { readonly last4: string; readonly activatedAt: string } }
  | { type: 'MandateDeclined'; data: Parties & { readonly reason: string; readonly declinedAt: string } }
  | { type: 'MandatePaused'; data: Parties & { readonly pausedAt: string } }
  | { type: 'MandateResumed'; data: Parties & { readonly resumedAt: string } }
  | { type: 'MandateCanceled'; data: Parties & { readonly by: EndedBy; readonly canceledAt: string } }
  | DebitEvent

export type MandateRejection =
  | 'mandate_exists'
  | 'mandate_not_found'
  | 'mandate_not_active'
  | 'mandate_ended'
  | 'debit_not_announced'
  | 'debit_already_requested'
  | 'debit_not_due'
  | 'debit_over_cap'

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

export const mandateStatuses = ['requested', 'active', 'paused', 'declined', 'canceled'] as const

export type OpenedMandate = MandateTerms & {
  readonly status: (typeof mandateStatuses)[number]
  readonly requestedAt: string
  readonly last4?: string
  /** Why it was declined. */
  readonly reason?: string
  readonly canceledBy?: EndedBy
  /** How often the bank had not decided; when to ask (again), while it has not. */
  readonly asks: number
  readonly askAt?: string
  /** By bill, the first announced first. */
  readonly debits: ReadonlyMap<string, Debit>
}
export type Mandate = { readonly status: 'new' } | OpenedMandate
