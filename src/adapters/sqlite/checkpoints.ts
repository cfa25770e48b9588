// The table of how far each reader has read the log, and what was set aside on the way, in whatever SQLite holds it.
import { type SetAside, type StatementsOf, setAsideEvents } from './setAside.ts'

export type Checkpoints = {
  readonly checkpoints: {
    /** The position handled last, '' for none. Losing it costs only time: processes may do everything twice. */
    readonly load: (process: string) => string
    readonly save: (process: string, position: string) => void
  }
  readonly setAside: SetAside
}

export const checkpointTable =
  'create table if not exists checkpoints (name text primary key, position text not null) strict;'

export function checkpointsIn(database: StatementsOf): Checkpoints {
  const load = database.prepare('select position from checkpoints where name = ?')
  const save = database.prepare('insert or replace into checkpoints values (?, ?)')
  return {
    checkpoints: {
      load: (process) => (load.get(process) as { position: string } | undefined)?.position ?? '',
      save: (process, position) => void save.run(process, position),
    },
    setAside: setAsideEvents(database),
  }
}
