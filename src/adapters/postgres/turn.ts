// One projector at a time: the turn is an advisory lock of one connection, so it passes on when that connection is gone.
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

export type Turn = {
  /** The connection that has the turn, once it has it; undefined when the signal aborts first. Rejects when there is no database. */
  readonly take: (signal: AbortSignal) => Promise<pg.Client | undefined>
  /** Gives up a connection that does not answer, without waiting for it. */
  readonly drop: () => void
  readonly release: () => Promise<void>
}

const lookEveryMs = 500
const answerMs = 30_000 // a batch takes far less
// A machine that is gone without a word keeps its turn until the server asks after it: after 11 seconds, not two hours.
const keepalives = 'tcp_keepalives_idle=5 tcp_keepalives_interval=2 tcp_keepalives_count=3'
// The same few statements again and again, each by a primary key: planned once.
const plans = 'plan_cache_mode=force_generic_plan'

export function createTurn(config: pg.ClientConfig, name: string, queryMs = answerMs): Turn {
  let holder: pg.Client | undefined
  const options = [config.options, ...`${keepalives} ${plans}`.split(' ').map((one) => `-c ${one}`)].join(' ')

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...config, options, query_timeout: queryMs, keepAlive: true })
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
    drop: () => {
      const silent = holder
      holder = undefined
      if (silent) (silent as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
    },
    release: async () => {
      await holder?.end().catch(() => {})
    },
  }
}
