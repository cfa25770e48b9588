// The bills that are named, as they stand: what each is owed, or why it cannot be paid.
import type { Gateway } from '../gateway.ts'
import type { IssuedBill } from './bill.ts'
import type { BillProfile } from './biller.ts'
import type { OwedBill } from './billOrder.ts'
import { owed } from './owed.ts'

export type NamedBill = { readonly id: string; readonly bill: IssuedBill }

/** In the order of the ids; undefined of one that does not exist. */
export const loadBills = (
  { bills }: Pick<Gateway, 'bills'>,
  ids: readonly string[],
): Promise<readonly (NamedBill | undefined)[]> =>
  Promise.all(
    ids.map(async (id) => {
      const { state } = await bills.load(id)
      return state.status === 'new' ? undefined : { id, bill: state }
    }),
  )

/** Open bills, the first due first, with what is owed on each at an instant. */
export const owedBills = (
  named: readonly NamedBill[],
  { lateFee }: BillProfile,
  at: string,
): readonly OwedBill[] =>
  named
    .filter(({ bill }) => bill.status === 'open')
    .toSorted((a, b) => compare(a.bill.dueOn, b.bill.dueOn) || compare(a.id, b.id))
    .map(({ id, bill }) => ({ billId: id, billNumber: bill.billNumber, ...owed(bill, lateFee, at) }))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
