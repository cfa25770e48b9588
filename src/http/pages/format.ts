// Money and times as people in each language write them.
import { type Currency, formatMoney, type Money } from '../../domain/core/money.ts'
import type { Language } from './language.ts'

const locales = { vi: 'vi-VN', en: 'en-US' } as const satisfies Record<Language, string>
const timeZone = 'Asia/Ho_Chi_Minh'

/** `125.000 ₫` in Vietnamese, `₫125,000` in English. */
export const showMoney = (money: Money, language: Language): string =>
  showAmount(formatMoney(money), money.currency, language)

/** The same of an amount as the API says it: a decimal string in major units. */
export const showAmount = (amount: string, currency: string, language: Language): string =>
  moneyFormat(currency, language).format(amount as Intl.StringNumericLiteral)

/** The same for many amounts in minor units: making a format costs more than using it. */
export function moneyShower(currency: Currency, language: Language): (minor: bigint) => string {
  const format = moneyFormat(currency, language)
  return (minor) => format.format(formatMoney({ minor, currency }) as Intl.StringNumericLiteral)
}

const moneyFormat = (currency: string, language: Language) =>
  new Intl.NumberFormat(locales[language], { style: 'currency', currency })

/** A business date, as a day is written. */
export const showDay = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], { timeZone: 'UTC', dateStyle: 'long' }).format(new Date(date))

export const showNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(locales[language]).format(value)

/** Time first, as a receipt has it; always Vietnam's clock, wherever the reader is. */
export const showTime = (instant: string, language: Language): string => timeShower(language)(instant)

/** The same for many times. */
export function timeShower(language: Language): (instant: string) => string {
  const format = new Intl.DateTimeFormat(locales[language], {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  })
  return (instant) => format.format(new Date(instant))
}

/** A calendar day, `2026-11-30`: `30/11/2026` in Vietnamese, `11/30/2026` in English. */
export const showDate = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], {
    timeZone: 'UTC',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(new Date(`${date}T00:00:00Z`))

/** `14:59`, `1:00:00`; the checkout script counts on in the same shape. */
export function showRemaining(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = two(seconds % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}
