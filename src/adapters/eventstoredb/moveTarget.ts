// Takes a log that is moved into EventStoreDB: event after event, each once, with the position, time and hash that it came with.
import { randomUUID } from 'node:crypto'
import type { JSONEventData } from '@eventstore/db-client'
import { type Recorded, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { isSameLog, type MovedLog, type MoveTarget } from '../../domain/core/logMove.ts'
import { connect } from './connection.ts'
import { actualVersion } from './errors.ts'
import { type Move, moveWriter, readMove } from './move.ts'
import { patiently } from './patience.ts'
import { commitOf, ownPositions, positionsAfter } from './positions.ts'
import { createReads } from './reads.ts'

const markEvery = 1_000
const appendMax = 500_000 // characters; the server takes a megabyte at once
const [patienceMs, silenceMs] = [60_000, 10_000]

type Options = { readonly url: string; readonly prefix?: string }

export function eventStoreDBMoveTarget({ url, prefix = 'thungan.' }: Options): MoveTarget {
  const { client, close } = connect(url)
  const closed = new AbortController()
  const again = <T>(work: () => Promise<T>): Promise<T> => patiently(patienceMs, closed.signal, work)
  const writer = moveWriter(client, prefix)
  let positions = ownPositions
  const reads = createReads(client, prefix, silenceMs, () => positions)
  let move: Move = { log: undefined, marks: [], isFinished: false, version: 0 }
  let unmarked = 0

  /** Appends to the move's stream; where that was done already, by an answer that was lost or by another, looks again. */
  async function note(write: (version: number) => Promise<unknown>): Promise<void> {
    const { version } = move
    try {
      await again(() => write(version))
      move = { ...move, version: version + 1 }
    } catch (error) {
      if (actualVersion(error) === undefined) throw error
      move = await again(() => readMove(reads, prefix))
    }
  }

  async function begin(log: MovedLog): Promise<void> {
    move = await again(() => readMove(reads, prefix))
    if (!move.log) {
      if ((await again(reads.head)) !== '')
        throw new StoreUnavailable('There is a log in this cluster already: name an empty one')
      await note(() => writer.begin(log))
      move = await again(() => readMove(reads, prefix))
    }
    if (!move.log || !isSameLog(move.log, log))
      throw new StoreUnavailable('Another log was moved, or began to be moved, into this cluster')
    positions = positionsAfter(log.last, move.marks)
  }

  /** Events of one stream at once. Somebody else who moves the same log may have been faster, or a lost answer. */
  async function append(events: readonly Recorded[]): Promise<void> {
    const { stream, version } = events[0]!
    const expectedRevision = version === 1 ? ('no_stream' as const) : BigInt(version - 2)
    const records = events.map(recordOf)
    const options = { expectedRevision, requiresLeader: true }
    try {
      const { position } = await again(() => client.appendToStream(prefix + stream, records, options))
      if (events.length === 1) positions.found(events[0]!.position, position)
    } catch (error) {
      if (actualVersion(error) === undefined) throw error
      const there = (await again(() => reads.records(stream, version, events.length))).map(reads.decode)
      const isSame = events.every(
        ({ hash, position }, index) => there[index]?.hash === hash && there[index].position === position,
      )
      if (!isSame)
        throw new StoreUnavailable(`Somebody else writes to ${stream}: nobody may while a log is moved`)
    }
  }

  /** The first event after a mark is read from it: so a mark is where an event is. */
  async function mark(event: Recorded): Promise<void> {
    const [record] = await again(() => reads.records(event.stream, event.version, 1))
    const place = { position: event.position, commit: commitOf(record?.position) }
    await note((version) => writer.mark(version, place))
    unmarked = 0
  }

  return {
    begin,
    readAll: (after, limit) => again(() => reads.readAll(after, limit)),
    add: async (events) => {
      for (const group of groupsOf(events)) {
        await append(group)
        unmarked += group.length
        if (unmarked >= markEvery) await mark(group.at(-1)!)
      }
    },
    finish: async () => {
      if (move.isFinished) return
      if ((await again(reads.head)) !== move.log?.last)
        throw new StoreUnavailable('A gateway has written to this cluster while the log was moved')
      await note(writer.finish)
    },
    close: async () => {
      closed.abort()
      await close()
    },
  }
}

const recordOf = ({ id, type, data, metadata, position, recordedAt, hash }: Recorded): JSONEventData => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: data as JSONEventData['data'],
  metadata: { id, recordedAt, hash, metadata, position },
})

/** Neighbors of one stream, as many as one append may hold. */
function groupsOf(events: readonly Recorded[]): readonly (readonly Recorded[])[] {
  const groups: Recorded[][] = []
  let [size, stream] = [0, '']
  for (const event of events) {
    const length = JSON.stringify(event.data).length
    const fits = event.stream === stream && size + length <= appendMax
    if (fits) groups.at(-1)!.push(event)
    else groups.push([event])
    size = fits ? size + length : length
    stream = event.stream
  }
  return groups
}
