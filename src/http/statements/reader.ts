// What every reader of a bank statement gives, and the checks that all of them share: one account, one currency, balances that add up.

import { type Currency, currencies, formatMoney, money } from '../../domain/core/money.ts'
import type {
  Direction,
  StatementFormat,
  StatementHead,
  StatementLine,
} from '../../domain/settlement/bankStatement.ts'
import { signed } from '../../domain/settlement/bankStatement.ts'
import { Problem, type ProblemCode } from '../problem.ts'

/** Reads a file's text as it comes; throws the problem of one that cannot be taken. */
export type StatementReader = {
  readonly push: (text: string) => readonly StatementLine[]
  readonly end: () => { readonly lines: readonly StatementLine[]; readonly head: StatementHead }
}

export type StatementFault = Extract<
  ProblemCode,
  | 'statement_unreadable'
  | 'statement_dtd_refused'
  | 'statement_balance_differs'
  | 'statement_account_differs'
  | 'statement_currency_differs'
>

export const fault = (code: StatementFault, detail: string, pointer = ''): Problem =>
  new Problem(code, { errors: [{ pointer, detail }] })

export const unreadable = (detail: string, pointer = ''): Problem =>
  fault('statement_unreadable', detail, pointer)

export const linePointer = (line: number): string => `/lines/${line}`

/** One statement of a file: of a day, or a page. */
export type Part = {
  readonly accountNumber: string | undefined
  readonly bank?: string | undefined
  readonly currency: string | undefined
  readonly opening?: bigint | undefined
  readonly closing?: bigint | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Counts and checks what a reader finds. A line of no money is no line: the answer is undefined. */
export function statementBook(format: StatementFormat) {
  let count = 0
  let sum = 0n
  let days: Days | undefined
  let lineDays: Days | undefined
  let lineCurrency: string | undefined
  let head: StatementHead | undefined

  const add = (line: Omit<StatementLine, 'line'>): StatementLine | undefined => {
    if (line.amount.amount === '0') return undefined
    count += 1
    const { currency } = line.amount
    if (lineCurrency !== undefined && lineCurrency !== currency)
      throw fault('statement_currency_differs', `${currency} among ${lineCurrency}.`, linePointer(count))
    lineCurrency = currency
    sum += signed(line)
    lineDays = widened(lineDays, line.bookedOn, line.bookedOn)
    return { line: count, ...line }
  }

  /** The lines since the last part are this part's. */
  const close = (part: Part): void => {
    const { accountNumber, bank, opening, closing } = part
    const currency = part.currency ?? lineCurrency
    if (accountNumber === undefined || accountNumber === '')
      throw unreadable('It does not name its account.', '/account')
    if (currency === undefined) throw unreadable('It does not name its currency.', '/currency')
    if (lineCurrency !== undefined && lineCurrency !== currency)
      throw fault('statement_currency_differs', `Lines in ${lineCurrency} on an account in ${currency}.`)
    if (head && head.accountNumber !== accountNumber)
      throw fault('statement_account_differs', 'Send each account in a file of its own.', '/account')
    if (head && head.currency !== currency)
      throw fault('statement_currency_differs', `${currency} after ${head.currency}.`, '/currency')
    checkBalance(opening, sum, closing, currency)
    if (head?.closing !== undefined && opening !== undefined && head.closing !== opening)
      throw fault('statement_balance_differs', 'It opens with another balance than the one before it closes.')
    const period = periodOf(part, lineDays)
    if (period) days = widened(days, ...period)
    lineDays = undefined
    if (!days) throw unreadable('It has no line and does not say of which days it is.')
    const first = head ? head.opening : opening
    head = {
      format,
      accountNumber,
      ...(bank !== undefined && { bank }),
      currency,
      ...(first !== undefined && { opening: first }),
      ...(closing !== undefined && { closing }),
      from: days[0],
      to: days[1],
    }
    sum = 0n
  }

  return {
    add,
    close,
    count: () => count,
    head: (): StatementHead => {
      if (!head) throw unreadable('There is no statement in this file.')
      return head
    },
  }
}

type Days = readonly [from: string, to: string]

/** What a statement says of its own days goes before those of its lines; of an end that it does not name, lines tell. */
function periodOf({ from, to }: Part, lineDays: Days | undefined): Days | undefined {
  if (from !== undefined && to !== undefined) return [from, to > from ? to : from]
  const said = from ?? to
  return said === undefined ? lineDays : widened(lineDays, said, said)
}

const widened = (days: Days | undefined, from: string, to: string): Days => [
  days && days[0] < from ? days[0] : from,
  days && days[1] > to ? days[1] : to,
]

function checkBalance(
  opening: bigint | undefined,
  sum: bigint,
  closing: bigint | undefined,
  currency: string,
) {
  if (opening === undefined || closing === undefined || opening + sum === closing) return
  const show = (minor: bigint) => formatMoney(money(minor, currency as Currency))
  throw fault(
    'statement_balance_differs',
    `${show(opening)} and lines of ${show(sum)} are ${show(opening + sum)}, and it closes with ${show(closing)}.`,
    '/closing',
  )
}

const decimal = /^(\d{1,18})(?:\.(\d{0,6}))?$/

/** Minor units of an amount with a point before decimals; undefined where it is none. Decimals that the currency has not may be zeros. */
export function minorOf(text: string, currency: string): bigint | undefined {
  if (!Object.hasOwn(currencies, currency))
    throw fault('statement_currency_differs', `${currency.slice(0, 10)} is not taken here.`, '/currency')
  const { exponent } = currencies[currency as Currency]
  const [, whole, decimals = ''] = decimal.exec(text) ?? []
  if (whole === undefined || /[1-9]/.test(decimals.slice(exponent))) return undefined
  return BigInt(whole + decimals.slice(0, exponent).padEnd(exponent, '0'))
}

/** A day of the calendar, `2026-11-21`; undefined where it is none. */
export function dayOf(year: string, month: string, day: string): string | undefined {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? date : undefined
}

export const opposite = (direction: Direction): Direction => (direction === 'credit' ? 'debit' : 'credit')
