// The read models' tables in PostgreSQL: a schema for each shape of them, so that gateways of two versions do not share tables.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Projection } from '../../../projections/projection.ts'
import { projections } from '../../../projections/readModels.ts'

export const types = { text: 'text', integer: 'bigint', money: 'bigint' } as const

export const quoted = (name: string): string => `"${name}"`

/** Bytes decide the order of text, as in the log and in the other databases. */
const columnTypes = { ...types, text: 'text collate "C"' } as const

function tableSql({ name, columns, key, indexes }: Projection): string {
  const list = Object.entries(columns).map(([column, type]) => `${quoted(column)} ${columnTypes[type]}`)
  const table = `create table ${quoted(name)} (${list.join(', ')}, primary key (${key.map(quoted).join(', ')}));`
  const more = indexes.map(({ columns, present }, index) => {
    const where = present ? ` where ${quoted(present)} is not null` : ''
    return `create index ${quoted(`${name}_${index + 1}`)} on ${quoted(name)} (${columns.map(quoted).join(', ')})${where};`
  })
  return [table, ...more].join('\n')
}

const tablesSql = `create table checkpoints (name text primary key, position text collate "C" not null);
insert into checkpoints values ('projections', '');
${projections.map(tableSql).join('\n')}`

/** Named by what is in it. A changed projection gets a new schema, filled from the log; the old one is for whoever still uses it. */
export const schemaName = `thungan_${createHash('sha256').update(tablesSql).digest('hex').slice(0, 12)}`

/** Makes the schema with all its tables unless it is there; two gateways that start at once make one. */
export async function makeSchema(client: pg.ClientBase): Promise<void> {
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [schemaName])
    const found = await client.query('select 1 from pg_namespace where nspname = $1', [schemaName])
    if (found.rowCount === 0)
      await client.query(
        `create schema ${quoted(schemaName)}; set local search_path = ${quoted(schemaName)}; ${tablesSql}`,
      )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
