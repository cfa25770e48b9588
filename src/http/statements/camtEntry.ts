// An entry of a camt document as lines: its money, its days, the names of it, and who is on the other side.
import { businessDate } from '../../domain/core/businessDay.ts'
import type { Direction, StatementLine } from '../../domain/settlement/bankStatement.ts'
import { minorOf, type statementBook, unreadable } from './reader.ts'

/** Texts by the path below the element that they belong to; of those that come more often, all in a row. */
export type Fields = Map<string, string>
export type Book = ReturnType<typeof statementBook>

/** An entry is a line; a batch that is booked as one and names its parts is a line a part. */
export function linesOf(entry: Fields, details: readonly Fields[], book: Book): StatementLine[] {
  const status = entry.get('/Sts/Cd') ?? entry.get('/Sts')
  if (status !== undefined && status !== 'BOOK') return [] // announced only: no money yet
  const whole = moneyOf(entry, book)
  const parts = details.length > 1 ? details.map((detail) => amountIn(detail, whole.currency)) : []
  const sum = parts.reduce<bigint>((total, part) => total + (part ?? 0n), 0n)
  const split = parts.length > 1 && parts.every((part) => part !== undefined) && sum === whole.minor
  const lines = split
    ? details.map((detail, at) => lineOf(entry, detail, parts[at]!, whole, true, book))
    : [lineOf(entry, details.length === 1 ? details[0]! : new Map(), whole.minor, whole, false, book)]
  return lines.filter((line) => line !== undefined)
}

type Whole = { readonly minor: bigint; readonly currency: string; readonly direction: Direction }

function moneyOf(entry: Fields, book: Book): Whole {
  const where = `/Ntry/${book.count() + 1}`
  const currency = entry.get('/Amt@Ccy') ?? ''
  const minor = minorOf(entry.get('/Amt') ?? '', currency)
  if (minor === undefined) throw unreadable('Amt is no amount.', where)
  const mark = entry.get('/CdtDbtInd')
  if (mark !== 'CRDT' && mark !== 'DBIT') throw unreadable('CdtDbtInd is CRDT or DBIT.', where)
  return { minor, currency, direction: mark === 'CRDT' ? 'credit' : 'debit' }
}

/** What a part of a batch says of its own amount, in the currency of the account. */
function amountIn(detail: Fields, currency: string): bigint | undefined {
  for (const path of ['/Amt', '/AmtDtls/TxAmt/Amt'])
    if (detail.get(`${path}@Ccy`) === currency) return minorOf(detail.get(path) ?? '', currency)
  return undefined
}

function lineOf(
  entry: Fields,
  detail: Fields,
  minor: bigint,
  { currency, direction }: Whole,
  isPart: boolean,
  book: Book,
): StatementLine | undefined {
  const booked = momentOf(entry, '/BookgDt') ?? momentOf(entry, '/ValDt')
  if (!booked) throw unreadable('BookgDt is no day.', `/Ntry/${book.count() + 1}`)
  const valued = momentOf(entry, '/ValDt') ?? booked
  const endToEndId = detail.get('/Refs/EndToEndId')
  const counterparty = counterpartyOf(detail, direction)
  return book.add({
    direction,
    amount: { amount: minor.toString(), currency: currency as StatementLine['amount']['currency'] },
    bookedOn: booked.day,
    valueOn: valued.day,
    ...(booked.at !== undefined && { bookedAt: booked.at }),
    bankReferences: namesOf([
      detail.get('/Refs/AcctSvcrRef'),
      ...(isPart ? [] : [entry.get('/AcctSvcrRef')]),
      detail.get('/Refs/TxId'),
      detail.get('/Refs/UETR'),
    ]),
    ...(endToEndId !== undefined && !/^NOTPROVIDED$/i.test(endToEndId) && { endToEndId }),
    reversal: entry.get('/RvslInd') === 'true',
    text: [detail.get('/RmtInf/Ustrd'), detail.get('/AddtlTxInf'), entry.get('/AddtlNtryInf')]
      .filter((text) => text !== undefined)
      .join(' '),
    ...(counterparty && { counterparty }),
  })
}

const namesOf = (names: readonly (string | undefined)[]): string[] =>
  [
    ...new Set(names.filter((name) => name !== undefined && !/^(NONREF|NOTPROVIDED)$/i.test(name))),
  ] as string[]

/** Who sent a credit, or whom a debit went to. */
function counterpartyOf(detail: Fields, direction: Direction): StatementLine['counterparty'] {
  const who = direction === 'credit' ? 'Dbtr' : 'Cdtr'
  const account = `/RltdPties/${who}Acct/Id`
  const accountNumber = detail.get(`${account}/Othr/Id`) ?? detail.get(`${account}/IBAN`)
  if (accountNumber === undefined) return undefined
  const bank = bankOf(detail, `/RltdAgts/${who}Agt/FinInstnId`)
  return { ...(bank !== undefined && { bank }), accountNumber }
}

export const bankOf = (fields: Fields, at: string): string | undefined =>
  ['/BICFI', '/BIC', '/ClrSysMmbId/MmbId', '/Othr/Id']
    .map((path) => fields.get(at + path))
    .find((name) => name !== undefined)

/** A date, or an instant and the business date on which it is. */
function momentOf(fields: Fields, at: string): { readonly day: string; readonly at?: string } | undefined {
  const text = fields.get(`${at}/Dt`) ?? fields.get(`${at}/DtTm`)
  if (text === undefined || Number.isNaN(Date.parse(text))) return undefined
  const exact = /T.*(Z|[+-]\d\d:\d\d)$/.test(text)
  if (!exact) return { day: text.slice(0, 10) }
  const instant = new Date(text).toISOString()
  return { day: businessDate(instant), at: instant }
}
