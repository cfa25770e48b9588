// Which lines of two statements are the same line: what they say, and, of equal ones, which of them.
import type { BankAccount } from '../payments/transferConnector.ts'
import type { StatementLine } from './bankStatement.ts'

/**
 * Equal for a line that is sent again in an overlapping statement, also in another format where the bank names its
 * transactions; two true lines that say the same are told apart by `occurrence`.
 */
export function lineIdentity({ bankBin, accountNumber }: BankAccount, line: StatementLine): string {
  const { direction, amount, bookedOn, reversal, bankReferences, endToEndId, text, counterparty } = line
  const [reference] = bankReferences
  const said = reference === undefined ? [endToEndId, counterparty?.accountNumber, text] : [reference]
  const facts = [bankBin, accountNumber, direction, amount.amount, amount.currency, bookedOn, reversal]
  return JSON.stringify([...facts, ...said])
}

/** Numbers equal texts from 1 in the order in which they come. */
export function occurrences(): (identity: string) => number {
  const seen = new Map<string, number>()
  return (identity) => {
    const occurrence = (seen.get(identity) ?? 0) + 1
    seen.set(identity, occurrence)
    return occurrence
  }
}
