// When each terminal was last seen, outside the log: a heartbeat a minute is news, not history. Losing this file costs freshness only.
import type { LastSeen, Presence } from '../../http/services.ts'
import { inTransaction, openDatabase } from './database.ts'

export type SqlitePresence = Presence & {
  /** Writes what came since the last time, in one transaction. */
  readonly flush: () => void
  readonly close: () => void
}

const table = `create table last_seen (
  terminal text primary key, at text not null, status text) strict, without rowid;`

export function sqlitePresence(file: string, now: () => Date): SqlitePresence {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: [table] })
  const select = database.prepare('select at, status from last_seen where terminal = ?')
  const upsert = database.prepare(`insert into last_seen values (?, ?, ?)
    on conflict do update set at = excluded.at, status = excluded.status where excluded.at > at`)
  const unwritten = new Map<string, LastSeen>()

  function read(terminalId: string): LastSeen | undefined {
    const row = select.get(terminalId)
    if (!row) return undefined
    return { at: row.at as string, ...(row.status !== null && { status: row.status as string }) }
  }

  function flush(): void {
    if (unwritten.size === 0) return
    inTransaction(database, () => {
      for (const [terminalId, { at, status }] of unwritten) upsert.run(terminalId, at, status ?? null)
    })
    unwritten.clear()
  }

  return {
    listeningSince: now().toISOString(),
    last: (terminalId) => unwritten.get(terminalId) ?? read(terminalId),
    mark: (terminalId, seen) => void unwritten.set(terminalId, seen),
    flush,
    close: () => {
      try {
        flush()
      } finally {
        database.close()
      }
    },
  }
}
