// Figures over HTTP: definitions are served for each, uptime of terminals over months, and references that are counts.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestGateway, operatorKey } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>

beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())

const get = async (path: string) => (await gateway.call('GET', `/v1/statistics/${path}`)).body

test('every figure that is shown has a definition in both languages', async () => {
  const { data } = await get('definitions')
  const ids = data.map(({ id }: { id: string }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { label, text } of data)
    for (const words of [label.vi, label.en, text.vi, text.en]) expect(words).toMatch(/\S{2}/)
  const { figures } = await get('figures')
  const { rates } = await get('transactions')
  for (const { figure } of [...figures, ...rates]) expect(ids).toContain(figure)
  for (const id of ['method-mix', 'ticket-mean', 'ticket-median', 'new-adopter-cohorts'])
    expect(ids).toContain(id)
})

/** `2026-10-..` at midnight in Hanoi. */
const midnight = (day: string): string => `${day}T17:00:00.000Z`

test('uptime is the mean of what each terminal was there since it was first seen, over the change of months', async () => {
  const write = (id: string, ...events: [string, object][]) =>
    gateway.store.append(
      `terminal-${id}`,
      0,
      events.map(([type, data], index) => ({ type, data, id: `${id}-${index}`, metadata: {} })),
    )
  const seen = (day: string): [string, object] => ['TerminalSeen', { seenAt: midnight(day) }]
  const lost = (day: string): [string, object] => [
    'TerminalLost',
    { lastSeenAt: midnight(day), lostAt: midnight(day) },
  ]
  await write('ter_A', seen('2026-08-01')) // there all the time, since long ago: 100 %
  await write('ter_B', seen('2026-10-31'), lost('2026-11-10')) // 10 of the 20 days up to the end of 20 November: 50 %
  await write('ter_C', seen('2026-10-01'), lost('2026-10-28')) // 7 of 30 days (from 21 October on): 23.33 %
  await write('ter_D', seen('2026-11-01'), ['TerminalRevoked', { revokedAt: midnight('2026-11-05') }])
  await write('ter_E', seen('2026-11-21')) // later
  await gateway.settled()
  const uptimeOn = async (asOf: string) =>
    (await get(`figures?asOf=${asOf}`)).figures.find(
      ({ figure }: { figure: string }) => figure === 'terminal-uptime',
    )
  expect(await uptimeOn('2026-11-20')).toMatchObject({ unit: 'percent', denominator: 3, value: 57.78 })
  expect(await uptimeOn('2026-11-03')).toMatchObject({ denominator: 4 })
  expect(await uptimeOn('2026-07-01')).toMatchObject({ denominator: 0, value: null })
})

test('a population is a whole number, and a share at most 100 percent', async () => {
  const put = (indicator: string, value: number) =>
    gateway.call('PUT', '/v1/observations', {
      key: operatorKey,
      body: { observations: [{ indicator, date: '2026-01-31', value, source: 'GSO' }] },
    })
  expect((await put('population', 8_587_100)).status).toBe(200)
  expectRefused(await put('population', 1.5), 'validation_failed', '/observations/0/value')
  expectRefused(await put('non-cash-sales-share', 100.5), 'validation_failed', '/observations/0/value')
})
