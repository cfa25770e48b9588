// SQL as functions that give rows as arrays, in the order of the columns. The casts say once what the columns are.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

type Value = string | number

/** What statements on the log need of a database; a Durable Object's storage gives the same (durable-object/rows.ts). */
export type Rows = {
  readonly all: <Row>(text: string) => (...values: Value[]) => Row[]
  readonly get: <Row>(text: string) => (...values: Value[]) => Row
  /** An insert into a table with an integer key: the new key, undefined where the insert did nothing. */
  readonly insert: (text: string) => (...values: Value[]) => number | undefined
}

export function rowsOf(database: DatabaseSync): Rows {
  const prepare = (text: string): StatementSync => database.prepare(text, { returnArrays: true })
  return {
    all: <Row>(text: string) => {
      const statement = prepare(text)
      return (...values: SQLInputValue[]) => statement.all(...values) as unknown as Row[]
    },
    get: <Row>(text: string) => {
      const statement = prepare(text)
      return (...values: SQLInputValue[]) => statement.get(...values) as unknown as Row
    },
    insert: (text) => {
      const statement = prepare(text)
      return (...values) => {
        const { changes, lastInsertRowid } = statement.run(...values)
        return changes === 0 ? undefined : Number(lastInsertRowid)
      }
    },
  }
}
