// The fields of MT940: balances, statement lines, information to the account owner, and the account.
import type { Direction, StatementLine } from '../../domain/settlement/bankStatement.ts'
import { dayOf, minorOf, opposite } from './reader.ts'

export type Balance = { readonly day: string; readonly currency: string; readonly minor: bigint }
export type Entry = Omit<StatementLine, 'line' | 'text'>

type Wrong = (detail: string) => Error

export function balanceOf(text: string, wrong: Wrong): Balance {
  const [, mark, date = '', currency = '', amount = ''] =
    /^([CD])(\d{6})([A-Z]{3})([\d,]{1,20})\s*$/.exec(text) ?? []
  const minor = mark && minorOf(amount.replace(',', '.'), currency)
  const day = shortDate(date)
  if (typeof minor !== 'bigint' || !day) throw wrong('not a balance such as C261121VND1250000,')
  return { day, currency, minor: mark === 'D' ? -minor : minor }
}

/** `YYMMDD` of this century. */
const shortDate = (date: string): string | undefined =>
  dayOf(`20${date.slice(0, 2)}`, date.slice(2, 4), date.slice(4, 6))

const statementLine =
  /^(\d{6})(\d{4})?(R?[CD])([A-Z])?([\d,]{1,16})([A-Z][A-Z0-9]{3})([^\n]{0,16}?)(?:\/\/([^\n]{1,16}))?(?:\n([\s\S]*))?$/

export function entryOf(text: string, currency: string, wrong: Wrong): { entry: Entry; text: string } {
  const parts = statementLine.exec(text.trimEnd())
  if (!parts) throw wrong('not a statement line (:61:).')
  const [, valued = '', booked, mark = '', , amount = '', , own = '', bank, supplement = ''] = parts
  const minor = minorOf(amount.replace(',', '.'), currency)
  const valueOn = shortDate(valued)
  const bookedOn = booked ? nearestYear(valueOn, booked) : valueOn
  if (minor === undefined || !valueOn || !bookedOn) throw wrong('an amount or a date that is none.')
  const direction: Direction = mark.endsWith('C') ? 'credit' : 'debit'
  const reversal = mark.startsWith('R')
  const customer = own.trim()
  return {
    entry: {
      direction: reversal ? opposite(direction) : direction,
      amount: { amount: minor.toString(), currency: currency as StatementLine['amount']['currency'] },
      bookedOn,
      valueOn,
      bankReferences: bank === undefined ? [] : [bank.trim()],
      ...(customer !== '' && customer !== 'NONREF' && { endToEndId: customer }),
      reversal,
    },
    text: supplement.trim(),
  }
}

/** A booking date has no year: it is near the value date. */
function nearestYear(valueOn: string | undefined, monthDay: string): string | undefined {
  if (!valueOn) return undefined
  const year = Number(valueOn.slice(0, 4))
  const dates = [year, year - 1, year + 1].map((one) =>
    dayOf(`${one}`, monthDay.slice(0, 2), monthDay.slice(2)),
  )
  const gap = (date: string) => Math.abs(Date.parse(date) - Date.parse(valueOn))
  return dates.filter((date) => date !== undefined).toSorted((a, b) => gap(a) - gap(b))[0]
}

/**
 * :86: as words in a row; of `?20…` subfields and `/EREF/…` what they are. Lines are joined without a space: banks break
 * words. `/EREF/` is the whole name of which :61: has room for sixteen characters.
 */
export function informationOf(
  information: string,
  supplement: string,
): Pick<StatementLine, 'text'> & Partial<Entry> {
  const joined = information.replaceAll('\n', '')
  const subfields = [...joined.matchAll(/\?(\d\d)([^?]*)/g)]
  const words = subfields.length === 0 ? joined : textOfSubfields(subfields)
  const named = /\/EREF\/([^/]{1,35})/.exec(words)?.[1]?.trim() ?? ''
  const accountNumber = subfields.find(([, code]) => code === '31')?.[2]?.trim()
  const bank = subfields.find(([, code]) => code === '30')?.[2]?.trim()
  const text = [words, supplement].filter((part) => part !== '').join(' ')
  return {
    text,
    ...(!/^(NONREF|NOTPROVIDED|)$/i.test(named) && { endToEndId: named }),
    ...(accountNumber && { counterparty: { ...(bank && { bank }), accountNumber } }),
  }
}

const textOfSubfields = (subfields: readonly RegExpMatchArray[]): string =>
  subfields
    .filter(([, code = '']) => /^(2\d|6[0-3])$/.test(code))
    .map(([, , text = '']) => text)
    .join('')

/** `BANK/ACCOUNT`, either alone, and a currency behind the number where the bank writes it. */
export function accountOf(text: string): { bank?: string; accountNumber: string; currency?: string } {
  const slash = text.indexOf('/')
  const bank = slash > 0 ? text.slice(0, slash) : undefined
  const [, accountNumber = '', currency] = /^(.*?)\s?(VND|USD|EUR)?$/.exec(text.slice(slash + 1)) ?? []
  return { ...(bank !== undefined && { bank }), accountNumber, ...(currency !== undefined && { currency }) }
}
