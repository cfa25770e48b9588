// Whether the projector's thread keeps up: events of the city are appended to a new log at an even rate, and it follows, as under a gateway.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createLog } from '../src/adapters/node/log.ts'
import { projectInThread } from '../src/adapters/node/projections.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../src/adapters/sqlite/readModels.ts'
import type { Recorded, StreamAppend } from '../src/domain/core/eventStore.ts'

const everyMs = 50
const catchUpMaxMs = 60_000

/** `events`: of streams from their beginnings on. Says how fast they were appended, and how far behind the thread was meanwhile. */
export async function following(events: readonly Recorded[], perSecond: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-following-'))
  const [eventsFile, readModelsFile] = [join(folder, 'events.sqlite'), join(folder, 'read-models.sqlite')]
  const now = () => new Date()
  const store = sqliteEventStore({ file: eventsFile, now })
  const models = sqliteReadModels(readModelsFile)
  const ending = new AbortController()
  const files = { eventsFile, readModelsFile, logLevel: 'error' }
  const reader = projectInThread(files, store, models, { now, log: createLog('error') }, ending.signal)
  try {
    await store.append('connector-con_first', 0, [{ type: 'First', data: {}, metadata: {}, id: 'first' }])
    await caughtUp() // the thread has started
    const lags: number[] = []
    const started = performance.now()
    const atOnce = (perSecond * everyMs) / 1_000
    for (let at = 0; at < events.length; at += atOnce) {
      await store.appendInOrder(events.slice(at, at + atOnce).map(append))
      lags.push((await reader.lag()).behindMs)
      await wait(Math.max(0, started + ((at + atOnce) / perSecond) * 1_000 - performance.now()))
    }
    const appended = (performance.now() - started) / 1_000
    const after = await caughtUp()
    const sorted = lags.toSorted((a, b) => a - b)
    return (
      `${events.length} events appended at ${Math.round(events.length / appended)} a second (${perSecond} wanted); behind by ` +
      `${sorted[sorted.length >> 1]} ms (median), ${sorted.at(-1)} ms (most); all of it ${Math.round(after)} ms after the last`
    )
  } finally {
    ending.abort()
    await reader.stopped
    models.close()
    await store.close()
    rmSync(folder, { recursive: true })
  }

  async function caughtUp(): Promise<number> {
    const since = performance.now()
    const head = await store.head()
    while (models.projector.checkpoint() < head) {
      if (performance.now() - since > catchUpMaxMs) throw new Error('the projector does not catch up')
      await wait(1)
    }
    return performance.now() - since
  }
}

const append = ({ stream, version, id, type, data, metadata }: Recorded): StreamAppend => ({
  stream,
  expectedVersion: version - 1,
  events: [{ id, type, data, metadata }],
})
