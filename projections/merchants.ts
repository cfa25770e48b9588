// Merchants and the accounts their money comes to, so that money which names no payment still finds its merchant.
import type { MerchantEvent } from '../src/domain/merchants/merchant.ts'
import { projection, streamId } from './projection.ts'

export type MerchantRow = {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly district: string
  readonly bankBin: string
  readonly accountNumber: string
}

type Registered = Extract<MerchantEvent, { type: 'MerchantRegistered' }>

export const merchants = projection<Registered, MerchantRow>({
  name: 'merchants_v1',
  columns: {
    id: 'text',
    name: 'text',
    sector: 'text',
    district: 'text',
    bankBin: 'text',
    accountNumber: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['bankBin', 'accountNumber'] }],
  handles: ['MerchantRegistered'],
  keyOf: (event) => [streamId(event)],
  evolve: (_row, event) => ({
    id: streamId(event),
    name: event.data.name,
    sector: event.data.sector,
    district: event.data.district,
    bankBin: event.data.settlementAccount.bankBin,
    accountNumber: event.data.settlementAccount.accountNumber,
  }),
})
