// Payments by QR: asked for, read, canceled, expired, and what the log says of each.
import { afterAll, describe, expect, test } from 'vitest'
import { readQr } from '../../src/domain/qr/readQr.ts'
import {
  ask,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  supermarket,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway, { feePlan: { rate: '0.55', fixed: '100' } })
afterAll(() => gateway.stop())

const read = (id: string, headers: Record<string, string> = {}) =>
  gateway.call('GET', `/v1/payments/${id}`, { key: shop.key, headers })
const cancel = (id: string, headers: Record<string, string> = {}) =>
  gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key, headers })

describe('a payment that was asked for', () => {
  test('is answered with all that a till needs', async () => {
    const body = {
      siteId: shop.siteId,
      method: 'qr',
      amount: '125000',
      currency: 'VND',
      description: 'Hai ổ bánh mì',
      orderId: 'HD-0042',
      metadata: { till: '3', 'cashier.id': 'An' },
      expiresInSeconds: 120,
    }
    const {
      status,
      body: payment,
      headers,
    } = await gateway.call('POST', '/v1/payments', { key: shop.key, body })
    expect(status).toBe(201)
    expect(headers.get('etag')).toBe('"2"')
    expect(headers.get('idempotent-replayed')).toBeNull()
    const { id } = payment
    expect(id).toMatch(new RegExp(`^pay_${shop.merchantId.slice(4)}[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z]$`))
    const { siteId, expiresInSeconds: _, ...sent } = body
    expect(payment).toEqual({
      id,
      status: 'pending',
      ...sent,
      amountReceived: '0',
      amountRefunded: '0',
      merchantId: shop.merchantId,
      siteId,
      reference: id.slice('pay_'.length),
      fee: '788', // 0.55 % of 125,000 and 100 are 787.5: half goes to the even number
      qr: {
        payload: payment.qr.payload,
        expiresAt: '2026-11-22T03:02:00.000Z',
        svgUrl: `http://gateway.test/v1/payments/${id}/qr.svg`,
        pngUrl: `http://gateway.test/v1/payments/${id}/qr.png`,
      },
      checkoutUrl: `http://gateway.test/checkout/${id}`,
      createdAt: '2026-11-22T03:00:00.000Z',
    })
  })

  test('has a QR that any bank app reads: this amount, this account, this transfer text', async () => {
    const payment = await ask(gateway, shop)
    const { errors, warnings, meaning, profile } = readQr(payment.qr.payload)
    expect({ errors, warnings, profile }).toEqual({ errors: [], warnings: [], profile: 'vietqr' })
    expect(meaning).toMatchObject({
      bankBin: supermarket.settlementAccount.bankBin,
      accountNumber: supermarket.settlementAccount.accountNumber,
      amount: '125000',
      purpose: `TN${payment.reference}`,
    })
  })

  test('expires after a quarter of an hour unless it says otherwise', async () => {
    const lasts = async (changes: object) => {
      const { createdAt, qr } = await ask(gateway, shop, changes)
      return (Date.parse(qr.expiresAt) - Date.parse(createdAt)) / 1000
    }
    expect(await lasts({})).toBe(900)
    expect(await lasts({ expiresInSeconds: 1 })).toBe(1)
    expect(await lasts({ expiresInSeconds: 604_800 })).toBe(604_800)
  })

  test('may be anything from one đồng to the most that a transfer moves', async () => {
    expect((await ask(gateway, shop, { amount: '1' })).amount).toBe('1')
    expect((await ask(gateway, shop, { amount: '499999999' })).amount).toBe('499999999')
    const body = { siteId: shop.siteId, method: 'qr', amount: '500000000', currency: 'VND' }
    const answer = await gateway.call('POST', '/v1/payments', { key: shop.key, body })
    expectRefused(answer, 'validation_failed', '/amount')
    expect(answer.body.errors[0].code).toBe('amount_over_transfer_limit')
  })

  test('has pictures that anyone who was given its id may fetch', async () => {
    const { id } = await ask(gateway, shop)
    const svg = await gateway.call('GET', `/v1/payments/${id}/qr.svg`)
    const png = await gateway.services.pictures.png((await read(id)).body.qr.payload)
    expect(svg.headers.get('content-type')).toBe('image/svg+xml')
    expect(svg.text).toMatch(/^<svg /)
    const response = await gateway.app.request(`/v1/payments/${id}/qr.png`)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(png))
  })

  test('that was never asked for has neither picture nor stream', async () => {
    for (const what of ['qr.svg', 'qr.png', 'stream'])
      expectRefused(await gateway.call('GET', `/v1/payments/pay_7K3MA9QZXW4F2P8R60/${what}`), 'not_found')
  })
})

describe('reading', () => {
  test('gives merchant, terminal and operator the same', async () => {
    const payment = await ask(gateway, shop)
    const terminal = await openTerminal(gateway, shop)
    for (const key of [shop.key, terminal.key, operatorKey])
      expect((await gateway.call('GET', `/v1/payments/${payment.id}`, { key })).body).toEqual(payment)
  })

  test('with the ETag known is 304 until something happens', async () => {
    const { id } = await ask(gateway, shop)
    const etag = (await read(id)).headers.get('etag')!
    for (const header of [etag, `W/${etag}`, `"9", ${etag}`]) {
      const same = await read(id, { 'if-none-match': header })
      expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag])
    }
    await cancel(id)
    const changed = await read(id, { 'if-none-match': etag })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).toBe('"3"')
  })

  test.each([
    'pay_7K3MA9QZXW4F2P8R60',
    'sit_7K3MA9QZXW4F2',
    'pay_',
    'pay_%00',
    'pay_7k3ma9qzxw4f2p8r6t',
    "'or 1=1--",
  ])('of %s is 404', async (id) => {
    expectRefused(await read(id), 'not_found')
  })
})

describe('canceling', () => {
  test('ends a pending payment, and twice is once', async () => {
    const { id } = await ask(gateway, shop)
    const first = await cancel(id)
    expect([first.status, first.body.status]).toEqual([200, 'canceled'])
    const head = await gateway.store.head()
    const second = await cancel(id)
    expect([second.status, second.text]).toEqual([200, first.text])
    expect(await gateway.store.head()).toBe(head)
  })

  test('by ten at once is one cancellation', async () => {
    const { id } = await ask(gateway, shop)
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(id)))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect((await read(id)).headers.get('etag')).toBe('"3"')
  })

  test('of a paid one is 409 and changes nothing', async () => {
    const bank = await openBank(gateway)
    const payment = await ask(gateway, shop)
    expect((await pay(gateway, bank, payment, 'cancel-paid')).body.outcome).toBe('applied')
    expectRefused(await cancel(payment.id), 'payment_already_paid')
    expect((await read(payment.id)).body.status).toBe('paid')
  })

  test('with an If-Match of another version is 412 with the current ETag', async () => {
    const { id } = await ask(gateway, shop)
    for (const wrong of ['"1"', '"3"', 'W/"2"', '2', '"x"', '']) {
      const answer = await cancel(id, { 'if-match': wrong })
      expectRefused(answer, 'version_differs')
      expect(answer.headers.get('etag')).toBe('"2"')
    }
    expect((await read(id)).body.status).toBe('pending')
    expect((await cancel(id, { 'if-match': '"2"' })).body.status).toBe('canceled')
    const other = await ask(gateway, shop)
    expect((await cancel(other.id, { 'if-match': '*' })).body.status).toBe('canceled')
  })

  test('takes no body, an empty object, and nothing else', async () => {
    const { id } = await ask(gateway, shop)
    const withBody = (body: unknown) =>
      gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key, body })
    expectRefused(await withBody({ reason: 'changed my mind' }), 'validation_failed', '/reason')
    expectRefused(await withBody('[]'), 'validation_failed', '')
    expect((await withBody({})).status).toBe(200)
  })

  test('by the terminal that asked works', async () => {
    const terminal = await openTerminal(gateway, shop)
    const { id } = await ask(gateway, { ...shop, key: terminal.key })
    const answer = await gateway.call('POST', `/v1/payments/${id}/cancel`, { key: terminal.key })
    expect(answer.body).toMatchObject({ status: 'canceled', terminalId: terminal.id })
  })
})

describe('expiring', () => {
  test('happens once the time is over, not before, and cannot be canceled after', async () => {
    const { id } = await ask(gateway, shop, { expiresInSeconds: 60 })
    await passTime(gateway, 59)
    expect((await read(id)).body.status).toBe('pending')
    await passTime(gateway, 1)
    expect((await read(id)).body.status).toBe('expired')
    const head = await gateway.store.head()
    expectRefused(await cancel(id), 'payment_expired')
    expect(await gateway.store.head()).toBe(head)
  })

  test('leaves paid and canceled payments alone', async () => {
    const bank = await openBank(gateway)
    const [paid, canceled] = [await ask(gateway, shop), await ask(gateway, shop)]
    await pay(gateway, bank, paid, 'expire-paid')
    await cancel(canceled.id)
    await passTime(gateway, 10_000)
    expect((await read(paid.id)).body.status).toBe('paid')
    expect((await read(canceled.id)).body.status).toBe('canceled')
  })
})

describe('the events', () => {
  test('of a payment are the stream as recorded, with who asked and what for', async () => {
    const bank = await openBank(gateway)
    const payment = await ask(gateway, shop, { orderId: 'HD-7' })
    const { creditId } = (await pay(gateway, bank, payment, 'events-1')).body
    const { status, body, headers } = await gateway.call('GET', `/v1/payments/${payment.id}/events`, {
      key: shop.key,
    })
    expect([status, headers.get('etag'), body.nextCursor]).toEqual([200, '"4"', null])
    expect(body.data.map(({ type, version }: { type: string; version: number }) => [type, version])).toEqual([
      ['PaymentRequested', 1],
      ['QrIssued', 2],
      ['CreditApplied', 3],
      ['PaymentPaid', 4],
    ])
    const [requested, issued, applied, paid] = body.data
    expect(requested.data).toMatchObject({ orderId: 'HD-7', amount: { amount: '125000', currency: 'VND' } })
    expect(requested.metadata).toEqual({ actor: `key_${shop.key.slice(3, 19)}` })
    expect(issued.data).toEqual({ payload: payment.qr.payload })
    expect(applied.data).toEqual({ creditId, applied: { amount: '125000', currency: 'VND' } })
    expect(paid.data).toMatchObject({ siteId: shop.siteId, paidAt: gateway.clock.now.toISOString() })
    const positions = body.data.map(({ position }: { position: string }) => position)
    expect([...positions].sort()).toEqual(positions)
    expect(body.data).toEqual(await gateway.store.read(`payment-${payment.id}`))
  })

  test('keep the trace context of the request that made them, if it is one', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const body = { siteId: shop.siteId, method: 'qr', amount: '1000', currency: 'VND' }
    const traceOf = async (header: string) => {
      const headers = { traceparent: header }
      const { id } = (await gateway.call('POST', '/v1/payments', { key: shop.key, body, headers })).body
      return (await gateway.store.read(`payment-${id}`))[0]!.metadata.traceparent
    }
    expect(await traceOf(traceparent)).toBe(traceparent)
    expect(await traceOf(`${traceparent}-and-more`)).toBeUndefined()
  })
})
