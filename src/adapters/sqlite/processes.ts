// How far each process has read the log, and what it set aside. In a file of its own: the read models' file is locked while rows are written.
import { openDatabase } from './database.ts'
import { type SetAside, setAsideEvents, setAsideTable } from './setAside.ts'

export type SqliteProcesses = {
  readonly checkpoints: {
    /** The position handled last, '' for none. Losing it costs only time: processes may do everything twice. */
    readonly load: (process: string) => string
    readonly save: (process: string, position: string) => void
  }
  readonly setAside: SetAside
  readonly close: () => void
}

export const checkpointTable =
  'create table if not exists checkpoints (name text primary key, position text not null) strict;'

export function sqliteProcesses(file: string): SqliteProcesses {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: [checkpointTable, setAsideTable] })
  const load = database.prepare('select position from checkpoints where name = ?')
  const save = database.prepare('insert or replace into checkpoints values (?, ?)')
  return {
    checkpoints: {
      load: (process) => (load.get(process)?.position as string | undefined) ?? '',
      save: (process, position) => void save.run(process, position),
    },
    setAside: setAsideEvents(database),
    close: () => database.close(),
  }
}
