// Where each of many streams ends, kept on disk while it is asked for: a log has more streams than memory should hold.
import { DatabaseSync } from 'node:sqlite'

type Head = { readonly version: number; readonly hash: string }

export type StreamHeads = {
  readonly get: (stream: string) => Head | undefined
  readonly set: (stream: string, version: number, hash: string) => void
  readonly close: () => void
}

export function streamHeads(): StreamHeads {
  const database = new DatabaseSync('') // a file of SQLite's own that is gone once it is closed
  database.exec(`pragma cache_size = -65536; pragma journal_mode = off;
    create table heads (stream text primary key, version integer not null, hash text not null) strict, without rowid;
    begin`)
  const find = database.prepare('select version, hash from heads where stream = ?')
  const put = database.prepare('insert or replace into heads values (?, ?, ?)')
  return {
    get: (stream) => find.get(stream) as Head | undefined,
    set: (stream, version, hash) => void put.run(stream, version, hash),
    close: () => database.close(),
  }
}
