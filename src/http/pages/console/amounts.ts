// Arithmetic on amounts as the API writes them: whole minor units, never floats.
import { type Currency, formatMoney, money } from '../../../domain/core/money.ts'

/** The API writes all decimals of a currency, so without the point they are minor units. */
const minorOf = (amount: string): bigint => BigInt(amount.replace('.', ''))

export const sumOf = (amounts: readonly string[], currency: string): string =>
  formatMoney(
    money(
      amounts.reduce((sum, amount) => sum + minorOf(amount), 0n),
      currency as Currency,
    ),
  )

export const less = (amount: string, taken: string, currency: string): string =>
  formatMoney(money(minorOf(amount) - minorOf(taken), currency as Currency))

export const isNothing = (amount: string): boolean => minorOf(amount) <= 0n

/** As people write đồng, `125.000`, as the API takes it; anything else is left for the API to judge. */
export const typedAmount = (text: string): string =>
  /^\d{1,3}([., ]\d{3})+$/.test(text) ? text.replace(/[., ]/g, '') : text
