// The whole log in pages, and where it ends: reads cannot be filtered by the server, so what is not ours is passed over once.
import {
  BACKWARDS,
  type Direction,
  END,
  FORWARDS,
  type Position,
  type ReadPosition,
  type RecordedEvent,
} from '@eventstore/db-client'
import type { Recorded } from '../../domain/core/eventStore.ts'
import type { Positions } from './positions.ts'

const pageMax = 4_096

/** Up to `maxCount` records of `$all`. Forwards it begins with the one at the position; fewer come only at the end. */
type ReadRecords = (
  from: ReadPosition,
  maxCount: number,
  direction: Direction,
) => Promise<readonly RecordedEvent[]>

type Ours = {
  readonly isOurs: (record: RecordedEvent) => boolean
  readonly decode: (record: RecordedEvent) => Recorded
  readonly startAfter: Positions['startAfter']
}

type WholeLog = {
  readonly readAll: (after: string, limit: number) => Promise<readonly Recorded[]>
  readonly head: () => Promise<string>
}

/** Between our event at `last` and `upTo` there is none of ours. */
type Seen = { readonly last: string; readonly upTo: Position }

export function createWholeLog(read: ReadRecords, { isOurs, decode, startAfter }: Ours): WholeLog {
  let end: Seen | undefined

  const note = (last: string, upTo: Position | undefined): void => {
    if (upTo && (!end || upTo.commit > end.upTo.commit)) end = { last, upTo }
  }

  /** Who asks for what comes after our last event is asked to pass over nothing twice. */
  const startOf = (after: string): ReadPosition => (end && after === end.last ? end.upTo : startAfter(after))

  async function readAll(after: string, limit: number): Promise<readonly Recorded[]> {
    const found: Recorded[] = []
    let from = startOf(after)
    let last = after
    for (let size = Math.min(limit + 1, pageMax); ; size = Math.min(size * 2, pageMax)) {
      const records = await read(from, size, FORWARDS)
      for (const event of records.filter(isOurs).map(decode)) if (event.position > last) found.push(event)
      last = found.at(-1)?.position ?? after
      const upTo = records.at(-1)?.position
      note(last, upTo)
      if (found.length >= limit || records.length < size || !upTo) return found.slice(0, limit)
      from = upTo
    }
  }

  async function lastFromEnd(): Promise<string> {
    let from: ReadPosition = END
    let newest: Position | undefined
    for (let size = 1; ; size = Math.min(size * 4, pageMax)) {
      const records = await read(from, size, BACKWARDS)
      newest ??= records[0]?.position
      const ours = records.find(isOurs)
      const oldest = records.at(-1)?.position
      if (ours || records.length < size || !oldest) {
        const last = ours ? decode(ours).position : ''
        note(last, newest)
        return last
      }
      from = oldest
    }
  }

  return {
    readAll,
    head: async () => {
      if (!end) return lastFromEnd()
      const { last } = end
      const later = await readAll(last, pageMax)
      return later.length < pageMax ? (later.at(-1)?.position ?? last) : lastFromEnd()
    },
  }
}
