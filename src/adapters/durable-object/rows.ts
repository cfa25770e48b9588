// SQL on a Durable Object's storage as functions that give rows as arrays; the storage keeps prepared statements itself.
import type { Rows } from '../sqlite/rows.ts'
import type { SqlStorage } from './storage.ts'

export function storageRows(sql: SqlStorage): Rows {
  const all =
    <Row>(text: string) =>
    (...values: unknown[]) =>
      [...sql.exec(text, ...values).raw()] as unknown as Row[]
  const get = <Row>(text: string) => {
    const select = all<Row>(text)
    return (...values: unknown[]) => select(...values)[0] as Row
  }
  return {
    all,
    get,
    insert: (text) => {
      const insert = get<[number] | undefined>(`${text} returning rowid`)
      return (...values) => insert(...values)?.[0]
    },
  }
}
