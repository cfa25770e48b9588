// Every revision of every observation: the highest of an indicator on a day stands.
import { type ObservationEvent, observationId } from '../src/domain/adoption/observation.ts'
import { projection } from './projection.ts'

export type ObservationRow = {
  /** Indicator, day and revision, so that revisions of one day follow each other. */
  readonly id: string
  readonly indicator: string
  readonly observedOn: string
  readonly revision: number
  /** A decimal number. */
  readonly value: string
  readonly source: string
  readonly recordedAt: string
}

const idOf = ({ data }: ObservationEvent): string =>
  `${observationId(data)}_${String(data.revision).padStart(6, '0')}`

export const observations = projection<ObservationEvent, ObservationRow>({
  name: 'observations_v1',
  columns: {
    id: 'text',
    indicator: 'text',
    observedOn: 'text',
    revision: 'integer',
    value: 'text',
    source: 'text',
    recordedAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['indicator', 'observedOn', 'revision'] }],
  handles: ['ObservationRecorded'],
  begins: 'ObservationRecorded',
  keyOf: (event) => [idOf(event)],
  evolve: (_row, event) => {
    const { indicator, observedOn, revision, value, source, recordedAt } = event.data
    return { id: idOf(event), indicator, observedOn, revision, value: String(value), source, recordedAt }
  },
})
