// The words of mandates: what may be asked of one, what can have happened to it, and why something was not done.
import type { MoneyData } from '../core/money.ts'
import type { Debit, DebitCommand, DebitEvent, Parties } from './debitEvents.ts'

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

type At = { readonly at: string }

/** Who ended a mandate: a merchant for the payer, or the payer's bank. */
export type EndedBy = 'merchant' | 'bank'

export type MandateCommand =
  | { readonly type: 'RequestMandate'; readonly data: MandateTerms & { readonly requestedAt: string } }
  | { readonly type: 'RecordRegistration'; readonly data: At & { readonly outcome: RegistrationOutcome } }
  | { readonly type: 'PauseMandate' | 'ResumeMandate' | 'CancelMandate'; readonly data: At }
  | DebitCommand

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
