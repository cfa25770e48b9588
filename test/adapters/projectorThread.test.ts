// The projector in its thread: follows the log file, ends when told, and is started again when it dies.
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { projectInThread } from '../../src/adapters/node/projections.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { eventually } from '../support/gateway.ts'

let folder: string
let store: EventStore
const now = () => new Date()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-projector-'))
  store = sqliteEventStore({ file: join(folder, 'events.sqlite'), now })
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const register = (id: string) =>
  store.append(`site-${id}`, 0, [
    {
      id: `event-${id}`,
      type: 'SiteRegistered',
      data: {
        merchantId: 'mer_7K3MA',
        name: 'A',
        sector: 'supermarket',
        district: 'B',
        registeredAt: '2026-11-22T03:00:00Z',
      },
      metadata: {},
    },
  ])

/** Runs the thread on a read models' file, with the log's lines collected. */
function run(readModelsFile: string) {
  const readModels = sqliteReadModels(join(folder, 'read-models.sqlite'))
  const ending = new AbortController()
  const faults: string[] = []
  const log = { error: (_fields: object, message: string) => void faults.push(message), debug: () => {} }
  const files = { eventsFile: join(folder, 'events.sqlite'), readModelsFile, logLevel: 'silent' }
  const reader = projectInThread(files, store, readModels, { now, log }, ending.signal)
  const siteIds = async () =>
    (await readModels.queries.siteIds('mer_7K3MA', { limit: 10, cursor: undefined })).rows
  const stop = async () => {
    ending.abort()
    await reader.stopped
    readModels.close()
  }
  return { reader, faults, siteIds, stop }
}

test('rows follow the log, and nothing is behind', async () => {
  const { reader, siteIds, stop, faults } = run(join(folder, 'read-models.sqlite'))
  await register('sit_1')
  await eventually('the row is there', async () => (await siteIds()).length === 1)
  expect(await reader.lag()).toEqual({ name: 'projections', behindMs: 0 })
  await stop()
  expect(faults).toEqual([])
})

test('a thread that dies is logged and started again', async () => {
  const blocked = join(folder, 'blocked')
  mkdirSync(blocked) // a folder where its file should be
  const { faults, stop } = run(blocked)
  await eventually('it died', () => faults.length > 0)
  rmdirSync(blocked)
  await register('sit_1')
  const other = sqliteReadModels(blocked)
  await eventually('it caught up', async () => {
    const page = { limit: 10, cursor: undefined }
    return (await other.queries.siteIds('mer_7K3MA', page)).rows.length === 1
  })
  other.close()
  await stop()
  expect(faults[0]).toBe('the projector thread died')
})
