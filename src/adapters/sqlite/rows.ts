// SQL as functions that give rows as arrays, in the order of the columns. The casts say once what the columns are.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

export function rowsOf(database: DatabaseSync) {
  const prepare = (text: string): StatementSync => database.prepare(text, { returnArrays: true })
  return {
    prepare,
    all: <Row>(text: string) => {
      const statement = prepare(text)
      return (...values: SQLInputValue[]) => statement.all(...values) as unknown as Row[]
    },
    get: <Row>(text: string) => {
      const statement = prepare(text)
      return (...values: SQLInputValue[]) => statement.get(...values) as unknown as Row
    },
  }
}
