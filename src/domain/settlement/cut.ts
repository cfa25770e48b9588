// Cuts: the places in the log at which a business date ends, fixed before anything is settled, so that whoever settles gets the same.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { CutOff } from './cutOff.ts'

/** Where the business date ends for merchants of one cut-off. */
export type CutPlace = { readonly cutOff: CutOff; readonly cutAt: string; readonly position: string }

type Taken = {
  /** Counts from 1, over all dates: a cut is taken when the one before it is settled. */
  readonly number: number
  readonly businessDate: string
  /** For the cut-offs that are settled by it. */
  readonly places: readonly CutPlace[]
  /** The date is over by every cut-off: nothing is settled under it any more. */
  readonly final: boolean
  readonly takenAt: string
}
type Completed = {
  readonly number: number
  readonly businessDate: string
  readonly final: boolean
  readonly completedAt: string
}

export type CutCommand =
  | { type: 'TakeCut'; data: Omit<Taken, 'number'> }
  | { type: 'CompleteCut'; data: { readonly number: number; readonly at: string } }
export type CutEvent =
  | { type: 'SettlementCutTaken'; data: Taken }
  | { type: 'SettlementCutCompleted'; data: Completed }
export type CutRejection = 'business_date_closed'

export type Cuts = {
  readonly last?: Taken & { readonly completed: boolean }
  /** Of the last cut's date: every place at which it was cut so far. */
  readonly places: readonly CutPlace[]
  /** The latest date that is over and settled; none: no date was. */
  readonly closedThrough?: string
}

/** There is one stream of cuts. */
export const cutsId = 'all'

export const initialState = (): Cuts => ({ places: [] })

export function decide(command: CutCommand, { last, closedThrough }: Cuts): Decision<CutEvent, CutRejection> {
  const open = last && !last.completed
  if (command.type === 'TakeCut') {
    if (open) return accept() // whoever finds it settles it first
    if (closedThrough !== undefined && command.data.businessDate <= closedThrough)
      return reject('business_date_closed')
    return accept({ type: 'SettlementCutTaken', data: { number: (last?.number ?? 0) + 1, ...command.data } })
  }
  if (!open || last.number !== command.data.number) return accept()
  const { number, businessDate, final } = last
  const data = { number, businessDate, final, completedAt: command.data.at }
  return accept({ type: 'SettlementCutCompleted', data })
}

export function evolve(state: Cuts, event: CutEvent): Cuts {
  if (event.type === 'SettlementCutTaken') {
    const before = state.last?.businessDate === event.data.businessDate ? state.places : []
    const places = [...before, ...event.data.places]
    return { ...state, places, last: { ...event.data, completed: false } }
  }
  const { businessDate, final } = event.data
  return {
    ...state,
    ...(state.last && { last: { ...state.last, completed: true } }),
    ...(final && { closedThrough: businessDate }),
  }
}
