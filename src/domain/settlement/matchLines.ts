// Which lines of a statement are which items of our books: rule after rule, the surest first; each match says by which.
import { combine } from './combine.ts'
import {
  contradict,
  daysOfItems,
  daysOfLines,
  type ExpectedItem,
  type Match,
  type MatchState,
  type OpenLine,
  type Rule,
} from './expectedItem.ts'
import { bankNamesFor, bankNamesOf, combined, itemQueues, paymentsFor, paymentsOf } from './itemQueues.ts'

export type Matching = {
  readonly matches: readonly Match[]
  /** In the order in which they came. */
  readonly lines: readonly OpenLine[]
  readonly items: readonly ExpectedItem[]
}

/** What is still open, and what was found. */
type Board = { readonly lines: Set<OpenLine>; readonly items: Set<ExpectedItem>; readonly matches: Match[] }

const boardOf = (lines: Iterable<OpenLine>, items: Iterable<ExpectedItem>): Board => ({
  lines: new Set(lines),
  items: new Set(items),
  matches: [],
})
const matchingOf = ({ matches, lines, items }: Board): Matching => ({
  matches,
  lines: [...lines],
  items: [...items],
})

/** Lines that the bank names as its notification did: sure without a look at any other line. */
export function matchByBank(lines: readonly OpenLine[], items: readonly ExpectedItem[]): Matching {
  const board = boardOf(lines, items)
  byBankReference(board)
  return matchingOf(board)
}

/**
 * What lines and items call a payment or a transfer. `banksNamesAgree`: the statement calls transactions as the
 * notifications do, so that another name is another transaction.
 */
export function matchByNames(
  lines: readonly OpenLine[],
  items: readonly ExpectedItem[],
  banksNamesAgree: boolean,
): Matching {
  const board = boardOf(lines, items)
  byPaymentReference(board, banksNamesAgree)
  byEndToEndId(board)
  bySingleReference(board, banksNamesAgree)
  return matchingOf(board)
}

/** What is left, by how much it is; lines that name no payment come first. Without all items no sum has only one answer. */
export function matchByAmounts(
  lines: readonly OpenLine[],
  items: readonly ExpectedItem[],
  banksNamesAgree: boolean,
  areAll = true,
): Matching {
  const board = boardOf(lines, items)
  byAmountAndDate(board, banksNamesAgree)
  if (areAll) {
    oneToMany(board, banksNamesAgree)
    manyToOne(board, banksNamesAgree)
  }
  return matchingOf(board)
}

/** All rules over all lines and items. */
export function matchLines(lines: readonly OpenLine[], items: readonly ExpectedItem[]): Matching {
  const sure = matchByBank(lines, items)
  const agree = sure.matches.length > 0
  const named = matchByNames(sure.lines, sure.items, agree)
  const rest = matchByAmounts(named.lines, named.items, agree)
  return { ...rest, matches: [...sure.matches, ...named.matches, ...rest.matches] }
}

const namelessFirst = (lines: Iterable<OpenLine>): readonly OpenLine[] => {
  const { nameless = [], named = [] } = Object.groupBy(lines, ({ references }) =>
    references.length === 0 ? 'nameless' : 'named',
  )
  return [...nameless, ...named]
}

const sum = (parts: readonly { readonly amount: bigint }[]): bigint =>
  parts.reduce((total, { amount }) => total + amount, 0n)

/** What is matched is open no more. */
function match(
  board: Board,
  rule: Rule,
  lines: readonly OpenLine[],
  items: readonly ExpectedItem[],
  less: MatchState = 'partly',
): void {
  for (const line of lines) board.lines.delete(line)
  for (const item of items) board.items.delete(item)
  const [came, expected] = [sum(lines), sum(items)]
  const state = came === expected ? 'matched' : came < expected ? less : 'differing'
  board.matches.push({ lines, items, rule, state })
}

function byBankReference(board: Board): void {
  const named = groupBy(board.items, ({ bankReference }) => bankReference)
  for (const line of board.lines)
    for (const reference of line.bankReferences) {
      const item = named
        .get(reference)
        ?.find((one) => board.items.has(one) && one.direction === line.direction)
      if (!item) continue
      match(board, 'bank_reference', [line], [item], 'differing')
      break
    }
}

/** Of equal amount: several credits may name one payment. */
function byPaymentReference(board: Board, banksNamesAgree: boolean): void {
  const keysOf = (item: ExpectedItem) =>
    item.reference === undefined
      ? []
      : combined([`${item.direction} ${item.amount} ${item.reference}`], bankNamesOf(item, banksNamesAgree))
  const next = itemQueues(board.items, keysOf, (item) => board.items.has(item))
  for (const line of board.lines) {
    const named = line.references.map((reference) => `${line.direction} ${line.amount} ${reference}`)
    const item = next(combined(named, bankNamesFor(line, banksNamesAgree)))
    if (item) match(board, 'payment_reference', [line], [item])
  }
}

/** All lines of one name together: a bank may carry out a transfer in parts. */
function byEndToEndId(board: Board): void {
  const named = groupBy(board.items, ({ endToEndId }) => endToEndId)
  const lines = groupBy(board.lines, ({ endToEndId }) => endToEndId)
  for (const [endToEndId, parts] of lines) {
    const item = named.get(endToEndId)?.[0]
    const own = parts.filter(({ direction }) => direction === item?.direction)
    if (!item || own.length === 0) continue
    const exact = own.find(({ amount }) => amount === item.amount)
    match(board, 'end_to_end_id', exact ? [exact] : own, [item])
  }
}

/** One line and one item are left that name a payment: they are the same money, and the amount differs. */
function bySingleReference(board: Board, banksNamesAgree: boolean): void {
  const items = groupBy(board.items, ({ reference }) => reference)
  const lines = new Map<string, OpenLine[]>()
  for (const line of board.lines)
    for (const reference of line.references) {
      const own = lines.get(reference)
      if (own) own.push(line)
      else lines.set(reference, [line])
    }
  for (const [reference, [line, ...others]] of lines) {
    const [item, ...more] = items.get(reference) ?? []
    if (!line || !item || others.length > 0 || more.length > 0 || !board.lines.has(line)) continue
    if (!contradict(line, item, banksNamesAgree)) match(board, 'payment_reference', [line], [item])
  }
}

function byAmountAndDate(board: Board, banksNamesAgree: boolean): void {
  const keysOf = (item: ExpectedItem) =>
    combined(
      [`${item.direction} ${item.amount} ${item.expectedOn}`],
      paymentsOf(item),
      bankNamesOf(item, banksNamesAgree),
    )
  const next = itemQueues(board.items, keysOf, (item) => board.items.has(item))
  for (const line of namelessFirst(board.lines)) {
    const days = daysOfItems(line).map((day) => `${line.direction} ${line.amount} ${day}`)
    const item = next(combined(days, paymentsFor(line), bankNamesFor(line, banksNamesAgree)))
    if (item) match(board, 'amount_and_date', [line], [item])
  }
}

/** One line is several items: a bank that books a batch as one. */
function oneToMany(board: Board, banksNamesAgree: boolean): void {
  const search = combine(board.items, ({ expectedOn }) => expectedOn)
  for (const line of namelessFirst(board.lines)) {
    const fits = (item: ExpectedItem) => board.items.has(item) && !contradict(line, item, banksNamesAgree)
    const items = search(line.amount, daysOfItems(line), fits)
    if (items) match(board, 'one_to_many', [line], items)
  }
}

/** Several lines are one item: a bank that carries out one order in parts. */
function manyToOne(board: Board, banksNamesAgree: boolean): void {
  const search = combine(board.lines, ({ bookedOn }) => bookedOn)
  for (const item of board.items) {
    const fits = (line: OpenLine) => board.lines.has(line) && !contradict(line, item, banksNamesAgree)
    const lines = search(item.amount, daysOfLines(item), fits)
    if (lines) match(board, 'many_to_one', lines, [item])
  }
}

function groupBy<T, Key>(all: Iterable<T>, keyOf: (one: T) => Key | undefined): Map<Key, T[]> {
  const groups = new Map<Key, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}
