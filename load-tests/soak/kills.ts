// What goes wrong in the soak, drawn from a seed: gateways are killed with -9, the one that counts too, and PostgreSQL is cut off as by a power cut.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { seeded } from '../../src/adapters/node/city/random.ts'
import { type Cluster, until } from './cluster.ts'

export type Kills = {
  readonly gateway: number
  readonly counting: number
  readonly postgres: number
  /** Milliseconds from the death of the gateway that counts until one has the turn. */
  readonly takeovers: readonly number[]
  /** Milliseconds from PostgreSQL's return until a gateway has the turn. */
  readonly returns: readonly number[]
}

const restMs = { least: 1_000, most: 5_000 }
const downMs = { least: 200, most: 3_000 }
const takeoverMsMax = 60_000

/** Kills until the signal aborts; then everything is up again. */
export async function killAtRandom(cluster: Cluster, seed: number, signal: AbortSignal): Promise<Kills> {
  const random = seeded(seed)
  const between = ({ least, most }: typeof restMs) => least + random.below(most - least)
  const takeovers: number[] = []
  const returns: number[] = []
  const counts = { gateway: 0, counting: 0, postgres: 0 }

  async function killGateway(index: number): Promise<void> {
    await cluster.kill(index)
    await wait(between(downMs))
    await cluster.start(index)
  }

  async function killCounting(): Promise<void> {
    const holder = await holderOf(cluster)
    const index = holder?.name === 'gateway1' ? 1 : 0
    const dead = cluster.gateways[index]!.ended
    const restarted = killGateway(index)
    await dead
    const begun = performance.now()
    await until('the turn was taken over', takeoverMsMax, async () => {
      const now = await holderOf(cluster)
      return now !== undefined && now.pid !== holder?.pid
    })
    takeovers.push(performance.now() - begun)
    await restarted
  }

  async function cutPostgres(): Promise<void> {
    await cluster.postgres.crash()
    await wait(between(downMs))
    await cluster.postgres.start()
    const begun = performance.now()
    await until('a gateway counts again', takeoverMsMax, async () => (await holderOf(cluster)) !== undefined)
    returns.push(performance.now() - begun)
  }

  const ways = [
    { name: 'gateway', kill: () => killGateway(random.below(2)) },
    { name: 'counting', kill: killCounting },
    { name: 'postgres', kill: cutPostgres },
  ] as const
  let round: (typeof ways)[number][] = []
  while (!signal.aborted) {
    await wait(between(restMs), undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    if (round.length === 0) round = [...ways] // each once before one comes again
    const [{ name, kill } = ways[0]] = round.splice(random.below(round.length), 1)
    await kill().catch((error: Error) => {
      throw new Error([error.message, ...cluster.deaths].join('; '))
    })
    counts[name] += 1
  }
  return { ...counts, takeovers, returns }
}

/** Whose connection has the turn. */
async function holderOf({ databaseUrl }: Cluster): Promise<{ name: string; pid: number } | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query(
      `select application_name as name, pid from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and granted and application_name like 'gateway%'`,
    )
    return rows[0]
  } finally {
    await client.end()
  }
}
