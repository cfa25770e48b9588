// The totals of a batch as elements 74 to 77, 81, 86 to 89 and 97 of a reconciliation message, and back.
import type { CloseResult } from '../../domain/pos/batch.ts'
import type { BatchTotals } from '../../domain/pos/batchTotals.ts'
import type { Fields } from './message.ts'

const counts = {
  74: 'creditCount',
  75: 'creditReversalCount',
  76: 'debitCount',
  77: 'debitReversalCount',
  81: 'authorizationCount',
} as const
const amounts = {
  86: 'creditAmount',
  87: 'creditReversalAmount',
  88: 'debitAmount',
  89: 'debitReversalAmount',
} as const
const countDigits = 10
const amountDigits = 16
const net = 97

export function totalsToFields(totals: BatchTotals): Fields {
  const padded = (names: Readonly<Record<number, keyof BatchTotals>>, digits: number) =>
    Object.entries(names).map(([de, name]) => [de, totals[name].padStart(digits, '0')])
  const owed = BigInt(totals.net)
  const sign = owed < 0n ? 'C' : 'D'
  const digits = (owed < 0n ? -owed : owed).toString().padStart(amountDigits, '0')
  return {
    ...Object.fromEntries([...padded(counts, countDigits), ...padded(amounts, amountDigits)]),
    [net]: sign + digits,
  }
}

/** Undefined when an element other than 81 is missing: many terminals do not count authorizations. */
export function totalsFromFields(fields: Fields): BatchTotals | undefined {
  const named = Object.entries({ ...counts, ...amounts }).map(
    ([de, name]) => [name, fields[Number(de)] ?? (name === 'authorizationCount' ? '0' : undefined)] as const,
  )
  const owed = fields[net]
  if (owed === undefined || named.some(([, value]) => value === undefined)) return undefined
  const plain = Object.fromEntries(named.map(([name, value]) => [name, BigInt(value!).toString()]))
  const size = BigInt(owed.slice(1))
  return { ...plain, net: (owed[0] === 'C' ? -size : size).toString() } as BatchTotals
}

/** DE66. */
export const settlementCode: Readonly<Record<CloseResult, string>> = {
  in_balance: '1',
  out_of_balance: '2',
  error: '3',
}
