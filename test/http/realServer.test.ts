// The real server over real sockets: what a proxy, a bad network or an attacker sends, and stopping without losing an answer.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readEnvironment } from '../../src/adapters/node/environment.ts'
import { openServer, type RunningGateway } from '../../src/adapters/node/server.ts'
import { callerOf, openShopAt } from '../support/client.ts'
import { eventually } from '../support/gateway.ts'
import { dial, request } from '../support/socket.ts'

const operatorKey = 'operator-key-of-the-real-server'
const folders: string[] = []

function open(more: Record<string, string> = {}): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-real-'))
  folders.push(folder)
  const environment = {
    PORT: '0',
    DATA_DIR: folder,
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'silent',
    ...more,
  }
  return openServer(readEnvironment(environment))
}

let server: RunningGateway
let shop: { key: string; siteId: string }
beforeAll(async () => {
  server = await open()
  shop = await openShopAt(callerOf(server.url), operatorKey)
})
afterAll(async () => {
  await server.stop()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const json = { 'content-type': 'application/json' }
const sale = (siteId = shop.siteId) => ({ siteId, method: 'qr', amount: '125000', currency: 'VND' })
const saleHeaders = (key = shop.key) => ({ ...json, authorization: `Bearer ${key}` })
const alive = async () => expect((await fetch(`${server.url}/healthz`)).status).toBe(200)

/** The status codes of the answers that came over a line, in order. */
const statuses = (heard: string): number[] =>
  [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => Number(code))

test('a sale is asked for, paid in the sandbox and read back', async () => {
  const payment = await callerOf(server.url).post('/v1/payments', shop.key, sale())
  expect(payment.status).toBe(201)
  const paid = await callerOf(server.url).post('/v1/sandbox/pay', '', { qrPayload: payment.body.qr.payload })
  expect(paid.body.outcome).toBe('applied')
  const headers = { authorization: `Bearer ${shop.key}` }
  const read = await (await fetch(`${server.url}/v1/payments/${payment.body.id}`, { headers })).json()
  expect(read).toMatchObject({ status: 'paid', checkoutUrl: `${server.url}/checkout/${payment.body.id}` })
})

describe('a body', () => {
  const chunked = (bytes: string) =>
    fetch(`${server.url}/v1/payments`, {
      method: 'POST',
      headers: saleHeaders(),
      body: new Blob([bytes]).stream(),
      duplex: 'half',
    } as RequestInit)

  test('in chunks is read', async () => {
    const response = await chunked(JSON.stringify(sale()))
    expect(response.status).toBe(201)
  })

  test('in chunks without end is refused at the bound, and the line is closed', async () => {
    const line = await dial(server.url)
    const head = request('POST', '/v1/payments', { ...saleHeaders(), 'transfer-encoding': 'chunked' })
    line.send(head.replace(/content-length: .*\r\n/, '')) // the two together are an attack
    line.send(`11171\r\n${' '.repeat(0x11171)}\r\n`) // 70,001 bytes, and no word of an end
    const answer = await line.until('body_too_large')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toMatch(/^connection: close/im)
    line.hangUp()
    await alive()
  })

  test('declared too large is refused before any of it is sent', async () => {
    const line = await dial(server.url)
    line.send(request('POST', '/v1/payments', { ...saleHeaders(), 'content-length': '1000000000' }))
    expect(await line.until('body_too_large')).toMatch(/^HTTP\/1\.1 413 /)
    line.hangUp()
    await alive()
  })

  test('too large and sent all the same is never read as a second request', async () => {
    const line = await dial(server.url)
    const smuggled = request('GET', '/metrics')
    line.send(request('POST', '/v1/payments', saleHeaders(), smuggled.repeat(2_000)))
    await line.until('body_too_large')
    line.send(request('GET', '/healthz', { connection: 'close' }))
    const codes = statuses(await line.rest())
    expect([[413], [413, 200]]).toContainEqual(codes) // closed, or read on from where the body ends
    await alive()
  })

  test('that was refused leaves the line good for the next request', async () => {
    const line = await dial(server.url)
    line.send(request('POST', '/v1/payments', saleHeaders(), '{"amount":'))
    await line.until('malformed_json')
    line.send(
      request('POST', '/v1/payments', { ...saleHeaders(), connection: 'close' }, JSON.stringify(sale())),
    )
    expect(statuses(await line.rest())).toEqual([400, 201])
  })

  test('of a caller without a key is not waited for', async () => {
    const line = await dial(server.url)
    line.send(request('POST', '/v1/payments', { ...json, 'content-length': '60000' }, '{"half'))
    expect(await line.until('unauthorized')).toMatch(/^HTTP\/1\.1 401 /)
    line.hangUp()
  })

  test('that never ends holds up nobody, and is not taken for a whole one', async () => {
    const line = await dial(server.url)
    const text = JSON.stringify(sale())
    line.send(
      request('POST', '/v1/payments', { ...saleHeaders(), 'content-length': String(text.length + 1) }, text),
    )
    await alive()
    const before = await paymentsSeen(server)
    line.hangUp()
    await alive()
    expect(await paymentsSeen(server)).toBe(before)
  })

  test('that comes byte by byte is read all the same', async () => {
    const line = await dial(server.url)
    for (const character of request('POST', '/v1/payments', saleHeaders(), JSON.stringify(sale())))
      line.send(character)
    expect(await line.until('"status":"pending"')).toMatch(/^HTTP\/1\.1 201 /)
    line.hangUp()
  })
})

/** How many payments there are, as the merchant lists them. */
async function paymentsSeen({ url, services }: RunningGateway): Promise<number> {
  await eventually('the list has counted everything', async () =>
    (await services.lags()).every(({ behindMs }) => behindMs === 0),
  )
  const headers = { authorization: `Bearer ${shop.key}` }
  return (await (await fetch(`${url}/v1/payments?limit=200`, { headers })).json()).data.length
}

describe('a line', () => {
  test('takes requests one after another without waiting, and answers in order', async () => {
    const line = await dial(server.url)
    line.send(
      request('GET', '/healthz') +
        request('GET', '/nowhere') +
        request('POST', '/v1/payments', saleHeaders(), JSON.stringify(sale())) +
        request('GET', '/v1/payments', { connection: 'close' }),
    )
    expect(statuses(await line.rest())).toEqual([200, 404, 201, 401])
  })

  test.each([
    ['garbage', '\x16\x03\x01 hello, is this TLS?\r\n\r\n'],
    ['a length that is no number', request('POST', '/v1/payments', { 'content-length': '1e3' })],
    ['a negative length', request('POST', '/v1/payments', { 'content-length': '-1' })],
    [
      'two lengths',
      request('POST', '/v1/payments', { 'content-length': '5', 'Content-Length': '6' }, '12345'),
    ],
    ['a length and chunks', request('POST', '/v1/payments', { 'transfer-encoding': 'chunked' }, '0\r\n\r\n')],
    ['a header with a NUL', request('GET', '/healthz', { 'x-name': 'a\u0000b' })],
  ])('with %s after a good request answers the good one, says 400 and hangs up', async (_what, bad) => {
    const line = await dial(server.url)
    line.send(request('GET', '/healthz'))
    await line.until('"ok"')
    line.send(bad + request('GET', '/metrics'))
    expect(statuses(await line.rest())).toEqual([200, 400])
    await alive()
  })

  test('with endless headers is refused', async () => {
    const line = await dial(server.url)
    line.send(request('GET', '/healthz', { 'x-filler': 'x'.repeat(100_000) }))
    expect(statuses(await line.rest())).toEqual([431])
    await alive()
  })

  test('that says half a request and nothing more holds up nobody', async () => {
    const lines = await Promise.all(Array.from({ length: 50 }, () => dial(server.url)))
    for (const line of lines) line.send('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow')
    await alive()
    for (const line of lines) line.hangUp()
  })
})

test('a live stream over a socket tells each change, and a reader that hangs up harms nobody', async () => {
  const { body: payment } = await callerOf(server.url).post('/v1/payments', shop.key, sale())
  const [stays, leaves] = [await dial(server.url), await dial(server.url)]
  for (const line of [stays, leaves]) line.send(request('GET', `/v1/payments/${payment.id}/stream`))
  await stays.until('"status":"pending"')
  await leaves.until('"status":"pending"')
  leaves.hangUp()
  await callerOf(server.url).post('/v1/sandbox/pay', '', { qrPayload: payment.qr.payload })
  expect(await stays.until('"status":"paid"')).toContain('event: status')
  stays.hangUp()
  await alive()
})

describe('stopping', () => {
  test('lets a request that has begun end well, and takes no new line', async () => {
    const mine = await open()
    const own = await openShopAt(callerOf(mine.url), operatorKey)
    const begun = request('POST', '/v1/payments', saleHeaders(own.key), JSON.stringify(sale(own.siteId)))
    const line = await dial(mine.url)
    line.send(begun.slice(0, -20))
    await fetch(`${mine.url}/healthz`) // what was sent before has arrived
    const stopped = mine.stop()
    line.send(begun.slice(-20))
    expect(statuses(await line.until('"status":"pending"'))).toEqual([201])
    line.hangUp()
    await stopped
    await expect(fetch(`${mine.url}/healthz`)).rejects.toThrow()
  })

  test('ends live streams at once, whose readers come again; waits five seconds for callers that stand still', async () => {
    const mine = await open()
    const own = await openShopAt(callerOf(mine.url), operatorKey)
    const { body: payment } = await callerOf(mine.url).post('/v1/payments', own.key, sale(own.siteId))
    const [stream, still] = [await dial(mine.url), await dial(mine.url)]
    stream.send(request('GET', `/v1/payments/${payment.id}/stream`))
    await stream.until('"status":"pending"')
    still.send(request('POST', '/v1/payments', { ...saleHeaders(own.key), 'content-length': '500' }, '{'))
    await fetch(`${mine.url}/healthz`)

    vi.useFakeTimers({ toFake: ['setTimeout'] })
    let stopped = false
    const stopping = mine.stop().then(() => {
      stopped = true
    })
    expect(await stream.rest()).toMatch(/\r\n0\r\n\r\n$/) // ended, not broken off
    await vi.advanceTimersByTimeAsync(4_999)
    expect(stopped).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    await stopping
    await still.rest() // was hung up on
  })

  test('first says so where a balancer looks, and answers on, each answer the last of its connection', async () => {
    const mine = await open({ DRAIN_MS: '0' })
    const ready = (query = '') => fetch(`${mine.url}/readyz${query}`)
    expect([(await ready()).status, (await ready('?lag=any')).status]).toEqual([200, 200])
    await mine.leave()
    const answer = await ready()
    expect([answer.status, (await answer.json()).status]).toEqual([503, 'draining'])
    expect(answer.headers.get('connection')).toBe('close')
    expect((await ready('?lag=any')).status).toBe(503)
    const own = await openShopAt(callerOf(mine.url), operatorKey)
    expect((await callerOf(mine.url).post('/v1/payments', own.key, sale(own.siteId))).status).toBe(201)
    await mine.stop()
  })
})
