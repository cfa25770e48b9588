// The SQL of a projection's table, the same wherever there is SQLite: what makes it, and what reads and writes one row of it.
import type { Projection } from '../../../projections/projection.ts'

export const quoted = (column: string): string => `"${column}"`

/** The statement that makes a projection's table. Rows keep their place when they change, so that new ones lie together. */
export function tableSql({ name, columns, key }: Projection): string {
  const types = { text: 'text', integer: 'integer', money: 'integer' } as const
  const list = Object.entries(columns).map(([column, type]) => `${quoted(column)} ${types[type]}`)
  const primary = key.map(quoted).join(', ')
  return `create table "${name}" (${list.join(', ')}, primary key (${primary})) strict;`
}

/** The statements that make its indexes, better once it is filled. */
export const indexSql = ({ name, indexes }: Projection): string =>
  indexes
    .map(({ columns, present }, index) => {
      const where = present ? ` where ${quoted(present)} is not null` : ''
      return `create index "${name}_${index + 1}" on "${name}" (${columns.map(quoted).join(', ')})${where};`
    })
    .join('\n')

/** Takes a row's cells in the order of the columns, then its key; `cell` says how a column is selected. */
export function rowSql({ name, columns, key }: Projection, cell: (column: string) => string = quoted) {
  const table = quoted(name)
  const names = Object.keys(columns)
  const byKey = key.map((column) => `${quoted(column)} = ?`).join(' and ')
  const changes = names.map((column) => `${quoted(column)} = ?`).join(', ')
  return {
    select: `select ${names.map(cell).join(', ')} from ${table} where ${byKey}`,
    insert: `insert into ${table} (${names.map(quoted).join(', ')}) values (${names.map(() => '?').join(', ')})`,
    update: `update ${table} set ${changes} where ${byKey}`,
    remove: `delete from ${table} where ${byKey}`,
  }
}
