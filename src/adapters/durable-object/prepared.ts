// A Durable Object's storage in the form of node:sqlite, as far as small tables beside the log need it.
import type { StatementsOf } from '../sqlite/setAside.ts'
import type { SqlStorage } from './storage.ts'

export const prepared = (sql: SqlStorage): StatementsOf => ({
  prepare: (text) => {
    const all = (...values: unknown[]) => sql.exec(text, ...values).toArray()
    return {
      all,
      get: (...values) => all(...values)[0],
      run: (...values) => {
        all(...values)
        return { changes: Number(sql.exec('select changes() as changes').toArray()[0]!.changes) }
      },
    }
  },
})
