// A bank's CSV statement: a preamble with the account, a row of headings that tells whose profile it is, rows, and what is below them.
import type { Currency } from '../../domain/core/money.ts'
import type { StatementLine } from '../../domain/settlement/bankStatement.ts'
import { type Labels, readBelow, readLabels } from './csvLabels.ts'
import { type CsvProfile, csvProfiles } from './csvProfiles.ts'
import { csvTextReader, type TextRow } from './csvRows.ts'
import { type Cells, cellsOf, type Table, tableOf } from './csvTable.ts'
import { isInstant, moneyOf, readDay, readSigned } from './csvValues.ts'
import { fault, linePointer, type StatementReader, statementBook, unreadable } from './reader.ts'
import { runningBalance } from './runningBalance.ts'

/** What the sender of the file says of it, where the file does not. */
export type CsvHints = {
  readonly profile?: string | undefined
  readonly accountNumber?: string | undefined
  readonly currency?: string | undefined
}

const preambleMax = 60

export function csvReader(hints: CsvHints): StatementReader {
  const rows = csvTextReader()
  const book = statementBook('csv')
  const balances = runningBalance()
  const labels: Labels = {}
  let table: Table | undefined
  let preamble = 0

  const take = ({ line, cells }: TextRow): StatementLine | undefined => {
    if (!table) {
      table = tableOf(cells, hints.profile)
      preamble += 1
      if (!table && preamble > preambleMax) throw noHeadings()
      if (!table) readLabels(cells, labels)
      return undefined
    }
    const named = cellsOf(cells, table)
    const { profile } = table
    const bookedOn = readDay(named.bookedOn ?? '', profile)
    if (!bookedOn) {
      readBelow(cells, labels, line)
      return undefined
    }
    const currency = named.currency ?? labels.currency ?? hints.currency ?? 'VND'
    const { direction, minor } = moneyOf(named, profile, currency, line)
    if (named.accountNumber !== undefined) setAccount(labels, named.accountNumber, line)
    const wrong = () => unreadable(`Line ${line}: a balance that is none.`, linePointer(line))
    const balance = balanceIn(named.balance, profile, currency, wrong)
    balances.add(direction === 'credit' ? minor : -minor, balance, line)
    return book.add({
      direction,
      amount: { amount: minor.toString(), currency: currency as Currency },
      bookedOn,
      valueOn: readDay(named.valueOn ?? '', profile) ?? bookedOn,
      ...(isInstant(named.bookedOn!) && { bookedAt: new Date(named.bookedOn!).toISOString() }),
      bankReferences: named.bankReference === undefined ? [] : [named.bankReference],
      ...(named.endToEndId !== undefined && { endToEndId: named.endToEndId }),
      reversal: false,
      text: named.text ?? '',
      ...counterpartyOf(named),
    })
  }

  const takeAll = (found: readonly TextRow[]) => found.map(take).filter((line) => line !== undefined)

  return {
    push: (text) => takeAll(rows.push(text)),
    end: () => {
      const lines = takeAll(rows.end())
      if (!table) throw noHeadings()
      const { profile } = table
      const currency = labels.currency ?? hints.currency
      const said = (label: 'opening' | 'closing') =>
        balanceIn(labels[label], profile, currency ?? 'VND', () =>
          unreadable(`The ${label} balance is no amount.`, `/${label}`),
        )
      const derived = balances.end()
      book.close({
        accountNumber: labels.accountNumber ?? hints.accountNumber,
        currency,
        opening: said('opening') ?? derived?.opening,
        closing: said('closing') ?? derived?.closing,
        from: labels.from === undefined ? undefined : readDay(labels.from, profile),
        to: labels.to === undefined ? undefined : readDay(labels.to, profile),
      })
      return { lines, head: book.head() }
    },
  }
}

const noHeadings = () =>
  unreadable(
    `No row with the headings of a known bank (${csvProfiles.map(({ name }) => name).join(', ')}), and neither XML nor MT940.`,
  )

/** Throws where there is something that is no amount: a check that is not made must not look like one that was. */
function balanceIn(text: string | undefined, profile: CsvProfile, currency: string, wrong: () => Error) {
  if (text === undefined || text === '-') return undefined
  const minor = readSigned(text, profile, currency)
  if (minor === undefined) throw wrong()
  return minor
}

function setAccount(labels: Labels, accountNumber: string, line: number): void {
  labels.accountNumber ??= accountNumber
  if (labels.accountNumber !== accountNumber)
    throw fault('statement_account_differs', 'Send each account in a file of its own.', linePointer(line))
}

function counterpartyOf({ counterpartyAccount: accountNumber, counterpartyBank: bank }: Cells) {
  if (accountNumber === undefined) return {}
  return { counterparty: { ...(bank !== undefined && { bank }), accountNumber } }
}
