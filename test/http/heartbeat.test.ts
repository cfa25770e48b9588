// Heartbeats: only what changes comes into the log; state and uptime follow from the clock and the events.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loseTerminals } from '../../src/domain/pos/loseTerminals.ts'
import { openShop, openTerminal, openTestGateway, type Shop } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let terminal: { id: string; key: string }
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  terminal = await openTerminal(gateway, shop)
})
afterEach(() => gateway.stop())

const beat = (body: object = {}, headers: Record<string, string> = {}) =>
  gateway.call('POST', `/v1/terminals/${terminal.id}/heartbeat`, { key: terminal.key, body, headers })
const read = async (what = '') =>
  (await gateway.call('GET', `/v1/terminals/${terminal.id}${what}`, { key: shop.key })).body
const pass = (minutes: number) => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + minutes * 60_000)
}
const now = () => gateway.clock.now.toISOString()
/** What the log has of its coming and going. */
const recorded = async () =>
  (await gateway.services.readStream(`terminal-${terminal.id}`))
    .filter(({ type }) => type === 'TerminalSeen' || type === 'TerminalLost')
    .map(({ type, data }) => ({ type, ...data }))
const loseThem = async () => {
  await gateway.settled()
  const { presence, readModels } = gateway.services
  return loseTerminals({
    terminals: gateway.services.gateway.terminals,
    now: () => gateway.clock.now,
    presentTerminals: readModels.presentTerminals,
    lastSeenAt: (id) => presence.last(id)?.at,
    listeningSince: presence.listeningSince,
  })
}

test('a day of heartbeats is one event', async () => {
  expect(await read()).toMatchObject({ state: 'unseen' })
  for (let minute = 0; minute < 1_440; minute += 2) {
    const { status, body } = await beat({ softwareVersion: '1.0', status: 'ok' })
    expect([status, body]).toEqual([200, { state: 'active', lastSeenAt: now(), instructions: [] }])
    pass(2)
  }
  expect(await recorded()).toEqual([
    { type: 'TerminalSeen', seenAt: '2026-11-22T03:00:00.000Z', softwareVersion: '1.0' },
  ])
  const lastSeenAt = '2026-11-23T02:58:00.000Z'
  expect(await read()).toMatchObject({
    state: 'active',
    lastSeenAt,
    softwareVersion: '1.0',
    reportedStatus: 'ok',
  })
})

test('no cache keeps what changes without a version', async () => {
  const { headers } = await gateway.call('GET', `/v1/terminals/${terminal.id}`, { key: shop.key })
  expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', '"2"'])
})

test('the same request again and sixteen at once are one event', async () => {
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => beat({ softwareVersion: '1' }, { 'idempotency-key': 'beat' })),
  )
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect((await recorded()).length).toBe(1)
})

test('active, silent and lost follow the clock; lost is recorded once, and back again', async () => {
  await beat()
  const lastSeenAt = now()
  pass(3)
  expect(await read()).toMatchObject({ state: 'silent', lastSeenAt })
  expect(await loseThem()).toBe(1)
  pass(8)
  expect(await read()).toMatchObject({ state: 'lost', lastSeenAt })
  await loseThem()
  await loseThem()
  expect(await loseThem()).toBe(0) // it is not looked at again
  const lost = { type: 'TerminalLost', lastSeenAt, lostAt: now() }
  expect((await recorded()).slice(1)).toEqual([lost])
  const list = () => gateway.call('GET', '/v1/terminals?state=lost', { key: shop.key })
  expect((await list()).body.data).toMatchObject([{ id: terminal.id, state: 'lost' }])

  pass(9)
  await beat()
  await gateway.settled()
  expect((await recorded()).slice(2)).toEqual([
    { type: 'TerminalSeen', seenAt: now(), absentSince: lastSeenAt },
  ])
  expect(await read()).toMatchObject({ state: 'active', lastSeenAt: now() })
  expect((await list()).body.data).toEqual([])
})

test('uptime is what the events say', async () => {
  expect(await read('/uptime')).toEqual({ last24Hours: null, last30Days: null })
  await beat()
  for (let minute = 2; minute <= 30; minute += 2) {
    pass(2)
    await beat()
  }
  expect(await read('/uptime')).toEqual({ last24Hours: 100, last30Days: 100 })
  pass(30)
  await loseThem()
  expect(await read('/uptime')).toEqual({ last24Hours: 50, last30Days: 50 })
  pass(24 * 60)
  expect(await read('/uptime')).toEqual({ last24Hours: 0, last30Days: 2 })
})

test('a gateway that could not listen loses nobody, and calls no terminal absent for it', async () => {
  await beat()
  pass(600)
  Object.assign(gateway.services.presence, { listeningSince: now() }) // as after a restart
  await loseThem()
  pass(1)
  await beat()
  expect((await recorded()).length).toBe(1)
})

test('what the terminal says of itself is bounded, and shown as it is', async () => {
  for (const body of [{ status: '' }, { status: 'x'.repeat(61) }, { softwareVersion: 1 }, { mood: 'good' }])
    expectRefused(await beat(body), 'validation_failed')
  expect(await recorded()).toEqual([])
  await beat({ status: 'hết giấy' })
  expect(await read()).toMatchObject({ reportedStatus: 'hết giấy' })
})

test('a blocked terminal is told so, and another’s heartbeat is not taken', async () => {
  const other = await openTerminal(gateway, shop)
  const path = `/v1/terminals/${other.id}/heartbeat`
  expectRefused(await gateway.call('POST', path, { key: terminal.key, body: {} }), 'not_found')
  await gateway.call('POST', `/v1/terminals/${terminal.id}/block`, { key: shop.key, body: {} })
  expectRefused(await beat(), 'terminal_blocked')
  expect(await recorded()).toEqual([])
})
