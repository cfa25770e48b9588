// How far each process has read the log. In a file of its own: the read models' file is locked while rows are written.
import { openDatabase } from './database.ts'

export type Checkpoints = {
  /** The position handled last, '' for none. Losing it costs only time: processes may do everything twice. */
  readonly load: (process: string) => string
  readonly save: (process: string, position: string) => void
  readonly close: () => void
}

export const checkpointTable =
  'create table if not exists checkpoints (name text primary key, position text not null) strict;'

export function sqliteCheckpoints(file: string): Checkpoints {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: [checkpointTable] })
  const load = database.prepare('select position from checkpoints where name = ?')
  const save = database.prepare('insert or replace into checkpoints values (?, ?)')
  return {
    load: (process) => (load.get(process)?.position as string | undefined) ?? '',
    save: (process, position) => void save.run(process, position),
    close: () => database.close(),
  }
}
