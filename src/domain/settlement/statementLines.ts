// A block of a statement's lines, and of items that it lacks: what became of each is recorded once.
import { accept, type Decision } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'
import type { Direction } from './bankStatement.ts'
import type { ItemKind, MatchState, Rule } from './expectedItem.ts'

export type LineState = MatchState | 'unexpected'

export type LineResult = {
  readonly statementId: string
  readonly lineId: string
  readonly line: number
  readonly direction: Direction
  readonly amount: MoneyData
  readonly bookedOn: string
  readonly bankReference?: string
  readonly state: LineState
  /** By which rule the items were found. */
  readonly rule?: Rule
  readonly items: readonly { readonly id: string; readonly kind: ItemKind }[]
  /** What was expected, where that is not what came. */
  readonly expected?: MoneyData
  /** Money that nobody had notified: the credit that it becomes. Recorded first, taken then, so that a crash between is made good. */
  readonly creditId?: string
  /** Of what a person must look at: the line's text and counterparty, encrypted. */
  readonly sealed?: string
}

export type MissingItem = {
  readonly statementId: string
  readonly itemId: string
  readonly kind: ItemKind
  readonly direction: Direction
  readonly amount: MoneyData
  readonly expectedOn: string
}

export type LinesEvent =
  | { type: 'StatementLineReconciled'; data: LineResult & { readonly reconciledAt: string } }
  | { type: 'ExpectedItemMissing'; data: MissingItem & { readonly reconciledAt: string } }

export type LinesCommand = {
  readonly type: 'RecordLines'
  readonly data: {
    readonly lines: readonly LineResult[]
    readonly missing: readonly MissingItem[]
    readonly at: string
  }
}

/** Ids of the lines and items that are recorded, the last one first: a set would be copied with each. */
export type LinesState = { readonly id: string; readonly before: LinesState } | undefined

export const initialState = (): LinesState => undefined

/** Who sends a statement again after a crash records what is not there yet. */
export function decide({ data }: LinesCommand, state: LinesState): Decision<LinesEvent, never> {
  const { at } = data
  const recorded = idsOf(state)
  const lines = data.lines
    .filter(({ lineId }) => !recorded.has(lineId))
    .map((line): LinesEvent => ({ type: 'StatementLineReconciled', data: { ...line, reconciledAt: at } }))
  const missing = data.missing
    .filter(({ itemId }) => !recorded.has(itemId))
    .map((item): LinesEvent => ({ type: 'ExpectedItemMissing', data: { ...item, reconciledAt: at } }))
  return accept(...lines, ...missing)
}

function idsOf(state: LinesState): ReadonlySet<string> {
  const ids = new Set<string>()
  for (let at = state; at; at = at.before) ids.add(at.id)
  return ids
}

export const evolve = (before: LinesState, { type, data }: LinesEvent): LinesState => ({
  id: type === 'StatementLineReconciled' ? data.lineId : data.itemId,
  before,
})
