// Listing terminals, replacing their keys, blocking and revoking them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openShop, openTerminal, openTestGateway, operatorKey, type Shop } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let terminal: { id: string; key: string }
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())
beforeEach(async () => {
  shop = await openShop(gateway)
  terminal = await openTerminal(gateway, shop)
})

const get = (path: string, key: string) => gateway.call('GET', path, { key })
const act = (what: string, key = shop.key, body: object = {}, headers: Record<string, string> = {}) =>
  gateway.call('POST', `/v1/terminals/${terminal.id}/${what}`, { key, body, headers })
const read = (key: string) => get(`/v1/terminals/${terminal.id}`, key)
const works = async (key: string) => (await read(key)).status
const pass = (seconds: number) => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + seconds * 1_000)
}
const sale = () => ({ siteId: shop.siteId, method: 'qr', amount: '1000', currency: 'VND' })

describe('the list', () => {
  const list = async (query = '', key = shop.key) => {
    await gateway.settled()
    return (await get(`/v1/terminals${query}`, key)).body
  }
  const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)

  test('is the merchant’s own, chosen by site and status', async () => {
    const other = await openShop(gateway)
    const foreign = await openTerminal(gateway, other)
    const blocked = terminal
    await act('block')
    const active = await openTerminal(gateway, shop)
    expect(idsOf(await list())).toEqual([blocked.id, active.id].toSorted())
    expect(idsOf(await list('?status=blocked'))).toEqual([blocked.id])
    expect(idsOf(await list('?status=active'))).toEqual([active.id])
    expect(idsOf(await list(`?siteId=${other.siteId}`))).toEqual([])
    expect(idsOf(await list(`?siteId=${other.siteId}`, operatorKey))).toEqual([foreign.id])
    expect((await list('?status=blocked')).data[0]).toEqual((await read(shop.key)).body)
  })

  test('comes page by page, each terminal once', async () => {
    const ids = [terminal.id]
    for (let i = 0; i < 4; i++) ids.push((await openTerminal(gateway, shop)).id)
    const found: string[] = []
    let cursor = ''
    do {
      const page = await list(`?limit=2${cursor}`)
      found.push(...idsOf(page))
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (cursor && found.length < 10)
    expect(found).toEqual(ids.toSorted())
  })

  test('follows each change of status', async () => {
    const status = async () =>
      (await list('', shop.key)).data.find(({ id }: { id: string }) => id === terminal.id).status
    const filtered = async () => idsOf(await list(`?status=${await status()}`))
    for (const [what, expected] of [
      ['block', 'blocked'],
      ['unblock', 'active'],
      ['revoke', 'revoked'],
    ] as const) {
      await act(what)
      expect([await status(), await filtered()]).toEqual([expected, [terminal.id]])
    }
  })
})

describe('rotating the key', () => {
  test('gives a key that works at once; the old one works for a day', async () => {
    const { status, body, text } = await act('rotate-key')
    const previousUntil = new Date(gateway.clock.now.getTime() + 86_400_000).toISOString()
    expect(status).toBe(200)
    expect(body).toEqual({
      id: terminal.id,
      apiKey: expect.stringMatching(/^tn_\w{16}_\w{32}$/),
      previousUntil,
    })
    expect(text).not.toContain(terminal.key)
    expect([await works(terminal.key), await works(body.apiKey)]).toEqual([200, 200])
    pass(86_399)
    expect(await works(terminal.key)).toBe(200)
    pass(1)
    expectRefused(await read(terminal.key), 'unauthorized')
    expect(await works(body.apiKey)).toBe(200)
  })

  test('without overlap ends the old key at once', async () => {
    const { apiKey } = (await act('rotate-key', shop.key, { overlapSeconds: 0 })).body
    expectRefused(await read(terminal.key), 'unauthorized')
    expect(await works(apiKey)).toBe(200)
  })

  test('by the terminal itself: an answer that was lost is given again, and an old key makes no more', async () => {
    const headers = { 'idempotency-key': 'rotate-1' }
    const first = await act('rotate-key', terminal.key, {}, headers)
    const again = await act('rotate-key', terminal.key, {}, headers)
    expect(again.text).toBe(first.text)
    expectRefused(await act('rotate-key', terminal.key), 'terminal_key_replaced')
    expect((await act('rotate-key', first.body.apiKey)).status).toBe(200)
  })

  test('of two terminals under one Idempotency-Key gives each its own', async () => {
    const headers = { 'idempotency-key': 'all of them' }
    const other = await openTerminal(gateway, shop)
    const [mine, theirs] = await Promise.all(
      [terminal, other].map(({ id }) =>
        gateway.call('POST', `/v1/terminals/${id}/rotate-key`, { key: shop.key, body: {}, headers }),
      ),
    )
    expect(theirs!.body.apiKey).not.toBe(mine!.body.apiKey)
    expect((await get(`/v1/terminals/${other.id}`, theirs!.body.apiKey)).status).toBe(200)
  })

  test('before activation is refused', async () => {
    const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN' }
    const { id } = (await gateway.call('POST', '/v1/terminals', { key: shop.key, body })).body
    const head = await gateway.store.head()
    const rotate = await gateway.call('POST', `/v1/terminals/${id}/rotate-key`, { key: shop.key, body: {} })
    expectRefused(rotate, 'terminal_not_activated')
    expect(await gateway.store.head()).toBe(head)
  })

  test.each([-1, 86_401, 0.5, '60'])('with an overlap of %s is refused', async (overlapSeconds) =>
    expectRefused(
      await act('rotate-key', shop.key, { overlapSeconds }),
      'validation_failed',
      '/overlapSeconds',
    ),
  )
})

describe('a blocked terminal', () => {
  test('is told so at once, sells nothing, and works again once unblocked', async () => {
    expect((await act('block')).body).toMatchObject({ status: 'blocked', blockedBy: 'merchant' })
    expectRefused(await read(terminal.key), 'terminal_blocked')
    const sell = (key: string, body: object) => gateway.call('POST', '/v1/payments', { key, body })
    expectRefused(await sell(terminal.key, sale()), 'terminal_blocked')
    const named = { ...sale(), terminalId: terminal.id }
    expectRefused(await sell(shop.key, named), 'validation_failed', '/terminalId')
    const { body } = await act('unblock')
    expect(body.status).toBe('active')
    expect(body).not.toHaveProperty('blockedBy')
    expect((await sell(terminal.key, sale())).status).toBe(201)
  })

  test('of the operator is unblocked by the operator only', async () => {
    expect((await act('block', operatorKey)).body.blockedBy).toBe('operator')
    expectRefused(await act('unblock'), 'terminal_blocked_by_operator')
    expectRefused(await read(terminal.key), 'terminal_blocked')
    expect((await act('unblock', operatorKey)).body.status).toBe('active')
  })

  test('gets a new key before it is unblocked, and the stolen one is worth nothing then', async () => {
    await act('block')
    const { apiKey } = (await act('rotate-key', shop.key, { overlapSeconds: 0 })).body
    expectRefused(await read(apiKey), 'terminal_blocked')
    await act('unblock')
    expectRefused(await read(terminal.key), 'unauthorized')
    expect(await works(apiKey)).toBe(200)
  })

  test('is not activated', async () => {
    const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN' }
    const { id, activationCode } = (await gateway.call('POST', '/v1/terminals', { key: shop.key, body })).body
    await gateway.call('POST', `/v1/terminals/${id}/block`, { key: shop.key, body: {} })
    const activate = () => gateway.call('POST', '/v1/terminals/activate', { body: { activationCode } })
    expectRefused(await activate(), 'terminal_blocked')
    await gateway.call('POST', `/v1/terminals/${id}/unblock`, { key: shop.key, body: {} })
    expect((await activate()).status).toBe(200)
  })
})

test('a revoked terminal has no key and gets none', async () => {
  expect((await act('revoke')).body.status).toBe('revoked')
  expectRefused(await read(terminal.key), 'unauthorized')
  for (const what of ['rotate-key', 'block', 'unblock']) expectRefused(await act(what), 'terminal_revoked')
  expect((await act('revoke')).status).toBe(200)
})

test('a terminal sees and changes itself only', async () => {
  const other = await openTerminal(gateway, shop)
  expectRefused(await read(other.key), 'not_found')
  expectRefused(await act('rotate-key', other.key), 'not_found')
  for (const what of ['block', 'unblock', 'revoke']) expectRefused(await act(what, terminal.key), 'forbidden')
  expectRefused(await get('/v1/terminals', terminal.key), 'forbidden')
})
