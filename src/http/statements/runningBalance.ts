// A column of balances after each row, oldest or newest row first: that it adds up shows that no row is missing.
import { fault } from './reader.ts'

export function runningBalance() {
  let first: { readonly amount: bigint; readonly balance: bigint } | undefined
  let last: { readonly amount: bigint; readonly balance: bigint } | undefined
  let [rising, falling, complete] = [true, true, true]

  return {
    /** A row's amount, below zero for a debit, and the balance behind it. */
    add: (amount: bigint, balance: bigint | undefined): void => {
      if (balance === undefined) {
        complete = false
        return
      }
      if (last) {
        rising &&= last.balance + amount === balance
        falling &&= balance + last.amount === last.balance
      }
      last = { amount, balance }
      first ??= last
    },
    /** The balances before and after all rows, where each row has one. */
    end: (): { readonly opening: bigint; readonly closing: bigint } | undefined => {
      if (!complete || !first || !last) return undefined
      if (!rising && !falling)
        throw fault(
          'statement_balance_differs',
          'The balances of the rows do not follow from each other.',
          '/balance',
        )
      const [oldest, newest] = rising ? [first, last] : [last, first]
      return { opening: oldest.balance - oldest.amount, closing: newest.balance }
    },
  }
}
