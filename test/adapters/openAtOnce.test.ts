// Gateways that start together make the same files: SQLite refuses one of two without waiting, and it must ask again.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const [workers, files] = [2, 60]

test('a file that two make at the same moment opens for both', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-at-once-'))
  const arrived = new Int32Array(new SharedArrayBuffer(4 * files))
  const workerData = { folder, files, workers, arrived }
  const script = new URL('openAtOnce.ts', import.meta.url)
  const running = Array.from({ length: workers }, () => new Worker(script, { workerData }))
  const faults = await Promise.all(running.map(async (worker) => (await once(worker, 'message'))[0]))
  rmSync(folder, { recursive: true })
  expect(faults.flat()).toEqual([])
})
