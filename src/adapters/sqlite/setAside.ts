// Events that a process could not handle, kept beside the checkpoints until somebody has them tried again.

/** What is used of a database here: node:sqlite gives it, and a Durable Object's storage (durable-object/prepared.ts). */
export type StatementsOf = {
  readonly prepare: (text: string) => {
    readonly all: (...values: (string | number | null)[]) => object[]
    readonly get: (...values: (string | number | null)[]) => object | undefined
    readonly run: (...values: (string | number | null)[]) => { readonly changes: number | bigint }
  }
}

export type SetAsideEvent = {
  /** The process. */
  readonly reader: string
  /** The event: where it is in the log, and in its stream. */
  readonly position: string
  readonly stream: string
  readonly version: number
  readonly type: string
  /** The kind of error; never its message, which may quote what it was about. */
  readonly error: string
  readonly setAsideAt: string
}

export type SetAside = {
  /** Also when it is there already: then with its new error, and no longer to be tried again. */
  readonly add: (event: SetAsideEvent) => void
  readonly remove: (event: SetAsideEvent) => void
  /** All of them, in log order. */
  readonly list: () => readonly SetAsideEvent[]
  readonly counts: () => readonly { readonly reader: string; readonly count: number }[]
  /** Has events tried again by whichever gateway runs, or by the next to start: all, or the one at a position. Answers how many. */
  readonly retry: (position?: string) => number
  /** Those of a process that are to be tried again. */
  readonly due: (reader: string) => readonly SetAsideEvent[]
}

export const setAsideTable = `create table set_aside (
  reader text not null, position text not null, stream text not null, version integer not null, type text not null,
  error text not null, setAsideAt text not null, due integer not null default 0, primary key (reader, position)) strict;`

const columns = 'reader, position, stream, version, type, error, setAsideAt'

export function setAsideEvents(database: StatementsOf): SetAside {
  const insert = database.prepare(
    `insert or replace into set_aside (${columns}) values (?, ?, ?, ?, ?, ?, ?)`,
  )
  const remove = database.prepare('delete from set_aside where reader = ? and position = ?')
  const list = database.prepare(`select ${columns} from set_aside order by position, reader`)
  const counts = database.prepare(
    'select reader, count(*) as count from set_aside group by reader order by reader',
  )
  const due = database.prepare(
    `select ${columns} from set_aside where reader = ? and due = 1 order by position`,
  )
  const retry = database.prepare('update set_aside set due = 1 where ?1 is null or position = ?1')
  return {
    add: ({ reader, position, stream, version, type, error, setAsideAt }) =>
      void insert.run(reader, position, stream, version, type, error, setAsideAt),
    remove: ({ reader, position }) => void remove.run(reader, position),
    list: () => list.all() as SetAsideEvent[],
    counts: () => counts.all() as { reader: string; count: number }[],
    retry: (position) => Number(retry.run(position ?? null).changes),
    due: (reader) => due.all(reader) as SetAsideEvent[],
  }
}
