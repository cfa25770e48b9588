// The real gateway in a process of its own, on a temporary folder (or BENCH_DATA_DIR), that tells the bench its port and what it has used.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEnvironment } from '../src/adapters/node/environment.ts'
import { openServer } from '../src/adapters/node/server.ts'

const given = process.env.BENCH_DATA_DIR
const dataDir = given ?? mkdtempSync(join(tmpdir(), 'thungan-bench-'))
const gateway = await openServer(
  readEnvironment({ DEMO: '0', LOG_LEVEL: 'error', ...process.env, PORT: '0', DATA_DIR: dataDir }),
)

const [tillPort] = gateway.tillPorts
process.send?.({ port: Number(new URL(gateway.url).port), tillPort })
process.on('message', () => process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage.rss() }))
process.on('disconnect', async () => {
  await gateway.stop()
  if (given === undefined) rmSync(dataDir, { recursive: true })
  process.exit(0)
})
