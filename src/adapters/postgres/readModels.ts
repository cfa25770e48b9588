// The read models in PostgreSQL, shared by all gateways: the same projections and the same queries as in SQLite.
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { ReadModels } from '../../../projections/readModels.ts'
import { readModels } from '../sql/queries.ts'
import type { Tables } from '../sql/tables.ts'
import { databaseError, tellingErrors } from './errors.ts'
import { refuseUnfit } from './fitness.ts'
import { createProjector, type PostgresProjector } from './projector.ts'
import { makeSchema, schemaName } from './schema.ts'
import { createTurn } from './turn.ts'

const connectionsMax = 10
const connectMs = 5_000

export type PostgresReadModels = {
  readonly queries: ReadModels
  readonly projector: PostgresProjector
  readonly close: () => Promise<void>
}

/** `url` as PostgreSQL's own tools take it. Throws StoreUnavailable when there is no such database, without quoting the url. */
export async function postgresReadModels(url: string): Promise<PostgresReadModels> {
  const config = {
    connectionString: url,
    options: `-c search_path=${schemaName}`,
    connectionTimeoutMillis: connectMs,
  }
  const pool = new pg.Pool({ ...config, max: connectionsMax })
  pool.on('error', () => {}) // an idle connection that broke: the next query opens another
  pool.on('connect', (client) => void client.on('error', () => {})) // or one that is in use: who uses it is told
  try {
    const client = await pool.connect()
    await refuseUnfit(client)
      .then(() => makeSchema(client))
      .finally(() => client.release())
  } catch (error) {
    await pool.end()
    throw databaseError(error)
  }
  const turn = createTurn(config, schemaName)
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
  })
  return {
    queries: tellingErrors(readModels(db)),
    projector: createProjector(turn, pool),
    close: async () => {
      await turn.release()
      await db.destroy()
    },
  }
}
