// Whether a database can hold the read models: new enough, and able to hold every text.
import type pg from 'pg'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

const oldest = 11 // the first with hashtextextended

/** As the server says: `150019` is 15.19. */
export type ServerFacts = { readonly version: number; readonly encoding: string }

export async function refuseUnfit(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
  )
  const fault = faultOf(rows[0]!)
  if (fault) throw new StoreUnavailable(`The database of READ_MODEL_URL cannot be used: ${fault}`)
}

export function faultOf({ version, encoding }: ServerFacts): string | undefined {
  const major = Math.floor(version / 10_000)
  if (major < oldest) return `it is PostgreSQL ${major}, and ${oldest} or later is needed`
  if (encoding !== 'UTF8') return `its encoding is ${encoding}: create it with encoding 'UTF8'`
  return undefined
}
