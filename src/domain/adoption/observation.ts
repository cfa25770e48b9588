// A figure that this gateway cannot measure: somebody's number of an indicator on a day, with its source; what is corrected is kept.
import { accept, type Decision } from '../core/decider.ts'

export type Observation = {
  readonly indicator: string
  /** The business date that it is about. */
  readonly observedOn: string
  /** A percentage or a rank, as the indicator's target has it. */
  readonly value: number
  /** Who says so, and where. */
  readonly source: string
}

export type ObservationCommand = { type: 'RecordObservation'; data: Observation & { readonly at: string } }
/** Revisions count from 1; the highest one stands. */
export type ObservationEvent = {
  type: 'ObservationRecorded'
  data: Observation & { readonly revision: number; readonly recordedAt: string }
}
export type ObservationState =
  | { readonly status: 'new' }
  | (Observation & { readonly status: 'observed'; readonly revision: number })

/** The one of an indicator on a day. */
export const observationId = ({ indicator, observedOn }: Observation): string => `${indicator}_${observedOn}`

export const initialState = (): ObservationState => ({ status: 'new' })

export function decide(
  { data: { at, ...observation } }: ObservationCommand,
  state: ObservationState,
): Decision<ObservationEvent, never> {
  const known =
    state.status === 'observed' && state.value === observation.value && state.source === observation.source
  if (known) return accept()
  const revision = state.status === 'new' ? 1 : state.revision + 1
  return accept({ type: 'ObservationRecorded', data: { ...observation, revision, recordedAt: at } })
}

export const evolve = (_state: ObservationState, { data }: ObservationEvent): ObservationState => {
  const { indicator, observedOn, value, source, revision } = data
  return { status: 'observed', indicator, observedOn, value, source, revision }
}
