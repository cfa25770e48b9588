// What a cluster keeps of a log that was moved into it, in a stream of its own: which log, where its events are, and that it is whole.
import { type EventStoreDBClient, jsonEvent, type RecordedEvent } from '@eventstore/db-client'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { MovedLog } from '../../domain/core/logMove.ts'
import { type Mark, ownPositions, type Positions, positionsAfter } from './positions.ts'
import type { Reads } from './reads.ts'

const begunType = 'LogMoveBegun'
const markType = 'LogMoveMarked'
const finishedType = 'LogMoveFinished'

export type Move = {
  readonly log: MovedLog | undefined
  readonly marks: readonly Mark[]
  readonly isFinished: boolean
  /** How many records the stream has. */
  readonly version: number
}

/** Not one of the log's own streams, although its name says whose it is. */
const streamOf = (prefix: string): string => `${prefix.replace(/\.$/, '')}-moved`

export async function readMove(reads: Pick<Reads, 'others'>, prefix: string): Promise<Move> {
  const records = await reads.others(streamOf(prefix))
  const ofType = (type: string) => records.filter((record) => record.type === type).map(dataOf)
  const marks = ofType(markType) as readonly { position: string; commit: string }[]
  return {
    log: ofType(begunType)[0] as MovedLog | undefined,
    marks: marks.map(({ position, commit }) => ({ position, commit: BigInt(commit) })),
    isFinished: ofType(finishedType).length > 0,
    version: records.length,
  }
}

const dataOf = ({ data }: RecordedEvent): unknown => data

/** The positions of a store that a gateway may use. */
export function positionsIn({ log, marks, isFinished }: Move): Positions {
  if (!log) return ownPositions
  if (isFinished) return positionsAfter(log.last, marks)
  throw new StoreUnavailable(
    'A log is being moved into this cluster: run thungan import again until it is done',
  )
}

/** Appends to the move's stream, if it has so many records. */
export function moveWriter(client: EventStoreDBClient, prefix: string) {
  const append = async (version: number, type: string, data: Readonly<Record<string, unknown>>) => {
    const expectedRevision = version === 0 ? ('no_stream' as const) : BigInt(version - 1)
    await client.appendToStream(streamOf(prefix), [jsonEvent({ type, data })], {
      expectedRevision,
      requiresLeader: true,
    })
  }
  return {
    begin: (log: MovedLog) => append(0, begunType, { ...log }),
    mark: (version: number, { position, commit }: Mark) =>
      append(version, markType, { position, commit: String(commit) }),
    finish: (version: number) => append(version, finishedType, {}),
  }
}
