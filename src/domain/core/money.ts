// Money: an integer number of minor units (đồng, cents) and its currency. Never a float.

/** ISO 4217 code, numeric code and minor-unit exponent of the currencies taken. */
export const currencies = {
  VND: { numeric: '704', exponent: 0 },
  USD: { numeric: '840', exponent: 2 },
  EUR: { numeric: '978', exponent: 2 },
  JPY: { numeric: '392', exponent: 0 },
  KRW: { numeric: '410', exponent: 0 },
  CNY: { numeric: '156', exponent: 2 },
  THB: { numeric: '764', exponent: 2 },
  SGD: { numeric: '702', exponent: 2 },
  LAK: { numeric: '418', exponent: 2 },
  KHR: { numeric: '116', exponent: 2 },
  BHD: { numeric: '048', exponent: 3 },
} as const satisfies Record<string, { numeric: string; exponent: number }>

export type Currency = keyof typeof currencies

export type Money = { readonly minor: bigint; readonly currency: Currency }

/** Money as events hold it: minor units as a decimal string, because JSON has no bigint. */
export type MoneyData = { readonly amount: string; readonly currency: Currency }

export type MoneyFault =
  | 'amount_malformed'
  | 'amount_decimals'
  | 'amount_zero'
  | 'amount_too_long'
  | 'currency_unknown'

const digitsMax = 15
const decimalPattern = /^(0|[1-9]\d*)(?:\.(\d+))?$/

const isCurrency = (code: string): code is Currency => Object.hasOwn(currencies, code)

/**
 * Reads an amount in major units as the API takes it: `"125000"` VND, `"12.50"` USD.
 * Refuses signs, exponents, spaces, leading zeros, surplus decimals, zero and more than 15 digits.
 */
export function parseMoney(amount: string, currency: string): Money | MoneyFault {
  if (!isCurrency(currency)) return 'currency_unknown'
  if (amount.length > digitsMax + 1) return 'amount_too_long'
  const parts = decimalPattern.exec(amount)
  if (!parts) return 'amount_malformed'
  const [, whole = '', decimals = ''] = parts
  if (whole.length + decimals.length > digitsMax) return 'amount_too_long'
  const { exponent } = currencies[currency]
  if (decimals.length > exponent) return 'amount_decimals'
  const minor = BigInt(whole + decimals.padEnd(exponent, '0'))
  return minor === 0n ? 'amount_zero' : { minor, currency }
}

/** Major units for JSON and people: `125000`, `12.50`. */
export function formatMoney({ minor, currency }: Money): string {
  const { exponent } = currencies[currency]
  if (exponent === 0) return minor.toString()
  const sign = minor < 0n ? '-' : ''
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0')
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

export const money = (minor: bigint, currency: Currency): Money => ({ minor, currency })
export const zero = (currency: Currency): Money => ({ minor: 0n, currency })
export const toData = ({ minor, currency }: Money): MoneyData => ({ amount: minor.toString(), currency })
export const fromData = ({ amount, currency }: MoneyData): Money => ({ minor: BigInt(amount), currency })

export const add = (a: Money, b: Money): Money => ({ ...a, minor: a.minor + amountIn(a.currency, b) })
export const subtract = (a: Money, b: Money): Money => ({ ...a, minor: a.minor - amountIn(a.currency, b) })
export const exceeds = (a: Money, b: Money): boolean => a.minor > amountIn(a.currency, b)
export const least = (a: Money, b: Money): Money => (exceeds(a, b) ? b : a)
export const isZero = ({ minor }: Money): boolean => minor === 0n

/** Adding dollars to đồng is a bug, never an input: callers compare currencies first. */
function amountIn(currency: Currency, { minor, currency: other }: Money): bigint {
  if (other !== currency) throw new Error(`${other} used as ${currency}`)
  return minor
}
