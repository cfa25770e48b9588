// ISO 20022 camt.053 (statement) and camt.054 (notification), any version: entries by their places in the document.
import { businessDate } from '../../domain/core/businessDay.ts'
import type { StatementFormat, StatementLine } from '../../domain/settlement/bankStatement.ts'
import { type Book, bankOf, type Fields, linesOf } from './camtEntry.ts'
import { minorOf, type StatementReader, statementBook, unreadable } from './reader.ts'
import { xmlReader } from './xml.ts'

const roots: Readonly<Record<string, StatementFormat>> = {
  '/Document/BkToCstmrStmt/Stmt': 'camt.053',
  '/Document/BkToCstmrDbtCdtNtfctn/Ntfctn': 'camt.054',
}
const namespace = /^urn:iso:std:iso:20022:tech:xsd:camt\.05[34]\.001\.\d\d$/
const detailsMax = 10_000
/** Characters of an element that comes more than once, all its texts in a row. */
const textMax = 16_384
/** Characters of an entry with all its details, or of all else that a statement says. */
const roomMax = 16_777_216

export function camtReader(): StatementReader {
  let path = ''
  const found: StatementLine[] = []
  let format: StatementFormat | undefined
  let book: ReturnType<typeof statementBook> | undefined
  let statement: Fields = new Map()
  let balances: Fields[] = []
  let entry: Fields | undefined
  let details: Fields[] = []
  let current: Place | undefined
  let ended = false
  const enclosing: (Place | undefined)[] = []

  const enter = (fields: Fields, room = current?.room ?? { left: roomMax }) => {
    enclosing.push(current)
    current = { fields, at: path.length, room }
    take(current, path)
  }
  const leave = () => {
    current = enclosing.pop()
  }

  const open = (name: string, attributes: Readonly<Record<string, string>>) => {
    if (path === '') expectDocument(name, attributes)
    path += `/${name}`
    const root = roots[path]
    if (root) {
      if (format && format !== root) throw unreadable('Statements and notifications in one file.')
      format = root
      book ??= statementBook(root)
      statement = new Map()
      balances = []
      enter(statement, { left: roomMax })
    } else if (name === 'Ntry' && enclosing.length === 1) {
      entry = new Map()
      details = []
      enter(entry, { left: roomMax })
    } else if (name === 'TxDtls' && enclosing.length === 2) {
      if (details.length === detailsMax) throw unreadable('An entry with too many details.')
      const detail: Fields = new Map()
      details.push(detail)
      enter(detail)
    } else if (name === 'Bal' && enclosing.length === 1) {
      const balance: Fields = new Map()
      balances.push(balance)
      enter(balance)
    }
    if (current && attributes.Ccy !== undefined)
      current.fields.set(`${path.slice(current.at)}@Ccy`, take(current, attributes.Ccy))
  }

  const close = (name: string, text: string) => {
    if (current && text !== '' && path.length > current.at) {
      const key = path.slice(current.at)
      const before = current.fields.get(key)
      if (before === undefined) take(current, key)
      const joined = before === undefined ? text : `${before} ${text}`
      if (joined.length > textMax) throw unreadable(`Too long a text in ${name}.`)
      current.fields.set(key, joined)
      take(current, text)
    }
    if (current && path.length === current.at) {
      leave()
      if (name === 'Ntry') found.push(...linesOf(entry!, details, book!))
      if (roots[path]) closePart(statement, balances, book!)
    }
    path = path.slice(0, -name.length - 1)
    if (path === '') ended = true
  }

  const parser = xmlReader({ open, close })
  return {
    push: (text) => {
      parser.write(text)
      return found.splice(0)
    },
    end: () => {
      parser.close()
      if (!ended) throw unreadable('It ends before its end: was it cut off?')
      if (!book) throw unreadable('Neither a camt.053 statement nor a camt.054 notification.')
      return { lines: found, head: book.head() }
    },
  }
}

/** Where texts are kept, and how many characters more may be. */
type Place = { readonly fields: Fields; readonly at: number; readonly room: { left: number } }

function take({ room }: Place, text: string): string {
  room.left -= text.length
  if (room.left < 0) throw unreadable('An entry, or what is said of all of them, is too long.')
  return text
}

function expectDocument(name: string, attributes: Readonly<Record<string, string>>): void {
  const known = Object.values(attributes).some((value) => namespace.test(value))
  if (name !== 'Document' || !known)
    throw unreadable('XML, but not a camt.053 or camt.054 document of ISO 20022.')
}

function closePart(statement: Fields, balances: readonly Fields[], book: Book): void {
  const currency = statement.get('/Acct/Ccy') ?? balances[0]?.get('/Amt@Ccy')
  const balance = (...codes: string[]): bigint | undefined => {
    const found = balances.find((one) => codes.includes(one.get('/Tp/CdOrPrtry/Cd') ?? ''))
    if (!found) return undefined
    const own = found.get('/Amt@Ccy') ?? ''
    const minor = minorOf(found.get('/Amt') ?? '', own)
    if (minor === undefined) throw unreadable('A balance is no amount.', '/Bal')
    return found.get('/CdtDbtInd') === 'DBIT' ? -minor : minor
  }
  const [from, to] = [periodOf(statement, 'Fr'), periodOf(statement, 'To')]
  book.close({
    accountNumber: statement.get('/Acct/Id/Othr/Id') ?? statement.get('/Acct/Id/IBAN'),
    bank: bankOf(statement, '/Acct/Svcr/FinInstnId'),
    currency,
    opening: balance('OPBD', 'PRCD'),
    closing: balance('CLBD'),
    from,
    to,
  })
}

function periodOf(statement: Fields, end: 'Fr' | 'To'): string | undefined {
  const text = statement.get(`/FrToDt/${end}DtTm`) ?? statement.get(`/FrToDt/${end}Dt`)
  if (text === undefined || Number.isNaN(Date.parse(text))) return undefined
  if (!text.includes('T')) return text.slice(0, 10)
  const instant = /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+07:00`
  const last = end === 'To' ? 1 : 0 // midnight is the end of the day before
  return businessDate(new Date(Date.parse(instant) - last).toISOString())
}
