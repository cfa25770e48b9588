// Bills and profiles that tests share.
import type { BillEvent, BillTerms } from '../../../src/domain/bills/bill.ts'
import type { BillProfile } from '../../../src/domain/bills/biller.ts'

export const upload = { uploadId: 'upl_7K3MA9QZXW4F2P8R', at: '2026-11-22T03:00:00.000Z' }
export const laterUpload = { uploadId: 'upl_9QZXW4F2P8R7K3MA', at: '2026-11-23T03:00:00.000Z' }

export const electricity: BillTerms = {
  billerId: 'mer_7K3MA',
  billNumber: 'HD-2026-11-000001',
  customerCode: 'PD13000123456',
  amount: { amount: '1250000', currency: 'VND' },
  issuedOn: '2026-11-05',
  dueOn: '2026-11-12',
}
export const fullBill: BillTerms = { ...electricity, customer: 'v1.key.sealed', period: '2026-11' }

export const issued = (terms = electricity): BillEvent => ({
  type: 'BillIssued',
  data: { ...terms, ...upload },
})

export const plainProfile: BillProfile = {
  customerCode: { check: 'evn' },
  amountRule: { exactness: 'EXACT' },
  partialPayment: { allowed: false },
  feeBorneBy: 'biller',
}
export const fullProfile: BillProfile = {
  customerCode: { check: 'patterns', patterns: ['HN######', 'KH@@****'] },
  amountRule: { exactness: 'RANGE', min: '10000', max: '5000000', multiple: '1000' },
  partialPayment: { allowed: true, order: 'late-fee-last' },
  lateFee: { kind: 'rate', percentPerDay: '0.03', graceDays: 3 },
  cutOffAfterDays: 15,
  feeBorneBy: 'payer',
}
