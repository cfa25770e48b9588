// Keys of the vault that were dropped: gone from the table, from the file's free space and from the write-ahead log.
import type { DatabaseSync } from 'node:sqlite'
import { StoreBusy } from '../../domain/core/eventStore.ts'
import { inTransaction } from './database.ts'
import { runningError } from './errors.ts'

/**
 * `dropped`: how often the key of each name was, and when last; the id is the name's hash, not the key's. `drops`: how many keys ever were, and how many of them are wiped out for sure. A file
 * of an earlier version was written without secure_delete and may have copies in its free space: that counts as one.
 */
export const droppedTables = (database: DatabaseSync): void =>
  database.exec(`
    create table dropped (id text primary key, times integer not null, at text not null) strict, without rowid;
    create table drops (made integer not null, wiped integer not null) strict;
    insert into drops values (exists (select 1 from keys), 0);`)

type DroppedKeys = {
  /** Changes whenever a key is dropped, in whichever process. */
  readonly count: () => number
  /** How often the key of a name was dropped, and when last. */
  readonly of: (nameId: string) => { readonly times: number; readonly at: string } | undefined
  /** Answers how often it was now: once more only if there was a key again. `currentId` is that key's. */
  readonly drop: (nameId: string, currentId: () => string, at: string) => number
}

/** What a crash or an earlier version has left is wiped out first, unless another process has the file: then by the next drop. */
export function droppedKeys(database: DatabaseSync, file: string): DroppedKeys {
  const remove = database.prepare('delete from keys where id = ?')
  const addDrops = database.prepare('update drops set made = made + ?')
  const note = database.prepare(
    `insert into dropped values (?1, 1, ?2) on conflict do update
     set times = times + ?3, at = ?2 returning times`,
  )
  const noted = database.prepare('select times, at from dropped where id = ?')
  const counted = database.prepare('select made, wiped from drops')
  const setWiped = database.prepare('update drops set wiped = max(wiped, ?)')
  const emptyLog = database.prepare('pragma wal_checkpoint(truncate)')

  const made = (): number => counted.get()!.made as number
  const isWiped = (): boolean => counted.get()!.wiped === made()

  /** secure_delete has overwritten the row where it stood; the log still has the pages as they were before. */
  function wipe({ freeSpace }: { freeSpace: boolean }): void {
    const upTo = made()
    try {
      if (freeSpace) database.exec('vacuum')
      if (emptyLog.get()!.busy !== 0) throw new StoreBusy(`${file} is in use: try again`)
      setWiped.run(upTo)
    } catch (error) {
      throw runningError(error, file)
    }
  }

  if (!isWiped())
    try {
      wipe({ freeSpace: true })
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error
    }

  return {
    count: made,
    of: (nameId) => noted.get(nameId) as { times: number; at: string } | undefined,
    drop: (nameId, currentId, at) => {
      const freeSpace = !isWiped()
      const times = inTransaction(database, () => {
        const { changes } = remove.run(currentId())
        addDrops.run(changes)
        return note.get(nameId, at, changes)!.times as number
      })
      if (!isWiped()) wipe({ freeSpace })
      return times
    },
  }
}
