// What the steps of one reconciliation share: the statement, its account, and what has been found so far.
import type { Metadata } from '../../domain/core/eventStore.ts'
import type { BankAccount } from '../../domain/payments/transferConnector.ts'
import type { NearBounds } from '../../domain/settlement/nearItems.ts'
import type { Services } from '../services.ts'
import type { Tellers } from './connectorFor.ts'
import type { KeptStatement } from './spoolStatement.ts'

export type Job = {
  readonly statementId: string
  readonly account: BankAccount
  /** Payouts leave from the account. */
  readonly paysOut: boolean
  readonly tellers: Tellers
  readonly kept: KeptStatement
  readonly metadata: Metadata
}

export type Run = Job & {
  readonly services: Services
  /** Ids of the items that a line of this statement is. */
  readonly found: Set<string>
  readonly at: string
  /** How many open items are looked at together. */
  readonly bounds: NearBounds
}
