// The log in SQLite as one connection sees it: synchronous, with what it knows by heart checked for freshness.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import type { AppendResult, Recorded } from '../../domain/core/eventStore.ts'
import { decodeEvent, type EncodedEvent, type EventRow, encodePosition } from './eventRow.ts'
import { createTail } from './tail.ts'

// A stream is an integer here: keys stay short and in the order of time. Event ids have no index of their own,
// because random keys cost more than all the rest; a repeated append is recognized inside its stream.
export const eventLogMigrations: readonly string[] = [
  `create table streams (id integer primary key, name text not null unique) strict;
   create table events (
     position integer primary key,
     stream integer not null,
     version integer not null,
     id text not null,
     type text not null,
     data text not null,
     metadata text not null,
     recorded_at integer not null,
     unique (stream, version)
   ) strict;`,
]

const headsMax = 32_768

/** Where a stream ends, as known when the database was at the data version `seen`. */
type Head = { readonly id: number; version: number; readonly seen: number }

export type Append = {
  readonly stream: string
  readonly expectedVersion: number
  readonly events: readonly EncodedEvent[]
}

export type EventLog = {
  readonly read: (stream: string, afterVersion: number) => readonly Recorded[]
  readonly readAll: (after: number, limit: number) => readonly Recorded[]
  /** The position of the last event, 0 when there is none. */
  readonly last: () => number
  /** Only inside a write transaction, and after `refresh`: then the version it compares is the real one. */
  readonly append: (append: Append) => AppendResult
  /** Whether another process has written since the last call; what was known by heart is then read anew. */
  readonly refresh: () => boolean
  /** To be called after a rollback: what was known may never have been. */
  readonly forget: () => void
}

export function createEventLog(database: DatabaseSync, now: () => Date): EventLog {
  const sql = prepareStatements(database)
  const heads = new LRUCache<string, Head>({ max: headsMax })
  const tail = createTail()
  let seen = sql.dataVersion()
  let last: number | undefined

  const refresh = (): boolean => {
    const current = sql.dataVersion()
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

  const remember = (stream: string, id: number, version: number): Head => {
    const head = { id, version, seen }
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

  const append = ({ stream, expectedVersion, events }: Append): AppendResult => {
    const head = headOf(stream)
    const version = head?.version ?? 0
    if (version === expectedVersion)
      return write(stream, head ?? remember(stream, sql.newStream(stream), 0), events)
    const repeated = head && repeatedAppend(sql.idsAfter(head.id, expectedVersion, events.length), events)
    if (repeated === undefined) return { status: 'conflict', version }
    return {
      status: 'repeated',
      version: expectedVersion + events.length,
      position: encodePosition(repeated),
    }
  }

  const write = (stream: string, head: Head, events: readonly EncodedEvent[]): AppendResult => {
    const recordedAt = now().getTime()
    let position = lastPosition()
    for (const { id, type, data, metadata } of events) {
      position += 1
      head.version += 1
      sql.insert(position, head.id, head.version, id, type, data, metadata, recordedAt)
      tail.keep([position, stream, head.version, id, type, data, metadata, recordedAt])
    }
    last = position
    return { status: 'appended', version: head.version, position: encodePosition(position) }
  }

  return { read, readAll, last: lastPosition, append, refresh, forget }
}

/** The position of the last of these events if all of them already stand where they are to be appended. */
function repeatedAppend(found: readonly [id: string, position: number][], events: readonly EncodedEvent[]) {
  const same = events.every(({ id }, index) => found[index]?.[0] === id)
  return same ? found.at(-1)?.[1] : undefined
}

/** Each statement as a function. The casts say once what the columns are; the tables are strict. */
function prepareStatements(database: DatabaseSync) {
  const prepare = (text: string) => database.prepare(text, { returnArrays: true })
  const all = <Row>(text: string) => {
    const statement = prepare(text)
    return (...values: SQLInputValue[]) => statement.all(...values) as unknown as Row[]
  }
  const get = <Row>(text: string) => {
    const statement = prepare(text)
    return (...values: SQLInputValue[]) => statement.get(...values) as unknown as Row
  }
  const lastPosition = get<[number]>('select coalesce(max(position), 0) from events')
  const dataVersion = get<[number]>('pragma data_version')
  const newStream = prepare('insert into streams (name) values (?)')
  const insert = prepare('insert into events values (?, ?, ?, ?, ?, ?, ?, ?)')
  return {
    lastPosition: (): number => lastPosition()[0],
    dataVersion: (): number => dataVersion()[0],
    newStream: (name: string): number => Number(newStream.run(name).lastInsertRowid),
    insert: (...values: SQLInputValue[]) => insert.run(...values),
    head: get<[id: number, version: number] | undefined>(
      `select id, (select coalesce(max(version), 0) from events where stream = streams.id)
       from streams where name = ?`,
    ),
    idsAfter: all<[id: string, position: number]>(
      'select id, position from events where stream = ? and version > ? order by version limit ?',
    ),
    streamRows: all<EventRow>(
      `select position, ?, version, id, type, data, metadata, recorded_at
       from events where stream = ? and version > ? order by version`,
    ),
    rows: all<EventRow>(
      `select position, name, version, events.id, type, data, metadata, recorded_at
       from events join streams on streams.id = stream where position > ? order by position limit ?`,
    ),
  }
}
