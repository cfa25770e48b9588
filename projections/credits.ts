// Every credit on a bank account as our books have it, for the day when the bank's statement comes.
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { CreditEvent } from '../src/domain/payments/credit.ts'
import { projection, streamId } from './projection.ts'

export type CreditRow = {
  readonly id: string
  readonly connectorId: string
  readonly bankBin: string
  readonly accountNumber: string
  readonly currency: string
  readonly amount: bigint
  /** Business date. */
  readonly creditedOn: string
  /** What the bank calls it. */
  readonly transactionId: string
  /** The first payment that it names. */
  readonly reference: string | null
}

type Received = Extract<CreditEvent, { type: 'CreditReceived' }>

export const credits = projection<Received, CreditRow>({
  name: 'credits_v1',
  columns: {
    id: 'text',
    connectorId: 'text',
    bankBin: 'text',
    accountNumber: 'text',
    currency: 'text',
    amount: 'money',
    creditedOn: 'text',
    transactionId: 'text',
    reference: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['accountNumber', 'creditedOn', 'id'] }],
  handles: ['CreditReceived'],
  concerns: ({ data }) => data.accountNumber !== '', // what a provider collects is on no statement of ours
  begins: 'CreditReceived',
  keyOf: (event) => [streamId(event)],
  evolve: (_row, event) => ({
    id: streamId(event),
    connectorId: event.data.connectorId,
    bankBin: event.data.bankBin,
    accountNumber: event.data.accountNumber,
    currency: event.data.amount.currency,
    amount: BigInt(event.data.amount.amount),
    creditedOn: businessDate(event.data.occurredAt),
    transactionId: event.data.transactionId,
    reference: event.data.references[0] ?? null,
  }),
})
