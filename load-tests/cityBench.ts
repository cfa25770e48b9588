// How long the seeded city takes to make, how long each statistics query takes on it, and how fast its events are projected: live, and in a rebuild.
// Run: npm run bench:city [-- --payments N] [--folder F] [--no-rebuild]; 2,000,000 payments unless said; a folder that `thungan city` made is taken as it is.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { eventsFileOf, readModelsFileOf } from '../src/adapters/node/city/fill.ts'
import { cityPayments } from '../src/adapters/node/city/size.ts'
import { decodePosition, encodePosition } from '../src/adapters/sqlite/eventRow.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { type SqliteReadModels, sqliteReadModels } from '../src/adapters/sqlite/readModels.ts'
import type { EventStore, Recorded } from '../src/domain/core/eventStore.ts'
import { following } from './cityFollowing.ts'
import { measureQueries } from './cityQueries.ts'

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: String(cityPayments) },
    folder: { type: 'string' },
    rebuild: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
const liveEvents = 200_000
const liveBatch = 1_000 // as the gateway's reader takes them
const followedPerSecond = 20_000 // for some ten seconds
const queryMsMax = 100

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'thungan-city-'))
if (!existsSync(eventsFileOf(folder))) makeCity(folder)
const copy = `${readModelsFileOf(folder)}.bench`
const store = sqliteEventStore({ file: eventsFileOf(folder), now: () => new Date() })
try {
  const models = sqliteReadModels(readModelsFileOf(folder))
  await queries(store, models)
  models.close()
  copyFileSync(readModelsFileOf(folder), copy) // the city stays as it is
  await projection(store)
} finally {
  await store.close()
  for (const part of ['', '-wal', '-shm', '.rebuild']) rmSync(`${copy}${part}`, { force: true })
  if (values.folder === undefined) rmSync(folder, { recursive: true })
}

/** By the command, in a process of its own. */
function makeCity(dataDir: string): void {
  const started = performance.now()
  const program = fileURLToPath(new URL('../src/adapters/node/cli/thungan.ts', import.meta.url))
  const args = [...process.execArgv, program, 'city', '--data-dir', dataDir, '--payments', values.payments]
  const { status, stdout } = spawnSync(process.execPath, [...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`making the city ended with ${status}`)
  const { payments, events, processorSeconds } = JSON.parse(stdout)
  const megabytes = (file: string) => Math.round(statSync(file).size / 1_048_576)
  console.log(
    `made ${payments} payments, ${events} events, with their read models in ${seconds(started)} s ` +
      `(${processorSeconds.toFixed(0)} s of processor): log ${megabytes(eventsFileOf(dataDir))} MiB, ` +
      `read models ${megabytes(readModelsFileOf(dataDir))} MiB`,
  )
}

async function queries(log: EventStore, models: SqliteReadModels): Promise<void> {
  console.log(
    `\nstatistics at ${decodePosition(models.projector.checkpoint())} events: p50 / p95 / max, and p95 of processor, ms`,
  )
  let slow = 0
  for (const { name, p50, p95, max, cpu } of await measureQueries(log, models)) {
    if (p95 > queryMsMax) slow += 1
    const times = [p50, p95, max, cpu].map((ms) => ms.toFixed(1).padStart(8)).join('')
    console.log(`  ${name.padEnd(46)}${times}${p95 > queryMsMax ? `  over ${queryMsMax} ms` : ''}`)
  }
  if (slow > 0) process.exitCode = 1
}

/** Into the copy: as many events again as the city ended with, under other names; then all from the start. */
async function projection(log: EventStore): Promise<void> {
  const models = sqliteReadModels(copy)
  const events = await nextEvents(log)
  let started = performance.now()
  let used = process.cpuUsage()
  for (let at = 0; at < events.length; at += liveBatch)
    models.projector.apply(events.slice(at, at + liveBatch))
  console.log(`\nprojected live: ${rate(events.length, started, used)}`)
  models.close()
  console.log(`followed by the projector's thread: ${await following(events, followedPerSecond)}`)
  if (!values.rebuild) return
  copyFileSync(readModelsFileOf(folder), copy)
  const again = sqliteReadModels(copy)
  started = performance.now()
  used = process.cpuUsage()
  const { differing, position } = await again.rebuild(log)
  console.log(`rebuilt beside the live ones: ${rate(decodePosition(position), started, used)}`)
  if (differing.length > 0) throw new Error(`the rebuilt ones differ: ${differing.join(', ')}`)
  again.close()
}

async function nextEvents(log: EventStore): Promise<Recorded[]> {
  const head = decodePosition(await log.head())
  const last = await log.readAll(encodePosition(Math.max(0, head - liveEvents)), liveEvents)
  const begun = new Set(last.filter(({ version }) => version === 1).map(({ stream }) => stream))
  return last
    .filter(({ stream }) => begun.has(stream))
    .map((event, n) => ({ ...event, stream: `${event.stream}X`, position: encodePosition(head + n + 1) }))
}

function rate(events: number, started: number, used: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(used)
  const wall = (performance.now() - started) / 1_000
  const cpu = (user + system) / 1e6
  return `${events} events, ${Math.round(events / wall)} a second; ${Math.round(events / cpu)} a second of processor`
}

const seconds = (started: number): string => ((performance.now() - started) / 1_000).toFixed(1)
