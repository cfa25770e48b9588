// A settlement as it is closed, for the tests of its rules and its golden files.
import type { Closed } from '../../../src/domain/settlement/settlement.ts'

export const account = { bankBin: '970422', accountNumber: '0123456789', accountName: 'CONG TY HOA SEN' }
export const id = 'set_7K3MA20261122VND'
export const at = '2026-11-22T17:00:12.000Z'

export const closing: Closed = {
  merchantId: 'mer_7K3MA',
  businessDate: '2026-11-22',
  currency: 'VND',
  gross: '200000',
  refunds: '25000',
  chargebacks: '0',
  fees: '2000',
  vat: '160',
  reserve: '0',
  carriedIn: '-1000',
  net: '171840',
  count: 3,
  late: 1,
  fromPosition: '0000000000000007',
  toPosition: '0000000000000042',
  hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  cutOff: '24:00',
  cutAt: '2026-11-22T17:00:00.000Z',
  cut: 8,
  payoutCycle: 'T+1',
  valueDate: '2026-11-23',
  account,
  closedAt: at,
}
const { account: _, ...rest } = closing
export const withoutAccount: Closed = rest

export const amount = { amount: '171840', currency: 'VND' } as const
export const first = {
  endToEndId: 'SET7K3MA20261122VND-1',
  merchantId: closing.merchantId,
  businessDate: closing.businessDate,
  attempt: 1,
  amount,
  account,
  valueDate: '2026-11-23',
  requestedAt: at,
}
export const told = { endToEndId: first.endToEndId, merchantId: closing.merchantId, amount, at }
