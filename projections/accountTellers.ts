// Which connectors have told of money on which bank account, and when last: in their name a statement's money is taken.
import type { CreditEvent } from '../src/domain/payments/credit.ts'
import { projection } from './projection.ts'

export type AccountTellerRow = {
  readonly accountNumber: string
  readonly bankBin: string
  readonly connectorId: string
  /** When the last credit was received, RFC 3339 UTC. */
  readonly toldAt: string
}

type Received = Extract<CreditEvent, { type: 'CreditReceived' }>

export const accountTellers = projection<Received, AccountTellerRow>({
  name: 'account_tellers_v1',
  columns: { accountNumber: 'text', bankBin: 'text', connectorId: 'text', toldAt: 'text' },
  key: ['accountNumber', 'bankBin', 'connectorId'],
  indexes: [],
  handles: ['CreditReceived'],
  concerns: ({ data }) => data.accountNumber !== '',
  keyOf: ({ data }) => [data.accountNumber, data.bankBin, data.connectorId],
  evolve: (row, { data: { accountNumber, bankBin, connectorId, receivedAt } }) =>
    row && row.toldAt >= receivedAt ? row : { accountNumber, bankBin, connectorId, toldAt: receivedAt },
})
