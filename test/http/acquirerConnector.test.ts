// An acquirer as a connector: registered by the operator, shown, listed, and of no use for anything but cards.
import { afterAll, describe, expect, test } from 'vitest'
import { openBank, openShop, openTestGateway, operatorKey } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(gateway.stop)

const acquirer = { kind: 'iso8583-acquirer', name: 'Acquirer', host: '10.20.0.5', port: 8583 }
const register = (changes: object = {}, key = operatorKey) =>
  gateway.call('POST', '/v1/connectors', { key, body: { ...acquirer, ...changes } })
const get = (path: string, key = operatorKey) => gateway.call('GET', path, { key })

describe('an acquirer is connected', () => {
  test('by its address, a private one, too, with TLS unless said otherwise; there is no secret', async () => {
    const { status, body } = await register()
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/^con_/),
      kind: 'iso8583-acquirer',
      name: 'Acquirer',
      createdAt: gateway.clock.now.toISOString(),
      acquirer: { host: '10.20.0.5', port: 8583, profile: 'ascii87', tls: true },
    })
    expect((await get(`/v1/connectors/${body.id}`)).body).toEqual(body)
  })

  test('in its own way of writing, by its name', async () => {
    const said = { host: 'acquirer.example', profile: 'bcd87', tls: false }
    expect((await register(said)).body.acquirer).toEqual({ ...said, port: 8583 })
  })

  test.each<[string, object]>([
    ['/host', { host: 'https://acquirer.example' }],
    ['/host', { host: '' }],
    ['/port', { port: 0 }],
    ['/port', { port: 65_536 }],
    ['/port', { port: '8583' }],
    ['/profile', { profile: 'ebcdic' }],
    ['/tls', { tls: 'no' }],
    ['/secret', { secret: 'x' }],
  ])('not with a wrong %s: %j', async (pointer, changes) => {
    expectRefused(await register(changes), 'validation_failed', pointer)
  })

  test('outside the sandbox only with TLS', async () => {
    const live = await openTestGateway({ sandbox: false })
    const connect = (tls?: boolean) =>
      live.call('POST', '/v1/connectors', { key: operatorKey, body: { ...acquirer, tls } })
    const [plain, usual] = [await connect(false), await connect()]
    await live.stop()
    expectRefused(plain, 'validation_failed', '/tls')
    expect(usual.body.acquirer).toMatchObject({ tls: true })
  })
})

describe('connectors are listed', () => {
  test('page by page, every kind, each once, without secrets', async () => {
    const registered = [(await openBank(gateway)).id, (await register()).body.id]
    await gateway.settled()
    const found: { id: string }[] = []
    let path = '/v1/connectors?limit=2'
    for (let page = 0; page < 10; page++) {
      const { body } = await get(path)
      expect(body.data.length).toBeLessThanOrEqual(2)
      found.push(...body.data)
      if (!body.nextCursor) break
      path = `/v1/connectors?limit=2&cursor=${body.nextCursor}`
    }
    const ids = found.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(ids).toEqual(expect.arrayContaining(registered))
    expect(JSON.stringify(found)).not.toContain('secret')
    for (const one of found) expect(one).toEqual((await get(`/v1/connectors/${one.id}`)).body)
  })

  test('for the operator only', async () => {
    expectRefused(await get('/v1/connectors', shop.key), 'forbidden')
  })
})

test('an acquirer sends no notifications and takes no payments by QR', async () => {
  const { id } = (await register()).body
  const path = `/v1/connectors/${id}/notifications`
  expect((await gateway.call('POST', path, { body: {} })).status).toBeGreaterThanOrEqual(400)
  const order = { siteId: shop.siteId, method: 'qr', amount: '125000', currency: 'VND', connectorId: id }
  const { status } = await gateway.call('POST', '/v1/payments', { key: shop.key, body: order })
  expect(status).toBe(422)
})
