// SWIFT MT940: fields of lines that begin with :NN:, with or without the blocks of a SWIFT message around them.
import type { StatementLine } from '../../domain/settlement/bankStatement.ts'
import { accountOf, type Balance, balanceOf, type Entry, entryOf, informationOf } from './mt940Fields.ts'
import { type StatementReader, statementBook, unreadable } from './reader.ts'

const fieldMax = 4_096
const tag = /^:(\d\d[A-Z]?):/

type Field = { readonly tag: string; text: string }

export function mt940Reader(): StatementReader {
  const book = statementBook('mt940')
  let rest = ''
  let lineNumber = 0
  let field: Field | undefined
  let account: string | undefined
  let opening: Balance | undefined
  let pending: { readonly entry: Entry; readonly text: string } | undefined
  const found: StatementLine[] = []

  const wrong = (detail: string) => unreadable(`Line ${lineNumber}: ${detail}`)

  const addPending = (information = '') => {
    if (!pending) return
    const { entry, text } = pending
    pending = undefined
    const line = book.add({ ...entry, ...informationOf(information, text) })
    if (line) found.push(line)
  }

  const endField = () => {
    const ended = field
    field = undefined
    if (!ended) return
    const { tag: name, text } = ended
    if (name !== '86') addPending()
    if (name === '25') account = text.trim()
    else if (name === '60F' || name === '60M') opening = balanceOf(text, wrong)
    else if (name === '61') {
      if (!opening) throw wrong('a line before the opening balance (:60F:).')
      pending = entryOf(text, opening.currency, wrong)
    } else if (name === '86') addPending(text)
    else if (name === '62F' || name === '62M') closeStatement(balanceOf(text, wrong))
  }

  /** It closes on the last of its days; its lines tell the first. */
  const closeStatement = (closing: Balance) => {
    if (!opening) throw wrong('a closing balance without an opening one.')
    const { bank, accountNumber, currency } = accountOf(account ?? '')
    book.close({
      accountNumber,
      bank,
      currency: currency ?? opening.currency,
      opening: opening.minor,
      closing: closing.minor,
      to: closing.day,
    })
    opening = undefined
    account = undefined
  }

  const take = (line: string) => {
    lineNumber += 1
    const [begin, name] = tag.exec(line.replace(/^\{.*\}?\{4:/, '')) ?? []
    if (begin !== undefined && name !== undefined) {
      endField()
      field = { tag: name, text: line.replace(/^\{.*\}?\{4:/, '').slice(begin.length) }
    } else if (line.startsWith('-}') || line === '-' || line.startsWith('{')) endField()
    else if (field) {
      field.text += `\n${line}`
      if (field.text.length > fieldMax) throw wrong('a field without an end.')
    } else if (line.trim() !== '') throw wrong('neither a field nor a part of one.')
  }

  return {
    push: (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      if (rest.length > fieldMax) throw wrong('a line without an end.')
      for (const line of lines) take(line.replace(/\r$/, ''))
      return found.splice(0)
    },
    end: () => {
      if (rest !== '') take(rest.replace(/\r$/, ''))
      endField()
      if (opening) throw unreadable('It ends without a closing balance (:62F:): was it cut off?')
      return { lines: found, head: book.head() }
    },
  }
}
