// A row of a biller's file: a bill to issue or to end, the control totals, or what is wrong with the row and how to cure it.
import type { BillTerms } from '../domain/bills/bill.ts'
import { type CustomerCodeRule, customerCodeKey, fitsRule } from '../domain/bills/customerCode.ts'
import { parseMoney, toData } from '../domain/core/money.ts'
import { type BillRecord, plainName } from './billFile.ts'
import type { InputError } from './problem.ts'
import { text } from './schemas.ts'

/** `customer`: name, phone and address as JSON, not sealed yet. `supersedes`: the number of the bill it stands for. */
export type IssueRow = Omit<BillTerms, 'billerId' | 'customer'> & {
  readonly kind: 'issue'
  readonly customer?: string
  readonly supersedes?: string
}
export type BillRow = IssueRow | { readonly kind: 'cancel' | 'paid'; readonly billNumber: string }

/** As the file says them; undefined where that is no number. */
export type SaidTotals = { readonly count: number | undefined; readonly sum: bigint | undefined }

export type BillLine = { readonly line: number } & (
  | { readonly row: BillRow }
  | { readonly faults: readonly InputError[] }
  | { readonly totals: SaidTotals }
)

const columns = [
  'billNumber',
  'customerCode',
  'amount',
  'currency',
  'issuedOn',
  'dueOn',
  'period',
  'customerName',
  'customerPhone',
  'customerAddress',
  'status',
  'supersedes',
] as const
type Column = (typeof columns)[number]

const byName = new Map<string, Column>(
  columns.flatMap((name) => [
    [name, name],
    [plainName(name), name],
  ]),
)

export function lineOf(record: BillRecord, rule: CustomerCodeRule): BillLine {
  const { line } = record
  if ('fault' in record) return { line, faults: [record.fault] }
  if ('count' in record.fields && 'sum' in record.fields) return { line, totals: saidTotals(record.fields) }
  const faults: InputError[] = []
  const cells = cellsOf(record.fields, faults)
  const row = faults.length === 0 && rowOf(cells, rule, faults)
  return row && faults.length === 0 ? { line, row } : { line, faults }
}

/** A whole number, as JSON or text; undefined for all else. */
const whole = (value: unknown): bigint | undefined =>
  /^\d{1,18}$/.test(String(value)) ? BigInt(String(value)) : undefined

function saidTotals({ count, sum }: Readonly<Record<string, unknown>>): SaidTotals {
  const said = whole(count)
  return { count: said === undefined ? undefined : Number(said), sum: whole(sum) }
}

type Cells = Partial<Record<Column, string>>

function cellsOf(fields: Readonly<Record<string, unknown>>, faults: InputError[]): Cells {
  const cells: Cells = {}
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    const column = byName.get(name) ?? byName.get(plainName(name))
    if (!column) faults.push({ pointer: `/${name.slice(0, 60)}`, detail: 'This field is not known here.' })
    else if (typeof value !== 'string') faults.push({ pointer: `/${column}`, detail: 'Send it as text.' })
    else if (value !== '') cells[column] = value.normalize('NFC')
  }
  return cells
}

const numberShape = /^[A-Za-z0-9._/-]{1,40}$/
const ends = { canceled: 'cancel', paid: 'paid' } as const

function rowOf(cells: Cells, rule: CustomerCodeRule, faults: InputError[]): BillRow | undefined {
  const wrong = (column: Column, detail: string): undefined => {
    faults.push({ pointer: `/${column}`, detail: cells[column] === undefined ? 'This is missing.' : detail })
  }
  const { billNumber = '', status = 'open', supersedes } = cells
  if (!numberShape.test(billNumber)) wrong('billNumber', 'At most 40 letters, digits and . _ / -')
  if (status === 'canceled' || status === 'paid') return { kind: ends[status], billNumber }
  if (status !== 'open') wrong('status', 'One of open, canceled, paid.')
  if (supersedes !== undefined && (!numberShape.test(supersedes) || supersedes === billNumber))
    wrong('supersedes', 'The number of another bill.')
  const customerCode = customerCodeKey(cells.customerCode ?? '')
  if (!fitsRule(customerCode, rule)) wrong('customerCode', 'Not a customer code of this biller.')
  if (cells.period !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(cells.period))
    wrong('period', 'A month such as 2026-11.')
  if ((cells.currency ?? 'VND') !== 'VND') wrong('currency', 'Bills are in VND.')
  const amount = parseMoney(cells.amount ?? '', 'VND')
  if (typeof amount === 'string') wrong('amount', amountCure(cells.amount ?? ''))
  const [issuedOn, dueOn] = [dateOf(cells.issuedOn), dateOf(cells.dueOn)]
  if (!issuedOn) wrong('issuedOn', dateCure)
  if (!dueOn) wrong('dueOn', dateCure)
  if (issuedOn && dueOn && dueOn < issuedOn) wrong('dueOn', 'Before the day on which the bill was issued.')
  const customer = customerOf(cells, wrong)
  if (typeof amount === 'string' || !issuedOn || !dueOn) return undefined
  return {
    kind: 'issue',
    billNumber,
    customerCode,
    ...(customer !== undefined && { customer }),
    ...(cells.period !== undefined && { period: cells.period }),
    amount: toData(amount),
    issuedOn,
    dueOn,
    ...(supersedes !== undefined && { supersedes }),
  }
}

/** Amounts as people and spreadsheets write them, of which there is no doubt what they mean. */
const grouped = /^(\d{1,3}(?:([., ])\d{3})(?:\2\d{3})*|\d+)\s*(?:đ|₫|vnđ|vnd|đồng)?$/i

function amountCure(written: string): string {
  const digits = grouped.exec(written)?.[1]?.replace(/\D/g, '').replace(/^0+/, '')
  return digits && digits.length <= 15
    ? `Write ${digits}: digits only, without points, commas, spaces or a currency.`
    : 'Đồng in digits only, more than 0 and at most 15 of them, such as 1250000.'
}

const dateCure = 'A date such as 2026-11-30 or 30/11/2026.'

/** ISO 8601, or as it is written in Vietnam; undefined where it is no day of the calendar. */
function dateOf(written = ''): string | undefined {
  if (isDay(written)) return written
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(written) ?? []
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(date) ? date : undefined
}

function isDay(date: string): boolean {
  const [, year, month, day] = /^([12]\d{3})-(\d\d)-(\d\d)$/.exec(date)?.map(Number) ?? []
  return year !== undefined && day! >= 1 && day! <= daysIn(year, month!)
}

/** 0 where there is no such month. */
function daysIn(year: number, month: number): number {
  if (month !== 2) return [31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

const [name, phone, address] = [text(140), text(30), text(300)]

function customerOf(cells: Cells, wrong: (column: Column, detail: string) => void): string | undefined {
  const { customerName, customerPhone, customerAddress } = cells
  if (customerName === undefined && customerPhone === undefined && customerAddress === undefined)
    return undefined
  for (const [column, value, shape] of [
    ['customerName', customerName, name],
    ['customerPhone', customerPhone, phone],
    ['customerAddress', customerAddress, address],
  ] as const) {
    const issue = value === undefined ? undefined : shape.safeParse(value).error?.issues[0]
    if (issue) wrong(column, issue.message)
  }
  return JSON.stringify({ name: customerName, phone: customerPhone, address: customerAddress })
}
