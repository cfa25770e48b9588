// A column of balances after each row, oldest or newest row first: that it adds up shows that no row is missing.
import { fault } from './reader.ts'

type Known = { readonly amount: bigint; readonly balance: bigint }

export function runningBalance() {
  let first: Known | undefined
  let last: Known | undefined
  let between = 0n // the amounts of rows without a balance since the last one that has it
  let [rising, falling, complete] = [true, true, true]

  return {
    /** A row's amount, below zero for a debit, and the balance behind it. */
    add: (amount: bigint, balance: bigint | undefined, line: number): void => {
      if (balance === undefined) {
        complete = false
        between += amount
        return
      }
      if (last) {
        rising &&= last.balance + between + amount === balance
        falling &&= balance + between + last.amount === last.balance
        if (!rising && !falling) {
          const detail = `Line ${line}: the balance does not follow from the rows before it.`
          throw fault('statement_balance_differs', detail, '/balance')
        }
      }
      between = 0n
      last = { amount, balance }
      first ??= last
    },
    /** The balances before and after all rows, where each row has one. */
    end: (): { readonly opening: bigint; readonly closing: bigint } | undefined => {
      if (!complete || !first || !last) return undefined
      const [oldest, newest] = rising ? [first, last] : [last, first]
      return { opening: oldest.balance - oldest.amount, closing: newest.balance }
    },
  }
}
