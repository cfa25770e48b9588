// The log in SQLite as one connection sees it: synchronous, with what it knows by heart checked for freshness.
import { LRUCache } from 'lru-cache'
import { chainStart, eventHash } from '../../domain/core/eventHash.ts'
import type { AppendResult, Recorded, StreamAppend } from '../../domain/core/eventStore.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { decodeEvent, type EncodedEvent, encodeEvent, encodePosition, instantText } from './eventRow.ts'
import { prepareStatements } from './eventTables.ts'
import type { Rows } from './rows.ts'
import { createTail } from './tail.ts'

const headsMax = 32_768

/** Where a stream ends, as known when the database was at the data version `seen`. */
type Head = { readonly id: number; version: number; hash: string; readonly seen: number }

export type Append = {
  readonly stream: string
  readonly expectedVersion: number
  readonly events: readonly EncodedEvent[]
}

/** Throws where it cannot be stored. */
export function encodeAppend({ stream, expectedVersion, events }: StreamAppend): Append {
  if (events.length === 0) throw new RangeError('An append needs at least one event')
  return { stream, expectedVersion, events: events.map(encodeEvent) }
}

export type EventLog = {
  readonly read: (stream: string, afterVersion: number) => readonly Recorded[]
  readonly readAll: (after: number, limit: number) => readonly Recorded[]
  /** The position of the last event, 0 when there is none. */
  readonly last: () => number
  /** Each only if the one before it was appended. Only inside a write transaction, and after `refresh`: then the version it compares is the real one. */
  readonly appendInOrder: (appends: readonly Append[]) => readonly AppendResult[]
  /** Whether another process has written since the last call; what was known by heart is then read anew. */
  readonly refresh: () => boolean
  /** To be called after a rollback: what was known may never have been. */
  readonly forget: () => void
}

/** `dataVersion` changes whenever somebody else has written. */
export function createEventLog(rows: Rows, dataVersion: () => number, now: () => Date): EventLog {
  const sql = prepareStatements(rows)
  const heads = new LRUCache<string, Head>({ max: headsMax })
  const tail = createTail()
  let seen = dataVersion()
  let last: number | undefined

  const refresh = (): boolean => {
    const current = dataVersion()
    if (current === seen) return false
    seen = current
    last = undefined
    tail.clear()
    return true
  }

  const forget = (): void => {
    heads.clear()
    last = undefined
    tail.clear()
  }

  const lastPosition = (): number => (last ??= sql.lastPosition())

  const remember = (stream: string, id: number, version: number, hash: string): Head => {
    const head = { id, version, hash, seen }
    heads.set(stream, head)
    return head
  }

  const headOf = (stream: string): Head | undefined => {
    const known = heads.get(stream)
    if (known?.seen === seen) return known
    const found = sql.head(stream)
    return found && remember(stream, ...found)
  }

  const read = (stream: string, afterVersion: number): readonly Recorded[] => {
    const head = headOf(stream)
    if (head === undefined || afterVersion >= head.version) return []
    return sql.streamRows(stream, head.id, afterVersion).map(decodeEvent)
  }

  const readAll = (after: number, limit: number): readonly Recorded[] =>
    tail.after(after, limit) ?? sql.rows(after, limit).map(decodeEvent)

  // Who expects no stream is nearly always right: so make it first, and look for one only if that fails.
  const begin = (stream: string): Head | undefined => {
    const id = sql.newStream(stream)
    return id === undefined ? undefined : remember(stream, id, 0, chainStart)
  }

  const append = ({ stream, expectedVersion, events }: Append): AppendResult => {
    const head = (expectedVersion === 0 ? begin(stream) : undefined) ?? headOf(stream)
    if (head === undefined) return { status: 'conflict', version: 0 }
    if (head.version === expectedVersion) return write(stream, head, events)
    const position = repeatedAppend(sql.idsAfter(head.id, expectedVersion, events.length), events)
    if (position === undefined) return { status: 'conflict', version: head.version }
    const version = expectedVersion + events.length
    return { status: 'repeated', version, position: encodePosition(position) }
  }

  const write = (stream: string, head: Head, events: readonly EncodedEvent[]): AppendResult => {
    const instant = now().getTime()
    const recordedAt = instantText(instant)
    let position = lastPosition()
    for (const { id, type, data, metadata } of events) {
      position += 1
      const version = head.version + 1
      const hashed = { stream, version, id, type, recordedAt, data, metadata }
      const hash = eventHash(head.hash, hashed, nodeCrypto.hash)
      head.version = version
      head.hash = hash
      sql.insert(position, head.id, version, id, type, data, metadata, instant, hash)
      tail.keep([position, stream, version, id, type, data, metadata, instant, hash])
    }
    last = position
    return { status: 'appended', version: head.version, position: encodePosition(position) }
  }

  const appendInOrder = (appends: readonly Append[]): readonly AppendResult[] => {
    const results: AppendResult[] = []
    for (const one of appends) {
      const result = append(one)
      results.push(result)
      if (result.status !== 'appended') break
    }
    return results
  }

  return { read, readAll, last: lastPosition, appendInOrder, refresh, forget }
}

/** The position of the last of these events if all of them already stand where they are to be appended. */
function repeatedAppend(found: readonly [id: string, position: number][], events: readonly EncodedEvent[]) {
  const same = events.every(({ id }, index) => found[index]?.[0] === id)
  return same ? found.at(-1)?.[1] : undefined
}
