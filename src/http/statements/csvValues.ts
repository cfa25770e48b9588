// Days and amounts in the cells of a CSV statement, as its profile writes them.
import { businessDate } from '../../domain/core/businessDay.ts'
import type { Direction } from '../../domain/settlement/bankStatement.ts'
import type { CsvProfile } from './csvProfiles.ts'
import { type Cells, plain } from './csvTable.ts'
import { dayOf, linePointer, minorOf, unreadable } from './reader.ts'

export const isInstant = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))

export function readDay(text: string, { days }: CsvProfile): string | undefined {
  if (isInstant(text)) return businessDate(new Date(text).toISOString())
  const iso = /^(\d{4})-(\d\d)-(\d\d)/.exec(text)
  if (iso) return dayOf(iso[1]!, iso[2]!, iso[3]!)
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/.exec(text) ?? []
  return days === 'dmy' && year !== '' ? dayOf(year, month, day) : undefined
}

/** Digits and a sign, out of how the profile writes them; undefined where it is no amount. */
export function readSigned(
  text: string,
  { group, decimal }: CsvProfile,
  currency: string,
): bigint | undefined {
  const bare = text.replace(/\s|đ|₫|VND$/gi, '')
  const [, sign, number = ''] = /^([+-]?)(.*)$/.exec(bare)!
  const [whole = '', ...decimals] = number.split(decimal)
  const isGrouped = group !== '' && whole.includes(group)
  if (isGrouped && !/^\d{1,3}$/.test(whole.split(group)[0]!)) return undefined
  if (
    isGrouped &&
    !whole
      .split(group)
      .slice(1)
      .every((three) => /^\d{3}$/.test(three))
  )
    return undefined
  if (decimals.length > 1) return undefined
  const minor = minorOf([whole.replaceAll(group || ' ', ''), ...decimals].join('.'), currency)
  return minor === undefined ? undefined : sign === '-' ? -minor : minor
}

const marks: Readonly<Record<string, Direction>> = {
  credit: 'credit',
  crdt: 'credit',
  c: 'credit',
  cr: 'credit',
  in: 'credit',
  có: 'credit',
  debit: 'debit',
  dbit: 'debit',
  d: 'debit',
  dr: 'debit',
  out: 'debit',
  nợ: 'debit',
}

export function moneyOf(cells: Cells, profile: CsvProfile, currency: string, line: number) {
  const wrong = (detail: string) => unreadable(`Line ${line}: ${detail}`, linePointer(line))
  const read = (text: string | undefined): bigint => {
    const minor = text === undefined || text === '-' ? 0n : readSigned(text, profile, currency)
    if (minor === undefined) throw wrong('an amount that is none.')
    return minor
  }
  const size = (minor: bigint) => (minor < 0n ? -minor : minor)
  if (profile.columns.amount) {
    const amount = read(cells.amount)
    const marked = cells.direction === undefined ? undefined : marks[plain(cells.direction)]
    if (cells.direction !== undefined && !marked) throw wrong('the direction is credit or debit.')
    const direction: Direction = marked ?? (amount < 0n ? 'debit' : 'credit')
    return { direction, minor: size(amount) }
  }
  const [credit, debit] = [read(cells.credit), size(read(cells.debit))]
  if (credit < 0n || (credit > 0n && debit > 0n)) throw wrong('a row is either a credit or a debit.')
  return credit > 0n
    ? { direction: 'credit' as const, minor: credit }
    : { direction: 'debit' as const, minor: debit }
}
