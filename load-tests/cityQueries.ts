// Every public statistics query, asked of the seeded city's read models through the HTTP app, one after the other, about days and months by chance.

import { seeded } from '../src/adapters/node/city/random.ts'
import { nodeCrypto } from '../src/adapters/node/crypto.ts'
import { gatewayOver } from '../src/adapters/node/gatewayOver.ts'
import type { SqliteReadModels } from '../src/adapters/sqlite/readModels.ts'
import { addDays } from '../src/domain/core/businessDay.ts'
import type { EventStore } from '../src/domain/core/eventStore.ts'
import { createApp } from '../src/http/app.ts'
import { sandboxBank } from '../src/http/sandboxBank.ts'
import type { Services } from '../src/http/services.ts'

const rounds = 40
const warmUp = 3

type Measured = {
  readonly name: string
  readonly p50: number
  readonly p95: number
  readonly max: number
  readonly cpu: number
}

/** Milliseconds of each query; `cpu`: of processor, p95, which a busy machine does not lengthen as much. The tasks of a gateway do not run meanwhile: they would be measured, too. */
export async function measureQueries(
  store: EventStore,
  { queries, projector }: SqliteReadModels,
): Promise<Measured[]> {
  const app = createApp(servicesOver(store, queries, projector.checkpoint()))
  const random = seeded(7)
  const measured: Measured[] = []
  for (const [name, path] of Object.entries(paths)) {
    const times: number[] = []
    const used: number[] = []
    for (let round = -warmUp; round < rounds; round++) {
      const asked = path(addDays('2017-02-01', random.below(690)))
      const before = process.cpuUsage()
      const started = performance.now()
      const response = await app.request(`/v1/statistics/${asked}`)
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${asked}: ${response.status} ${text.slice(0, 300)}`)
      if (round < 0) continue
      times.push(performance.now() - started)
      const { user, system } = process.cpuUsage(before)
      used.push((user + system) / 1_000)
    }
    const at = quantiles(times)
    measured.push({ name, p50: at(0.5), p95: at(0.95), max: at(1), cpu: quantiles(used)(0.95) })
  }
  return measured
}

function quantiles(values: readonly number[]): (part: number) => number {
  const sorted = values.toSorted((a, b) => a - b)
  return (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}

const monthOf = (day: string): string => day.slice(0, 7)

const paths: Readonly<Record<string, (day: string) => string>> = {
  indicators: (day) => `indicators?asOf=${day}`,
  acceptance: (day) => `acceptance?asOf=${day}`,
  'payments, 31 days': (day) => `payments?from=${addDays(day, -30)}&to=${day}`,
  'payments, 31 days by sector, district': (day) =>
    `payments?from=${addDays(day, -30)}&to=${day}&by=sector,district`,
  'payments, two years by month': () => 'payments?from=2017-01-01&to=2018-12-31&interval=month',
  'payments, two years by month, sector, method': () =>
    'payments?from=2017-01-01&to=2018-12-31&interval=month&by=sector,method',
  'payments, two years by year, district': () =>
    'payments?from=2017-01-01&to=2018-12-31&interval=year&by=district',
  'payments, two years by day': () => 'payments?from=2017-01-01&to=2018-12-31&interval=day',
  figures: (day) => `figures?asOf=${day}`,
  transactions: (day) => `transactions?month=${monthOf(day)}`,
  cohorts: (day) => `cohorts?asOf=${day}`,
  definitions: () => 'definitions',
  'table rbi-payment-indicators': (day) => `tables/rbi-payment-indicators?period=${monthOf(day)}`,
  'table sbv-payment-instruments': (day) =>
    `tables/sbv-payment-instruments?period=${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`,
  'table open-data': (day) => `tables/open-data?period=${monthOf(day)}`,
}

/** What the statistics ask for. A cut that is kept is asked as the live tables are. */
function servicesOver(store: EventStore, readModels: Services['readModels'], position: string): Services {
  const services: Partial<Services> = {
    gateway: gatewayOver(store),
    readModels,
    knownAt: async () => ({ position, readModels }),
    readStream: (stream) => store.read(stream),
    readAll: store.readAll,
    crypto: nodeCrypto,
    sandboxBank: sandboxBank(),
    now: () => new Date('2019-01-05T02:00:00.000Z'),
    metrics: { render: async () => '', observe: () => {} },
    log: { error: (fields) => console.error(fields), debug: () => {} },
    settings: {
      version: '0.0.0',
      publicUrl: 'http://gateway.bench',
      sandbox: true,
      masterKey: new Uint8Array(32).fill(7),
      lagMaxMs: 5_000,
    },
  }
  return services as Services
}
