// The port through which money leaves: what the bank of an account, or another provider, must be able to do.
import type { Money } from '../core/money.ts'
import type { TransferOutcome } from './transfer.ts'

export type BankAccount = { readonly bankBin: string; readonly accountNumber: string }

export type OutgoingTransfer = {
  /** The provider's idempotency key, where it has one. */
  readonly transferId: string
  readonly amount: Money
  /** Personal data: for the provider only, for no log. */
  readonly to: BankAccount
}

export type TransferConnector = {
  /** Sends once. Answers, or gives up and answers `unknown`, within 30 seconds; throwing is `unknown` too. */
  readonly send: (transfer: OutgoingTransfer) => Promise<TransferOutcome>
  /**
   * What became of a transfer that may have been sent. `failed` only where it is certain that it never will be carried
   * out: also for one that the provider never received.
   */
  readonly ask: (transfer: Omit<OutgoingTransfer, 'to'>) => Promise<TransferOutcome>
}
