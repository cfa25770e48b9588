// The seals of the days, as anybody may see them: one row a day.
import type { SealEvent } from '../src/domain/proof/seal.ts'
import { projection } from './projection.ts'

export type SealRow = {
  readonly date: string
  readonly firstPosition: string
  readonly lastPosition: string
  readonly count: number
  readonly root: string
  readonly previousDate: string | null
  readonly previousRoot: string | null
  readonly previousLastPosition: string | null
  readonly publicKey: string
  readonly signature: string
}

export const seals = projection<SealEvent, SealRow>({
  name: 'seals_v1',
  columns: {
    date: 'text',
    firstPosition: 'text',
    lastPosition: 'text',
    count: 'integer',
    root: 'text',
    previousDate: 'text',
    previousRoot: 'text',
    previousLastPosition: 'text',
    publicKey: 'text',
    signature: 'text',
  },
  key: ['date'],
  indexes: [{ columns: ['lastPosition'] }],
  handles: ['DaySealed'],
  begins: 'DaySealed',
  keyOf: ({ data }) => [data.date],
  evolve: (_row, { data }) => ({
    date: data.date,
    firstPosition: data.firstPosition,
    lastPosition: data.lastPosition,
    count: data.count,
    root: data.root,
    previousDate: data.previous?.date ?? null,
    previousRoot: data.previous?.root ?? null,
    previousLastPosition: data.previous?.lastPosition ?? null,
    publicKey: data.publicKey,
    signature: data.signature,
  }),
})
