// That a log was moved into this file, and what was known of it: its positions may have gaps, and its seals keys that cannot be dropped.
import { DatabaseSync } from 'node:sqlite'
import type { MovedLog } from '../../domain/core/logMove.ts'
import { type Rows, rowsOf } from './rows.ts'

/** Only a file that a log was moved into has this table: any other is as every version has known it. */
export const movedTable = `create table moved (
  id integer primary key check (id = 1), count integer not null, sha256 text not null, last text not null,
  derived_keys integer not null) strict`

type MovedRow = readonly [count: number, sha256: string, last: string, derivedKeys: number]

export function movedIn({ get }: Rows): MovedLog | undefined {
  const hasTable = get<unknown>("select 1 from sqlite_schema where name = 'moved'")()
  if (hasTable === undefined) return undefined
  const row = get<MovedRow | undefined>('select count, sha256, last, derived_keys from moved')()
  if (row === undefined) return undefined
  const [count, sha256, last, derivedKeys] = row
  return { count, sha256, last, derivedKeys: derivedKeys === 1 }
}

/** The same of a file that somebody else has open. */
export function movedInto(file: string): MovedLog | undefined {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    return movedIn(rowsOf(database))
  } finally {
    database.close()
  }
}
