// Bills of the demo's electricity company, so that a newcomer has some to find and pay. Sent with the first start only.
import type { BillProfile } from '../domain/bills/biller.ts'
import { addDays, businessDate } from '../domain/core/businessDay.ts'
import { billId, billName } from '../domain/core/ids.ts'
import type { IssueRow } from './billRow.ts'
import type { GoodRow } from './checkBills.ts'
import type { Services } from './services.ts'
import { takeBills } from './takeBills.ts'

const profile: BillProfile = {
  customerCode: { check: 'evn' },
  amountRule: { exactness: 'EXACT' },
  partialPayment: { allowed: false },
  lateFee: { kind: 'rate', percentPerDay: '0.05', graceDays: 3 },
  cutOffAfterDays: 15,
  feeBorneBy: 'biller',
}

/** Whose bills may be looked for: one owes one bill, one owes two of which one is late, one owes nothing any more. */
export const demoCustomers = ['PD01000000001', 'PD01000000002', 'PD01000000003'] as const

type DemoBill = {
  readonly of: (typeof demoCustomers)[number]
  readonly number: string
  readonly amount: string
  /** Days from the first start. */
  readonly dueIn: number
}
const demoBills: readonly DemoBill[] = [
  { of: demoCustomers[0], number: 'BD-0001', amount: '734500', dueIn: 7 },
  { of: demoCustomers[1], number: 'BD-0002', amount: '1250000', dueIn: -10 },
  { of: demoCustomers[1], number: 'BD-0003', amount: '1180500', dueIn: 7 },
  { of: demoCustomers[2], number: 'BD-0004', amount: '96000', dueIn: 7 },
]

/** Sends them, unless they were sent before. */
export async function openDemoBills(billerId: string, services: Services): Promise<void> {
  const { gateway, now } = services
  const at = now().toISOString()
  const today = businessDate(at)
  const metadata = { actor: 'demo' }
  if ((await gateway.billers.load(billerId)).state.status === 'set') return
  const upload = { billerId, uploadId: 'upl_DEM00000000000B1', at, actor: 'demo' }
  const good = (line: number, row: GoodRow['row']): GoodRow => ({
    line,
    id: billId(services.crypto.digest(billName(billerId, row.billNumber))),
    row,
  })
  await takeBills(
    demoBills.map((bill, at) => good(at + 1, rowOf(bill, today))),
    upload,
    services,
  )
  await takeBills([good(5, { kind: 'paid', billNumber: 'BD-0004' })], upload, services)
  const set = { type: 'SetBillProfile', data: { profile, setAt: at } } as const
  await gateway.billers.handle(billerId, set, metadata) // last: what is cut off before begins anew
}

const rowOf = ({ of, number, amount, dueIn }: DemoBill, today: string): IssueRow => ({
  kind: 'issue',
  billNumber: number,
  customerCode: of,
  customer: JSON.stringify({ name: 'Khách hàng thử' }),
  period: today.slice(0, 7),
  amount: { amount, currency: 'VND' },
  issuedOn: addDays(today, dueIn - 15),
  dueOn: addDays(today, dueIn),
})
