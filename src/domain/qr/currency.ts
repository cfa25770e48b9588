// The currency that object 53 names by its ISO 4217 number.
import { currencies } from '../core/money.ts'

type NumberedCurrency = { readonly code: string; readonly exponent: number }

const byNumber: ReadonlyMap<string, NumberedCurrency> = new Map(
  Object.entries(currencies).map(([code, { numeric, exponent }]) => [numeric, { code, exponent }]),
)

/** Undefined for a number that is absent or of a currency the gateway does not take. */
export const currencyOf = (number: string | undefined): NumberedCurrency | undefined =>
  number === undefined ? undefined : byNumber.get(number)
