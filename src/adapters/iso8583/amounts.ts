// Amounts in a message: twelve digits of minor units, in the currency of DE49.
import { type Currency, currencies, type Money } from '../../domain/core/money.ts'
import type { Fields } from './message.ts'
import { readReplacementAmounts } from './subelements.ts'

const byNumber: ReadonlyMap<string, Currency> = new Map(
  Object.entries(currencies).map(([name, { numeric }]) => [numeric, name as Currency]),
)

/** By its ISO 4217 number; undefined for one that is not taken here. */
export const currencyNumbered = (numeric: string): Currency | undefined => byNumber.get(numeric)

/** A message that names no currency means đồng. Undefined: none that is taken here. */
export const currencyIn = ({ 49: numeric }: Fields): Currency | undefined =>
  numeric === undefined ? 'VND' : currencyNumbered(numeric)

/** DE4. */
export function amountIn(fields: Fields): Money | undefined {
  const currency = currencyIn(fields)
  const digits = fields[4]
  return currency && digits !== undefined ? { minor: BigInt(digits), currency } : undefined
}

/** What remains of the transaction (DE95); undefined where the message does not say, or not in the right form. */
export function replacementIn(fields: Fields): bigint | undefined {
  if (fields[95] === undefined) return undefined
  const amounts = readReplacementAmounts(fields[95])
  return 'code' in amounts ? undefined : BigInt(amounts.transaction)
}

export const amountDigits = (minor: bigint): string => minor.toString().padStart(12, '0')
