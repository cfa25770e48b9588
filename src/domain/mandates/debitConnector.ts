// The port through which a payer's bank or wallet takes a mandate and carries out its debits.
import type { Money } from '../core/money.ts'
import type { BankAccount } from '../payments/transferConnector.ts'
import type { DebitOutcome } from './debitEvents.ts'
import type { RegistrationOutcome } from './mandateEvents.ts'

export type Registration = {
  readonly mandateId: string
  readonly token: string
  readonly cap: Money
  readonly noticeDays: number
}

export type DebitOrder = {
  /** One for each mandate and bill, for ever: the provider's idempotency key. */
  readonly debitId: string
  readonly mandateId: string
  readonly token: string
  readonly amount: Money
  /** The biller's account. The money comes in as a credit notification like any other. */
  readonly to: BankAccount
  /** The transfer text, which names the payment. */
  readonly content: string
}

/** Reasons are codes (`insufficient_funds`, `mandate_revoked`): any other text is recorded as `other`. */
export type DebitConnector = {
  /** Registers a mandate, or says how it stands: the same one again is no second one. Throwing is `pending`. */
  readonly register: (registration: Registration) => Promise<RegistrationOutcome>
  /** Debits once. Answers, or gives up and answers `unknown`, within 30 seconds; throwing is `unknown` too. */
  readonly debit: (order: DebitOrder) => Promise<DebitOutcome>
  /**
   * What became of a debit that may have been asked for. `declined` only where it is certain that it never will be carried
   * out: also for one that the provider never received.
   */
  readonly ask: (order: DebitOrder) => Promise<DebitOutcome>
}
