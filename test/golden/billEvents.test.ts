// Golden files of billers' and bills' events, the shortest and the fullest of each.
import { expect, test } from 'vitest'
import type { BillEvent } from '../../src/domain/bills/bill.ts'
import type { BillerEvent } from '../../src/domain/bills/biller.ts'
import type { CustomerEvent } from '../../src/domain/bills/customer.ts'
import { electricity, fullBill, fullProfile, issued, plainProfile, upload } from '../domain/bills/samples.ts'

const setAt = upload.at
const { at } = upload
const paymentId = 'pay_7K3MA9QZXW4F2P8R60'
const samples: readonly (readonly [string, BillEvent | BillerEvent | CustomerEvent])[] = [
  ['BillProfileSet', { type: 'BillProfileSet', data: { profile: plainProfile, setAt } }],
  ['BillProfileSet.full', { type: 'BillProfileSet', data: { profile: fullProfile, setAt } }],
  ['BillIssued', issued()],
  ['BillIssued.full', issued(fullBill)],
  ['BillReissued', { type: 'BillReissued', data: { ...electricity, ...upload } }],
  ['BillReissued.full', { type: 'BillReissued', data: { ...fullBill, ...upload } }],
  ['BillCanceled', { type: 'BillCanceled', data: upload }],
  ['BillSuperseded', { type: 'BillSuperseded', data: { ...upload, by: 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ' } }],
  ['BillPaidElsewhere', { type: 'BillPaidElsewhere', data: upload }],
  ['BillLocked', { type: 'BillLocked', data: { paymentId, until: '2026-11-22T03:15:00.000Z', at } }],
  ['BillUnlocked', { type: 'BillUnlocked', data: { paymentId, at } }],
  [
    'BillPaymentReceived',
    {
      type: 'BillPaymentReceived',
      data: {
        billerId: electricity.billerId,
        paymentId,
        amount: electricity.amount,
        lateFee: { amount: '3000', currency: 'VND' },
        lateFeeLeft: { amount: '0', currency: 'VND' },
        quotedOn: '2026-11-22',
        receivedAt: at,
      },
    },
  ],
  ['BillPaid', { type: 'BillPaid', data: { billerId: electricity.billerId, paymentId, paidAt: at } }],
  [
    'BillPaymentPosted',
    {
      type: 'BillPaymentPosted',
      data: { billerId: electricity.billerId, paymentId, receiptNumber: 'HN-0001', at },
    },
  ],
  [
    'BillPaymentRefused',
    {
      type: 'BillPaymentRefused',
      data: { billerId: electricity.billerId, paymentId, reason: 'account_closed', at },
    },
  ],
  [
    'CustomerForgotten',
    {
      type: 'CustomerForgotten',
      data: { billerId: electricity.billerId, times: 1, forgottenAt: at },
    },
  ],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
