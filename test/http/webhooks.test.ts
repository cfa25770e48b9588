// Webhook endpoints over HTTP, and messages at a real receiver: signed, numbered, chained, pulled and replayed.
import { createPublicKey, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { messageTypes } from '../../src/domain/webhooks/messageTypes.ts'
import { pretendNetwork, refusedWith } from '../support/cardNetwork.ts'
import {
  ask,
  askByCard,
  eventually,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  type Shop,
} from '../support/gateway.ts'
import { openReceiver, type Received, type Receiver } from '../support/receiver.ts'
import { expectRefused } from '../support/refused.ts'

const cards = pretendNetwork()
const gateway = await openTestGateway({ cards })
const bank = await openBank(gateway)
afterAll(() => gateway.stop())
let shop: Shop
let receiver: Receiver
beforeEach(async () => {
  shop = await openShop(gateway)
  receiver = await openReceiver()
})
afterEach(() => receiver.close())

const path = '/v1/webhook-endpoints'
const post = (to: string, body: unknown, key = shop.key, headers = {}) =>
  gateway.call('POST', to, { key, body, headers })
const get = (to: string, key = shop.key) => gateway.call('GET', to, { key })

async function openEndpoint(changes: object = {}) {
  const answer = await post(path, { url: receiver.url, ...changes })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const has = (count: number) =>
  eventually(`${count} messages have come`, () => receiver.received.length >= count)
const typesOf = (list: readonly Received[]) => list.map(({ body }) => body.type)

/** A payment asked for and paid: payment.created, credit.applied, payment.paid. */
async function sell(transactionId: string, changes: object = {}) {
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, transactionId, changes)
  return payment
}

const headersOf = ({ headers }: Received) => headers as Record<string, string>
const verified = ({ raw, headers }: Received, secret: string) => {
  // The official package takes only messages of the last five minutes of its own clock, and ours is the test's.
  const age = Number(headers['webhook-timestamp']) * 1000
  const clock = Date.now
  Date.now = () => age
  try {
    return new Webhook(secret).verify(raw, headersOf({ raw, headers, body: undefined }))
  } finally {
    Date.now = clock
  }
}

describe('a message', () => {
  test('is signed as Standard Webhooks say, and verified by their own package', async () => {
    const { secret } = await openEndpoint()
    await sell('signed')
    await has(3)
    for (const message of receiver.received) {
      expect(verified(message, secret)).toEqual(message.body)
      expect(message.headers['webhook-id']).toBe(message.body.id)
      expect(() => verified({ ...message, raw: `${message.raw} ` }, secret)).toThrow('No matching signature')
    }
  })

  test('says what happened, when, to which payment, and nothing else when thin', async () => {
    const { id } = await openEndpoint()
    const payment = await sell('thin')
    await has(3)
    expect(receiver.received[2]!.body).toEqual({
      type: 'payment.paid',
      timestamp: gateway.clock.now.toISOString(),
      id: expect.stringMatching(/^msg_[0-9a-f-]{36}$/),
      endpointId: id,
      sequence: 3,
      previousId: receiver.received[1]!.body.id,
      data: { paymentId: payment.id },
    })
  })

  test('is numbered from 1 without a gap and names the one before, in body and headers', async () => {
    await openEndpoint()
    await sell('chain-1')
    await sell('chain-2')
    await has(6)
    const { received } = receiver
    expect(received.map(({ body }) => body.sequence)).toEqual([1, 2, 3, 4, 5, 6])
    expect(received.map(({ body }) => body.previousId)).toEqual([
      null,
      ...received.slice(0, -1).map(({ body }) => body.id),
    ])
    for (const { headers, body } of received) {
      expect(headers['thungan-sequence']).toBe(String(body.sequence))
      expect(headers['thungan-previous-id'] ?? null).toBe(body.previousId)
      expect(headers).not.toHaveProperty('thungan-replay')
    }
  })

  test('carries the payment as it was at that moment when full, not as it became', async () => {
    await openEndpoint({ payload: 'full' })
    const asked = await ask(gateway, shop)
    await pay(gateway, bank, asked, 'full', { amount: '130000' })
    const paid = (await get(`/v1/payments/${asked.id}`)).body
    await has(4)
    const [created, applied, done, unapplied] = receiver.received.map(({ body }) => body)
    expect(created.data).toEqual({ paymentId: asked.id, payment: asked })
    expect(applied.data.payment).toMatchObject({ status: 'pending', amountReceived: '125000' })
    expect(done.data.payment).toEqual(paid)
    expect(unapplied).toMatchObject({
      type: 'credit.unapplied',
      data: {
        paymentId: asked.id,
        creditId: applied.data.creditId,
        credit: { amount: '5000', currency: 'VND', reason: 'overpaid' },
        payment: paid,
      },
    })
  })

  test('comes for what expires and is canceled too', async () => {
    await openEndpoint({ events: ['payment.expired', 'payment.canceled'] })
    const canceled = await ask(gateway, shop)
    await post(`/v1/payments/${canceled.id}/cancel`, {})
    const lapsed = await ask(gateway, shop)
    await passTime(gateway, 3_600)
    await has(2)
    expect(receiver.received.map(({ body }) => [body.type, body.data.paymentId])).toEqual([
      ['payment.canceled', canceled.id],
      ['payment.expired', lapsed.id],
    ])
  })

  test('comes for every end of a payment by card', async () => {
    await openEndpoint()
    const act = (id: string, name: string) => post(`/v1/payments/${id}/${name}`, {})
    const { id: sold } = await askByCard(gateway, shop, { capture: 'automatic' })
    cards.answerNext('authorize', refusedWith('51'))
    const { id: declined } = await askByCard(gateway, shop)
    const { id: voided } = await askByCard(gateway, shop)
    await act(voided, 'void')
    const { id: reversed } = await askByCard(gateway, shop)
    await act(reversed, 'cancel')
    await has(7)
    const { id: forgotten } = await askByCard(gateway, shop)
    await passTime(gateway, 8 * 86_400)
    await has(9)
    const told = receiver.received.map(({ body }) => [body.data.paymentId, body.type])
    const of = (id: string) => told.flatMap(([paymentId, type]) => (paymentId === id ? [type] : []))
    expect(of(sold)).toEqual(['payment.authorized', 'payment.paid'])
    expect(of(declined)).toEqual(['payment.declined'])
    expect(of(voided)).toEqual(['payment.authorized', 'payment.voided'])
    expect(of(reversed)).toEqual(['payment.authorized', 'payment.reversed'])
    expect(of(forgotten)).toEqual(['payment.authorized', 'payment.authorization_expired'])
    expect(told).toHaveLength(9)
  })

  test('goes only to the merchant it concerns, over a connection that is kept', async () => {
    await openEndpoint()
    const other = await openShop(gateway)
    await ask(gateway, other)
    await sell('mine')
    await has(3)
    expect(typesOf(receiver.received)).toEqual(['payment.created', 'credit.applied', 'payment.paid'])
    expect(receiver.connections()).toBe(1)
  })
})

describe('ed25519', () => {
  test('v1a is verified with the public key alone', async () => {
    const { publicKey, secret, id } = await openEndpoint({ signature: 'v1a' })
    expect(secret).toBeUndefined()
    expect((await get(`${path}/${id}`)).body.publicKey).toBe(publicKey)
    await ask(gateway, shop)
    await has(1)
    const { headers, raw } = receiver.received[0]!
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${raw}`
    expect(checks(publicKey, signed, String(headers['webhook-signature']))).toBe(true)
    expect(checks(publicKey, `${signed} `, String(headers['webhook-signature']))).toBe(false)
  })

  const checks = (publicKey: string, signed: string, header: string): boolean => {
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/)
    const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url')
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    const [scheme, signature] = header.split(',')
    expect(scheme).toBe('v1a')
    return verify(null, Buffer.from(signed), key, Buffer.from(signature!, 'base64'))
  }
})

describe('rotating the secret', () => {
  test('both secrets sign for 24 hours, then only the new one', async () => {
    const { id, secret: old } = await openEndpoint({ events: ['payment.created'] })
    const rotated = await post(`${path}/${id}/rotate-secret`, {})
    expect(rotated.status).toBe(200)
    const { secret: fresh, previousSecretUntil } = rotated.body
    expect(fresh).toMatch(/^whsec_/)
    expect(fresh).not.toBe(old)
    expect(Date.parse(previousSecretUntil) - gateway.clock.now.getTime()).toBe(24 * 3_600_000)
    await ask(gateway, shop)
    await has(1)
    const [during] = receiver.received
    for (const secret of [old, fresh]) expect(verified(during!, secret)).toEqual(during!.body)
    await passTime(gateway, 24 * 3_600)
    await ask(gateway, shop)
    await has(2)
    const after = receiver.received[1]!
    expect(verified(after, fresh)).toEqual(after.body)
    expect(() => verified(after, old)).toThrow('No matching signature')
  })

  test('the same Idempotency-Key rotates once', async () => {
    const { id } = await openEndpoint()
    const once = () => post(`${path}/${id}/rotate-secret`, {}, shop.key, { 'idempotency-key': 'rotate-1' })
    const [first, second] = [await once(), await once()]
    expect(second.body.secret).toBe(first.body.secret)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
  })

  test('is refused while three older secrets still sign', async () => {
    const { id } = await openEndpoint()
    for (let turn = 0; turn < 3; turn++)
      expect((await post(`${path}/${id}/rotate-secret`, {})).status).toBe(200)
    expectRefused(await post(`${path}/${id}/rotate-secret`, {}), 'webhook_secrets_exceeded')
  })
})

describe('an endpoint', () => {
  test('is registered with everything that exists today, and shows its secret once', async () => {
    const made = await openEndpoint()
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made).toMatchObject({ status: 'enabled', payload: 'thin', signature: 'v1', events: messageTypes })
    const { secret: _, ...rest } = made
    expect((await get(`${path}/${made.id}`)).body).toEqual(rest)
    await eventually('it is listed', async () => (await get(path)).body.data.length === 1)
    expect((await get(path)).body).toEqual({ data: [rest], nextCursor: null })
  })

  test('under one Idempotency-Key it is one endpoint with one secret', async () => {
    const once = () => post(path, { url: receiver.url }, shop.key, { 'idempotency-key': 'hook-1' })
    const [first, second] = [await once(), await once()]
    expect(second.status).toBe(201)
    expect(second.body).toEqual(first.body)
    const other = await post(path, { url: `${receiver.url}/b` }, shop.key, { 'idempotency-key': 'hook-1' })
    expectRefused(other, 'idempotency_key_reused')
  })

  test('of another merchant is not there, whatever is asked of it', async () => {
    const { id } = await openEndpoint()
    const { key } = await openShop(gateway)
    const own = `${path}/${id}`
    const answers = [
      await get(own, key),
      await get(`${own}/messages`, key),
      await gateway.call('PUT', own, { key, body: { url: receiver.url } }),
      await post(`${own}/disable`, {}, key),
      await post(`${own}/enable`, {}, key),
      await post(`${own}/rotate-secret`, {}, key),
      await post(`${own}/replay`, { from: 1 }, key),
    ]
    for (const answer of answers) expectRefused(answer, 'not_found')
    expect((await get(path, key)).body.data).toEqual([])
  })

  test('is for merchants: terminals and operators are refused', async () => {
    const terminal = await openTerminal(gateway, shop)
    for (const key of [terminal.key, operatorKey])
      expectRefused(await post(path, { url: receiver.url }, key), 'forbidden')
  })

  test.each([
    ['ftp://shop.example/hooks', '/url'],
    ['not a url', '/url'],
    ['https://user:password@shop.example/', '/url'],
    ['https://10.0.0.1/', '/url'],
    ['https://[fd00:ec2::254]/latest', '/url'],
    ['http://0x0a.1/', '/url'],
    [`https://shop.example/${'a'.repeat(500)}`, '/url'],
  ])('is refused at %s', async (url, pointer) => {
    expectRefused(await post(path, { url }), 'validation_failed', pointer)
  })

  test('is refused with a type that does not exist, or none', async () => {
    const url = receiver.url
    expectRefused(await post(path, { url, events: ['payment.lost'] }), 'validation_failed', '/events/0')
    expectRefused(await post(path, { url, events: [] }), 'validation_failed', '/events')
  })

  test('disabled gets nothing, enabled again gets what it missed, numbered on', async () => {
    const { id } = await openEndpoint({ events: ['payment.created'] })
    const disabled = await post(`${path}/${id}/disable`, {})
    expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'requested' })
    await ask(gateway, shop)
    await ask(gateway, shop)
    await eventually(
      'they are numbered',
      async () => (await get(`${path}/${id}/messages`)).body.data.length === 2,
    )
    expect(receiver.received).toEqual([])
    expectRefused(await post(`${path}/${id}/replay`, { from: 1 }), 'webhook_endpoint_disabled')
    expect((await post(`${path}/${id}/enable`, {})).body.status).toBe('enabled')
    await has(2)
    expect(receiver.received.map(({ body }) => body.sequence)).toEqual([1, 2])
  })

  test('changed gets other events from then on, and keeps its numbers', async () => {
    const { id } = await openEndpoint({ events: ['payment.created'] })
    await ask(gateway, shop)
    await has(1)
    const elsewhere = await openReceiver()
    const body = { url: elsewhere.url, events: ['payment.paid', 'payment.canceled'] }
    const changed = await gateway.call('PUT', `${path}/${id}`, {
      key: shop.key,
      body,
      headers: { 'if-match': '"1"' },
    })
    expect(changed.body).toMatchObject({ ...body, status: 'enabled' })
    const again = await gateway.call('PUT', `${path}/${id}`, { key: shop.key, body })
    expect(again.headers.get('etag')).toBe('"2"') // nothing to change, nothing recorded
    await sell('changed')
    await eventually('it came', () => elsewhere.received.length === 1)
    expect(elsewhere.received[0]!.body).toMatchObject({
      type: 'payment.paid',
      sequence: 2,
      previousId: receiver.received[0]!.body.id,
    })
    await elsewhere.close()
  })

  test('that answers 410 is disabled, and its messages can still be pulled', async () => {
    const { id } = await openEndpoint({ events: ['payment.created'] })
    receiver.answer = (response) => void response.writeHead(410).end()
    await ask(gateway, shop)
    await eventually('it is disabled', async () => (await get(`${path}/${id}`)).body.status === 'disabled')
    expect((await get(`${path}/${id}`)).body.disabledReason).toBe('gone')
    const { data } = (await get(`${path}/${id}/messages`)).body
    expect(data).toHaveLength(1)
    expect(receiver.received).toHaveLength(1)
  })

  test('is one of twenty at most', async () => {
    for (let count = 0; count < 20; count++) await openEndpoint()
    await eventually('all are known', async () => (await get(path)).body.data.length === 20)
    expectRefused(await post(path, { url: receiver.url }), 'webhook_endpoints_exceeded')
  })
})

describe('pulling', () => {
  test('gives any range by number, as it was sent, with the state of delivery', async () => {
    const { id } = await openEndpoint()
    receiver.answer = (response, count) => void response.writeHead(count === 3 ? 503 : 200).end()
    await sell('pulled')
    await has(3)
    await eventually(
      'the failure is known',
      async () => (await get(`${path}/${id}/messages`)).body.data[2]?.delivery.status === 'retrying',
    )
    const { body } = await get(`${path}/${id}/messages?from=2&limit=1`)
    expect(body).toEqual({
      data: [{ ...receiver.received[1]!.body, delivery: { status: 'delivered', failedAttempts: 0 } }],
      nextFrom: 3,
      delivery: { lastSequence: 3, nextSequence: 3, replaysWaiting: 0 },
    })
    const last = (await get(`${path}/${id}/messages?from=3`)).body
    expect(last.nextFrom).toBeNull()
    expect(last.data[0].delivery).toMatchObject({ failedAttempts: 1, lastFailure: 'status 503' })
    const waits = Date.parse(last.data[0].delivery.nextAttemptAt) - gateway.clock.now.getTime()
    expect(waits).toBeGreaterThanOrEqual(5_000)
    expect(waits).toBeLessThan(5_500)
    expect((await get(`${path}/${id}/messages?from=4`)).body.data).toEqual([])
  })

  test.each(['from=0', 'from=x', 'limit=201', 'limit=0', 'more=1'])('refuses ?%s', async (query) => {
    const { id } = await openEndpoint()
    expectRefused(await get(`${path}/${id}/messages?${query}`), 'validation_failed')
  })
})

describe('a replay', () => {
  test('delivers again with the same ids and numbers, marked in body and headers', async () => {
    const { id, secret } = await openEndpoint()
    await sell('replayed')
    await has(3)
    const answer = await post(`${path}/${id}/replay`, { from: 2, to: 3 })
    expect(answer.status).toBe(202)
    expect(answer.body).toEqual({ from: 2, to: 3, count: 2 })
    await has(5)
    const [, second, third, ...again] = receiver.received
    expect(again.map(({ body }) => body)).toEqual([
      { ...second!.body, replay: true },
      { ...third!.body, replay: true },
    ])
    for (const message of again) {
      expect(message.headers['thungan-replay']).toBe('true')
      expect(verified(message, secret)).toEqual(message.body)
    }
    await eventually(
      'it is done',
      async () => (await get(`${path}/${id}/messages`)).body.delivery.replaysWaiting === 0,
    )
  })

  test('asked for twice under one Idempotency-Key comes once; newer messages are not held up', async () => {
    const { id } = await openEndpoint({ events: ['payment.created'] })
    await ask(gateway, shop)
    await has(1)
    const once = () => post(`${path}/${id}/replay`, { from: 1 }, shop.key, { 'idempotency-key': 'replay-1' })
    await once()
    expect((await once()).headers.get('idempotent-replayed')).toBe('true')
    await has(2)
    await ask(gateway, shop)
    await has(3)
    expect(receiver.received.map(({ body }) => [body.sequence, body.replay])).toEqual([
      [1, undefined],
      [1, true],
      [2, undefined],
    ])
  })

  test.each([[{ from: 1, to: 5 }], [{ from: 2, to: 1 }], [{ from: 0 }], [{ from: 1.5 }], [{}]])(
    'of %j is refused',
    async (body) => {
      const { id } = await openEndpoint()
      expectRefused(await post(`${path}/${id}/replay`, body), 'validation_failed')
    },
  )
})

test('the metrics count attempts by outcome', async () => {
  await openEndpoint({ events: ['payment.created'] })
  receiver.answer = (response) => void response.writeHead(500).end()
  await ask(gateway, shop)
  await has(1)
  const { text } = await gateway.call('GET', '/metrics')
  expect(text).toMatch(/thungan_webhook_deliveries_total\{outcome="delivered"\} \d/)
  await eventually('the refusal is counted', async () =>
    /thungan_webhook_deliveries_total\{outcome="refused"\} \d/.test(
      (await gateway.call('GET', '/metrics')).text,
    ),
  )
})

test('outside the sandbox only https on port 443 is taken, and nothing on this machine', async () => {
  const production = await openTestGateway({ sandbox: false })
  const { key } = await openShop(production)
  const register = (url: string) => production.call('POST', path, { key, body: { url } })
  for (const url of [
    'http://shop.example/',
    'https://shop.example:8443/',
    'https://127.0.0.1/',
    'https://[::1]/',
  ])
    expectRefused(await register(url), 'validation_failed', '/url')
  expect((await register('https://shop.example/hooks')).status).toBe(201)
  await production.stop()
})
