// Golden files of billers' and bills' events, the shortest and the fullest of each.
import { expect, test } from 'vitest'
import type { BillEvent } from '../../src/domain/bills/bill.ts'
import type { BillerEvent } from '../../src/domain/bills/biller.ts'
import { electricity, fullBill, fullProfile, issued, plainProfile, upload } from '../domain/bills/samples.ts'

const setAt = upload.at
const samples: readonly (readonly [string, BillEvent | BillerEvent])[] = [
  ['BillProfileSet', { type: 'BillProfileSet', data: { profile: plainProfile, setAt } }],
  ['BillProfileSet.full', { type: 'BillProfileSet', data: { profile: fullProfile, setAt } }],
  ['BillIssued', issued()],
  ['BillIssued.full', issued(fullBill)],
  ['BillReissued', { type: 'BillReissued', data: { ...electricity, ...upload } }],
  ['BillReissued.full', { type: 'BillReissued', data: { ...fullBill, ...upload } }],
  ['BillCanceled', { type: 'BillCanceled', data: upload }],
  ['BillSuperseded', { type: 'BillSuperseded', data: { ...upload, by: 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ' } }],
  ['BillPaidElsewhere', { type: 'BillPaidElsewhere', data: upload }],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
