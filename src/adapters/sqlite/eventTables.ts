// The tables of the log, and every statement on them.
import type { Migration } from './database.ts'
import type { EventRow } from './eventRow.ts'
import { addHashes } from './hashMigration.ts'
import type { Rows } from './rows.ts'

// A stream is an integer here: keys stay short and in the order of time. Event ids have no index of their own,
// because random keys cost more than all the rest; a repeated append is recognized inside its stream.
export const firstEventTables = `create table streams (id integer primary key, name text not null unique) strict;
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
   ) strict;`

export const eventMigrations: readonly Migration[] = [firstEventTables, addHashes]

/** Each statement as a function; the tables are strict. */
export function prepareStatements({ all, get, insert }: Rows) {
  const lastPosition = get<[number]>('select coalesce(max(position), 0) from events')
  return {
    lastPosition: (): number => lastPosition()[0],
    /** The id of a new stream, undefined when there is one of that name. */
    newStream: insert('insert into streams (name) values (?) on conflict do nothing'),
    insert: insert('insert into events values (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    head: get<[id: number, version: number, hash: string] | undefined>(
      `select streams.id, coalesce(version, 0), coalesce(hash, '')
       from streams left join events on stream = streams.id where name = ? order by version desc limit 1`,
    ),
    idsAfter: all<[id: string, position: number]>(
      'select id, position from events where stream = ? and version > ? order by version limit ?',
    ),
    streamRows: all<EventRow>(
      `select position, ?, version, id, type, data, metadata, recorded_at, hash
       from events where stream = ? and version > ? order by version`,
    ),
    rows: all<EventRow>(
      `select position, name, version, events.id, type, data, metadata, recorded_at, hash
       from events join streams on streams.id = stream where position > ? order by position limit ?`,
    ),
  }
}
