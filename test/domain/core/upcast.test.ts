// Upcasting: whichever way an event is read, its former shape comes as today's; the stored one stays.
import { beforeEach, expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import type { EventStore, Recorded } from '../../../src/domain/core/eventStore.ts'
import { type Upcasters, upcasting } from '../../../src/domain/core/upcast.ts'

/** Sites registered before there were districts. */
const table: Upcasters = {
  SiteRegistered: (event) => ({ ...event, data: { district: 'unknown', ...event.data } }),
}
const shapes = (events: readonly Recorded[]) => events.map(({ type, data }) => [type, data])
const current = [
  ['SiteRegistered', { name: 'old', district: 'unknown' }],
  ['SiteRegistered', { name: 'new', district: 'Ba Đình' }],
  ['SiteClosed', { name: 'new' }],
]

let store: EventStore
beforeEach(async () => {
  store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  const event = (type: string, data: object, id: string) => ({ type, data, id, metadata: {} })
  await store.append('site-1', 0, [
    event('SiteRegistered', { name: 'old' }, '1'),
    event('SiteRegistered', { name: 'new', district: 'Ba Đình' }, '2'),
    event('SiteClosed', { name: 'new' }, '3'),
  ])
})

test('of a stream, of the log, and of the log as it grows', async () => {
  const read = upcasting(store, table)
  expect(shapes(await read.read('site-1'))).toEqual(current)
  expect(shapes(await read.read('site-1', 2))).toEqual(current.slice(2))
  expect(shapes(await read.readAll('', 10))).toEqual(current)
  for await (const events of read.follow('', new AbortController().signal)) {
    expect(shapes(events)).toEqual(current)
    break
  }
})

test('leaves what is stored as it is, and appends as before', async () => {
  const read = upcasting(store, table)
  await read.append('site-2', 0, [{ type: 'SiteRegistered', data: {}, id: '4', metadata: {} }])
  const stored = (await store.readAll('', 10)).map(({ data }) => Object.keys(data))
  expect(stored).toEqual([['name'], ['name', 'district'], ['name'], []])
})

test('costs nothing where there is nothing to upcast', () => {
  expect(upcasting(store, {})).toBe(store)
})
