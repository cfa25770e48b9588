// How fast the log is counted into PostgreSQL: the events of a made-up city, in the batches that a gateway's reader takes, into empty tables.
// Run: npm run bench:postgres [-- --payments N]; 20,000 payments unless said. READ_MODEL_URL names an empty database; else a server of its own, with fsync off.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { eventsFileOf } from '../src/adapters/node/city/fill.ts'
import { postgresReadModels } from '../src/adapters/postgres/readModels.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { startPostgres } from '../test/support/postgres.ts'

const { values } = parseArgs({ options: { payments: { type: 'string', default: '20000' } } })
const batch = 1_000
const rateMin = 10_000

const folder = mkdtempSync(join(tmpdir(), 'thungan-postgres-bench-'))
const program = fileURLToPath(new URL('../src/adapters/node/cli/thungan.ts', import.meta.url))
const args = [program, 'city', '--data-dir', folder, '--payments', values.payments, '--json']
const made = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
if (made.status !== 0) throw new Error(`making the city ended with ${made.status}`)
const server = process.env.READ_MODEL_URL ? undefined : await startPostgres()
const store = sqliteEventStore({ file: eventsFileOf(folder), now: () => new Date() })
try {
  const models = await postgresReadModels(process.env.READ_MODEL_URL ?? (await server!.newDatabase()))
  const { projector } = models
  let position = await projector.begin(new AbortController().signal)
  if (position !== '') throw new Error('the database of READ_MODEL_URL is not empty')
  const head = await store.head()
  let events = 0
  let reading = 0
  const processor = process.cpuUsage()
  const begun = performance.now()
  while (position < head) {
    const reads = performance.now()
    const page = await store.readAll(position, batch)
    reading += performance.now() - reads
    await projector.apply(page)
    position = page.at(-1)!.position
    events += page.length
  }
  const seconds = (performance.now() - begun) / 1_000
  const { user, system } = process.cpuUsage(processor)
  await models.close()
  const rate = events / seconds
  console.log(
    `${events} events in ${seconds.toFixed(1)} s: ${rate.toFixed(0)} events/s (bar ${rateMin}); ` +
      `${((user + system) / 1e6).toFixed(1)} s of this process, ${(reading / 1_000).toFixed(1)} s of them reading SQLite`,
  )
} finally {
  await store.close()
  await server?.stop()
  rmSync(folder, { recursive: true })
}
