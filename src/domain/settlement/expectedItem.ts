// What our books say that a bank statement must show, and how a line and an item are told to be the same money.
import { addDays } from '../core/businessDay.ts'
import type { Direction, StatementLine } from './bankStatement.ts'

/** The kinds of items, each with a source of its own in src/adapters/sql/expectedItems.ts. */
export const itemKinds = ['credit', 'transfer', 'payout'] as const
export type ItemKind = (typeof itemKinds)[number]

export type ExpectedItem = {
  /** The credit's or the transfer's; of a payout, its end-to-end id. */
  readonly id: string
  readonly kind: ItemKind
  readonly direction: Direction
  /** Minor units. */
  readonly amount: bigint
  /** The business date on which our books have it. */
  readonly expectedOn: string
  /** The bank's own name of the transaction, as its notification gave it. */
  readonly bankReference?: string
  /** What we named it towards the bank. */
  readonly endToEndId?: string
  /** The payment that the money named. */
  readonly reference?: string
  /** It must be on the statement; a transfer without a known outcome only may be. */
  readonly certain: boolean
}

/** A line as far as matching looks at it. */
export type OpenLine = Pick<StatementLine, 'direction' | 'bookedOn' | 'bankReferences' | 'endToEndId'> & {
  readonly id: string
  readonly amount: bigint
  /** The payments that its text names. */
  readonly references: readonly string[]
  /** One of them is not paid yet: it is no money that names none. */
  readonly isAwaited?: boolean
}

export const rules = [
  'bank_reference',
  'payment_reference',
  'end_to_end_id',
  'amount_and_date',
  'one_to_many',
  'many_to_one',
] as const
export type Rule = (typeof rules)[number]

/** `partly`: less came than was expected. `differing`: more, or, of a transaction that the bank names itself, another amount. */
export type MatchState = 'matched' | 'differing' | 'partly'

export type Match = {
  readonly lines: readonly OpenLine[]
  readonly items: readonly ExpectedItem[]
  readonly rule: Rule
  readonly state: MatchState
}

/** A bank books on the day or after a weekend; the two clocks may be a day apart. */
const daysAfter = [0, 1, 2, 3, -1]
/** How far before and after a statement's days there may be items for its lines. */
export const daysAround = { before: 3, after: 1 } as const

/** The days on which items of a line may be expected, and lines of an item may be booked; the likeliest first. */
export const daysOfItems = ({ bookedOn }: Pick<OpenLine, 'bookedOn'>): readonly string[] =>
  daysAfter.map((days) => addDays(bookedOn, -days))
export const daysOfLines = ({ expectedOn }: Pick<ExpectedItem, 'expectedOn'>): readonly string[] =>
  daysAfter.map((days) => addDays(expectedOn, days))

/** Names that both sides give and that differ: whatever else fits, it is not the same money. */
export function contradict(line: OpenLine, item: ExpectedItem, banksNamesAgree: boolean): boolean {
  if (line.direction !== item.direction) return true
  const { reference, bankReference } = item
  if (reference === undefined && line.isAwaited) return true
  if (reference !== undefined && line.references.length > 0 && !line.references.includes(reference))
    return true
  return (
    banksNamesAgree &&
    bankReference !== undefined &&
    line.bankReferences.length > 0 &&
    !line.bankReferences.includes(bankReference)
  )
}
