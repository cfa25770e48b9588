// Merchants and the accounts their money comes to, so that money which names no payment still finds its merchant.
import { taxKey } from '../src/domain/adoption/establishment.ts'
import type { MerchantEvent } from '../src/domain/merchants/merchant.ts'
import { projection, streamId } from './projection.ts'

export type MerchantRow = {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly district: string
  /** Digits only. */
  readonly taxCode: string
  readonly bankBin: string
  readonly accountNumber: string
}

type Registered = Extract<MerchantEvent, { type: 'MerchantRegistered' }>

export const merchants = projection<Registered, MerchantRow>({
  name: 'merchants_v2',
  columns: {
    id: 'text',
    name: 'text',
    sector: 'text',
    district: 'text',
    taxCode: 'text',
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
    taxCode: taxKey(event.data.taxCode),
    bankBin: event.data.settlementAccount.bankBin,
    accountNumber: event.data.settlementAccount.accountNumber,
  }),
})
