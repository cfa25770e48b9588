// `thungan set-aside`: lists what a process could not handle, and has it tried again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteProcesses } from '../../src/adapters/sqlite/processes.ts'
import type { SetAsideEvent } from '../../src/adapters/sqlite/setAside.ts'
import { thungan } from '../support/thungan.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'thungan-aside-'))
const processes = () => sqliteProcesses(join(dataDir, 'processes.sqlite'))
const event: SetAsideEvent = {
  reader: 'matchCredits',
  position: '0000000000000007',
  stream: 'credit-crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ',
  version: 1,
  type: 'CreditReceived',
  error: 'TypeError',
  setAsideAt: '2026-11-22T03:00:00.000Z',
}

beforeAll(async () => {
  await sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() }).close()
})
afterAll(() => rmSync(dataDir, { recursive: true }))

const setAside = (...args: string[]) => thungan(['set-aside', ...args, '--data-dir', dataDir])

test('nothing: 0; something: 1, in words or JSON; tried again: due', async () => {
  expect(await setAside('list')).toEqual({ status: 0, stdout: 'Nothing is set aside.\n', stderr: '' })

  const models = processes()
  models.setAside.add(event)
  models.setAside.add({ ...event, position: '0000000000000009' })

  const words = await setAside('list')
  expect([words.status, words.stdout.split('\n')[0]]).toEqual([
    1,
    '0000000000000007  matchCredits  CreditReceived  credit-crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ@1  TypeError  2026-11-22T03:00:00.000Z',
  ])
  const json = await setAside('list', '--json')
  expect([json.status, JSON.parse(json.stdout).data[0]]).toEqual([1, event])

  expect((await setAside('retry', '0000000000000008')).status).toBe(1)
  expect(models.setAside.due('matchCredits')).toEqual([])
  const one = await setAside('retry', event.position, '--json')
  expect([one.status, JSON.parse(one.stdout)]).toEqual([0, { retrying: 1 }])
  expect(models.setAside.due('matchCredits')).toEqual([event])
  expect((await setAside('retry')).stdout).toMatch(/^2 to be tried again/)
  models.close()
})
