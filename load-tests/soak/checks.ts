// What must be so when the soak is over, asked of the log, of the API and of the tables.
import { projections } from '../../projections/readModels.ts'
import { eventStoreDB } from '../../src/adapters/eventstoredb/eventStore.ts'
import { postgresReadModels } from '../../src/adapters/postgres/readModels.ts'
import { schemaName } from '../../src/adapters/postgres/schema.ts'
import type { EventStore, Recorded } from '../../src/domain/core/eventStore.ts'
import { callerOf } from '../../test/support/client.ts'
import { asked } from '../../test/support/postgres.ts'
import { type Cluster, operatorKey, until } from './cluster.ts'
import type { Sold } from './tills.ts'

const batch = 2_000
const settleMsMax = 60_000

/** Both gateways have counted and done all that is in the log. */
export async function settled({ addresses }: Cluster): Promise<void> {
  for (const address of addresses) {
    let said = ''
    const isIdle = async () => {
      const answer = await fetch(`${address}/readyz`).catch(() => undefined)
      said = (await answer?.text()) ?? 'nothing'
      if (answer?.status !== 200) return false
      const { lags } = JSON.parse(said) as { lags: { behindMs: number }[] }
      return lags.every(({ behindMs }) => behindMs === 0)
    }
    await until('a gateway has nothing more to do', settleMsMax, isIdle).catch((error: Error) => {
      throw new Error(`${error.message}: it says ${said}`)
    })
  }
}

export async function trialBalance({ addresses }: Cluster): Promise<string> {
  const answer = await callerOf(addresses[0]!).get('/v1/ledger/trial-balance', operatorKey)
  return answer.status === 200 ? answer.body.difference : answer.text
}

export async function wholeLog({ storeUrl }: Cluster): Promise<readonly Recorded[]> {
  const store: EventStore = eventStoreDB({ url: storeUrl, now: () => new Date() })
  const events: Recorded[] = []
  for (;;) {
    const page = await store.readAll(events.at(-1)?.position ?? '', batch)
    events.push(...page)
    if (page.length < batch) break
  }
  await store.close()
  return events
}

/** Faults between what tills were told and what is recorded: each paid once, and nothing that nobody sold. */
export function paidOnce({ paid }: Sold, events: readonly Recorded[]): readonly string[] {
  const times = new Map<string, number>()
  for (const { type, stream } of events) {
    if (type !== 'PaymentPaid') continue
    const id = stream.slice('payment-'.length)
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  const lost = [...paid]
    .filter((id) => !times.has(id))
    .map((id) => `${id} was answered as paid and is not recorded`)
  const others = [...times].flatMap(([id, count]) => [
    ...(count === 1 ? [] : [`${id} was paid ${count} times`]),
    ...(paid.has(id) ? [] : [`${id} was paid and no till knows of it`]),
  ])
  return [...lost, ...others]
}

/** Tables that differ from the same log counted anew into a database of its own, and how many rows there were. */
export async function againstRebuild(cluster: Cluster, events: readonly Recorded[]) {
  const url = await cluster.postgres.newDatabase()
  const models = await postgresReadModels(url)
  const begun = performance.now()
  await models.projector.begin(new AbortController().signal)
  for (let start = 0; start < events.length; start += batch)
    await models.projector.apply(events.slice(start, start + batch))
  const seconds = (performance.now() - begun) / 1_000
  await models.close()
  const differing: string[] = []
  let rows = 0
  for (const { name, key } of projections) {
    const order = key.map((column) => `"${column}"`).join(', ')
    const all = `select t::text as row from ${schemaName}."${name}" t order by ${order}`
    const [live, rebuilt] = await Promise.all([asked(cluster.databaseUrl, all), asked(url, all)])
    rows += rebuilt.length
    const same = live.length === rebuilt.length && live.every(({ row }, index) => row === rebuilt[index].row)
    if (!same) differing.push(name)
  }
  return { differing, rows, tables: projections.length, eventsPerSecond: events.length / seconds }
}
