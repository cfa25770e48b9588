// A log's file opened to be read and nothing else: also a copy on a read-only disk, also while a gateway writes to it.
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { openingError } from './errors.ts'
import { decodePosition, type EventRow } from './eventRow.ts'
import { eventMigrations } from './eventTables.ts'
import { movedIn } from './moved.ts'
import { type Rows, rowsOf } from './rows.ts'

/** A row with the stream's number, which is shorter to remember than its name. */
export type LogRow = readonly [...EventRow, streamId: number]

export type LogFile = {
  readonly last: () => number
  /** How many events there should be, by the positions. */
  readonly size: () => number
  /** Up to where positions may have gaps, because a log with gaps was moved here; 0 where they may not. */
  readonly gapsTo: number
  readonly rows: (after: number, limit: number) => readonly LogRow[]
  /** Where a version of a stream is, and its hash. */
  readonly find: (streamId: number, version: number) => readonly [position: number, hash: string] | undefined
  /** The first event from a position on that has no event before it in its stream. */
  readonly firstOrphan: (position: number) => readonly [stream: string, version: number] | undefined
  readonly seals: () => readonly SealRow[]
  readonly seal: (date: string) => string | undefined
  readonly close: () => void
}
export type SealRow = readonly [stream: string, version: number, position: number, data: string]

// What no gateway writes must not stop a check: numbers beyond JavaScript's read as 0, a stream without a name as ''.
const columns = `position, coalesce(name, ''), iif(version between 1 and 9007199254740991, version, 0),
  events.id, type, data, metadata,
  iif(recorded_at between -8640000000000000 and 8640000000000000, recorded_at, 0), hash, stream`

export function openLogFile(file: string): LogFile {
  const database = openReadOnly(file)
  const { all, get } = rowsOf(database)
  const last = get<[number]>('select coalesce(max(position), 0) from events')
  const moved = movedGaps(rowsOf(database))
  const seal = get<[string] | undefined>(
    'select data from streams join events on stream = streams.id where name = ? and version = 1',
  )
  return {
    last: () => last()[0],
    size: () => last()[0] - moved.last + moved.count,
    gapsTo: moved.last,
    rows: all<LogRow>(
      `select ${columns} from events left join streams on streams.id = stream
       where position > ? order by position limit ?`,
    ),
    find: get<[number, string] | undefined>(
      'select position, hash from events where stream = ? and version = ?',
    ),
    firstOrphan: get<[string, number] | undefined>(
      `select coalesce(name, ''), version from events as event left join streams on streams.id = stream
       where position >= ? and version > 1 and not exists (
         select 1 from events as before where before.stream = event.stream and before.version = event.version - 1)
       order by position limit 1`,
    ),
    seals: all<SealRow>(
      `select name, version, position, data from streams join events on stream = streams.id
       where name > 'seal-' and name < 'seal.' and type = 'DaySealed' order by position`,
    ),
    seal: (date) => seal(`seal-${date}`)?.[0],
    close: () => database.close(),
  }
}

/** Where a log that was moved here ends and how many events it has, if its positions have gaps. */
function movedGaps(rows: Rows): { readonly last: number; readonly count: number } {
  const moved = movedIn(rows)
  const last = decodePosition(moved?.last ?? '')
  return moved && last !== moved.count ? { last, count: moved.count } : { last: 0, count: 0 }
}

function openReadOnly(file: string): DatabaseSync {
  try {
    const database = openAnywhere(file)
    const { user_version: version } = database.prepare('pragma user_version').get() as {
      user_version: number
    }
    if (version === eventMigrations.length) return database
    database.close()
    const older = version < eventMigrations.length
    throw new StoreUnavailable(
      older
        ? `${file} was made by an older version: start the gateway on it once`
        : `${file} was made by a newer version: check it with that version`,
    )
  } catch (error) {
    throw openingError(error, file)
  }
}

/** SQLite wants its helper files beside a log; where it may not make them, nobody else may write either. */
function openAnywhere(file: string): DatabaseSync {
  const options = { readOnly: true, timeout: 5_000 }
  const database = new DatabaseSync(file, options)
  try {
    database.prepare('select 1 from sqlite_schema').get()
    return database
  } catch (error) {
    database.close()
    const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })
    if (wal && wal.size > 0) throw error // what it holds would be missed
    const url = pathToFileURL(file)
    url.searchParams.set('immutable', '1')
    return new DatabaseSync(url, options)
  }
}
