// One projector at a time: the turn is an advisory lock of one connection, so it passes on when that connection is gone.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

export type Turn = {
  /** The connection that has the turn, once it has it; undefined when the signal aborts first. Rejects when there is no database. */
  readonly take: (signal: AbortSignal) => Promise<pg.Client | undefined>
  readonly release: () => Promise<void>
}

const lookEveryMs = 500

export function createTurn(config: pg.ClientConfig, name: string): Turn {
  let holder: pg.Client | undefined

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...config, keepAlive: true })
    const lost = () => {
      if (holder === client) holder = undefined
    }
    client.on('error', lost)
    client.on('end', lost)
    await client.connect()
    return client
  }

  return {
    take: async (signal) => {
      if (holder) return holder
      const client = await connect()
      try {
        while (!signal.aborted) {
          const { rows } = await client.query(
            'select pg_try_advisory_lock(hashtextextended($1, 0)) as mine',
            [name],
          )
          if (rows[0].mine === true) {
            holder = client
            return client
          }
          await wait(lookEveryMs, undefined, { signal }).catch(() => {})
        }
        return undefined
      } finally {
        if (holder !== client) await client.end().catch(() => {})
      }
    },
    release: async () => {
      await holder?.end().catch(() => {})
    },
  }
}
