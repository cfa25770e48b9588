// Payments through a provider: registered once, ordered by a signed call, shown as a page and a QR, on good days and bad.
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { orderCode } from '../../src/domain/connectors/payos.ts'
import { type ProviderKind, providerKinds } from '../../src/domain/connectors/providers.ts'
import { credentials, tools } from '../support/callbacks.ts'
import { type FakeProvider, openFakeProvider } from '../support/fakeProvider.ts'
import { openBank, openShop, openTestGateway, operatorKey, pay, unappliedOf } from '../support/gateway.ts'
import { connect, connectAll } from '../support/providers.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
const fake = await openFakeProvider()
const connectors = await connectAll(gateway, { baseUrl: `${fake.url}/` })
const register = (kind: ProviderKind, changes: object = {}) => connect(gateway, kind, changes)
afterAll(async () => {
  await gateway.stop()
  await fake.close()
})
beforeEach(() => {
  fake.mood = 'well'
  fake.orders.length = 0
})

const request = (kind: ProviderKind, idempotencyKey?: string, changes: object = {}) =>
  gateway.call('POST', '/v1/payments', {
    key: shop.key,
    body: {
      siteId: shop.siteId,
      method: 'qr',
      amount: '125000',
      currency: 'VND',
      connectorId: connectors[kind],
      ...changes,
    },
    ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
  })
const head = () => gateway.store.head()
const asked: ProviderKind[] = ['momo', 'zalopay', 'payos'] // VNPAY takes a signed link and is not asked

describe('a provider is connected', () => {
  test.each(providerKinds)('%s: by its credentials, which nobody sees again', async (kind) => {
    const before = await head()
    const answer = await register(kind)
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^con_/),
      kind,
      name: kind,
      createdAt: gateway.clock.now.toISOString(),
      baseUrl: expect.stringMatching(/^https:\/\/[a-z.-]+\.vn$/),
      notificationUrl: `http://gateway.test/v1/connectors/${answer.body.id}/notifications`,
    })
    const [registered] = await gateway.store.readAll(before, 1)
    const { sealed, ...open } = registered!.data as { sealed: string }
    const said = JSON.stringify([answer.body, open])
    for (const secret of Object.values(credentials[kind])) expect(said).not.toContain(secret)
    expect(JSON.parse(gateway.services.vault.open(sealed)!)).toEqual(credentials[kind])
  })

  test('with every credential and no other field', async () => {
    expectRefused(await register('vnpay', { hashSecret: undefined }), 'validation_failed', '/hashSecret')
    expectRefused(await register('vnpay', { key1: 'x' }), 'validation_failed', '/key1')
    expectRefused(await register('momo', { secretKey: 'with space' }), 'validation_failed', '/secretKey')
    const bank = { kind: 'vietqr-bank', name: 'Bank', baseUrl: 'https://bank.example' }
    const answer = await gateway.call('POST', '/v1/connectors', { key: operatorKey, body: bank })
    expectRefused(answer, 'validation_failed', '/baseUrl')
  })

  test.each([
    'ftp://api.example',
    'https://user:secret@api.example',
    'https://api.example/?a=1',
    'https://api.example/#x',
    'file:///etc/passwd',
    'nowhere',
  ])('not at %s', async (baseUrl) => {
    expectRefused(await register('momo', { baseUrl }), 'validation_failed', '/baseUrl')
  })

  test('by https outside the sandbox, at its live address unless said', async () => {
    const live = await openTestGateway({ sandbox: false })
    const connect = (baseUrl?: string) =>
      live.call('POST', '/v1/connectors', {
        key: operatorKey,
        body: { kind: 'zalopay', name: 'Z', ...credentials.zalopay, baseUrl },
      })
    const [plain, usual] = [await connect('http://127.0.0.1:1'), await connect()]
    await live.stop()
    expectRefused(plain, 'validation_failed', '/baseUrl')
    expect(usual.body.baseUrl).toBe('https://openapi.zalopay.vn')
  })
})

describe('a payment through a provider', () => {
  test('VNPAY: a signed link, and no call', async () => {
    const { body } = await request('vnpay')
    const url = new URL(body.payUrl)
    expect(`${url.origin}${url.pathname}`).toBe(`${fake.url}/paymentv2/vpcpay.html`)
    const fields = Object.fromEntries(url.searchParams)
    expect(fields).toMatchObject({
      vnp_Amount: '12500000',
      vnp_CreateDate: '20261122100000',
      vnp_ExpireDate: '20261122101500',
      vnp_OrderInfo: `Thanh toan TN${body.reference}`,
      vnp_ReturnUrl: body.checkoutUrl,
      vnp_TmnCode: credentials.vnpay.tmnCode,
      vnp_TxnRef: `TN${body.reference}`,
    })
    const signed = url.search.slice(1).replace(/&vnp_SecureHash=.*/, '')
    expect(fields.vnp_SecureHash).toBe(tools.hmac('sha512', credentials.vnpay.hashSecret, signed))
    expect(body.qr.payload).toBe(body.payUrl) // a phone's camera opens it
    expect(fake.orders).toEqual([])
  })

  test('MoMo: payUrl and a QR text', async () => {
    const { status, body } = await request('momo')
    expect(status).toBe(201)
    expect(body).toMatchObject({
      status: 'pending',
      connectorId: connectors.momo,
      payUrl: `https://test-payment.momo.vn/pay/TN${body.reference}`,
      qr: { payload: `momo://app?action=payWithApp&orderId=TN${body.reference}` },
    })
    const notificationUrl = `http://gateway.test/v1/connectors/${connectors.momo}/notifications`
    expect(fake.orders).toMatchObject([
      {
        amount: 125000,
        ipnUrl: notificationUrl,
        redirectUrl: body.checkoutUrl,
        requestType: 'captureWallet',
      },
    ])
  })

  test('ZaloPay: order_url and qr_code', async () => {
    const { body } = await request('zalopay')
    expect(body.payUrl).toBe(`https://qcgateway.zalopay.vn/openinapp?order=261122_TN${body.reference}`)
    expect(body.qr.payload).toBe('00020101021226520010vn.zalopay')
    expect(fake.orders).toMatchObject([{ amount: '125000', app_id: '2553', expire_duration_seconds: '900' }])
  })

  test('payOS: checkoutUrl and qrCode', async () => {
    const { body } = await request('payos')
    expect(body.payUrl).toBe(`https://pay.payos.vn/web/${orderCode(body.reference, 1, tools)}`)
    expect(body.qr.payload).toBe('00020101021238570010A0')
    const { clientId, apiKey } = credentials.payos
    expect(fake.orders).toMatchObject([
      { amount: 125000, description: `TN${body.reference}`, 'x-client-id': clientId, 'x-api-key': apiKey },
    ])
  })

  test.each(providerKinds)('%s: read, listed, drawn and shown with its page', async (kind) => {
    const { body } = await request(kind)
    await gateway.settled()
    const get = (path: string, key?: string) => gateway.call('GET', path, key === undefined ? {} : { key })
    expect((await get(`/v1/payments/${body.id}`, shop.key)).body).toEqual(body)
    const list = (await get('/v1/payments?limit=1', shop.key)).body.data
    const listed = list.find(({ id }: { id: string }) => id === body.id)
    if (listed) expect(listed).toEqual(body)
    expect((await get(`/v1/payments/${body.id}/qr.svg`)).text).toContain('<svg')
    const page = (await get(`/checkout/${body.id}`)).text
    expect(page).toContain(`href="${body.payUrl.replaceAll('&', '&amp;')}"`)
    expect(page).not.toContain('0123456789') // a transfer to the settlement account would not pay it
  })

  test('is no candidate for a transfer that names nothing', async () => {
    const own = await openShop(gateway)
    const sold = { siteId: own.siteId, method: 'qr', amount: '125000', currency: 'VND' }
    const sell = (body: object) =>
      gateway.call('POST', '/v1/payments', { key: own.key, body: { ...sold, ...body } })
    const { body: transfer } = await sell({})
    await sell({ connectorId: connectors.vnpay })
    const { body } = await pay(gateway, await openBank(gateway), transfer, 'nameless', { content: '' })
    const { candidates } = await unappliedOf(gateway, own.key, body.creditId)
    expect(candidates.map(({ paymentId }: { paymentId: string }) => paymentId)).toEqual([transfer.id])
  })

  test('only through a connector of a provider', async () => {
    for (const connectorId of ['con_7K3MA9QZXW4F', 'con_SANDB0XBANK0'])
      expectRefused(await request('momo', undefined, { connectorId }), 'validation_failed', '/connectorId')
  })
})

describe('on a bad day', () => {
  const lost = async (answer: ReturnType<typeof request>, before: string, why: RegExp) => {
    const refused = await answer
    expectRefused(refused, 'provider_failed')
    expect(refused.body.detail).toMatch(why)
    expect(await head()).toBe(before)
    for (const secret of Object.values(credentials).flatMap((all) => Object.values(all)))
      if (secret.startsWith('CANARY')) expect(refused.text).not.toContain(secret)
  }

  const badDays: [FakeProvider['mood'], RegExp][] = [
    ['refuses', /It answered: .*No payment was made/],
    ['babbles', /status 502 and no JSON/],
    ['moves elsewhere', /could not be reached/],
    ['talks without end', /could not be reached/],
    ['loses the answer', /did not answer in time/],
  ]
  test.each(badDays)('the provider %s: 502, and no payment', async (mood, why) => {
    fake.mood = mood
    for (const kind of asked) await lost(request(kind), await head(), why)
  })

  test("a provider's words reach the caller as one printable line", async () => {
    fake.mood = 'refuses'
    expect((await request('momo')).body.detail).toMatch(/^It answered: 11 Access denied\. No payment/)
  })

  test.each(asked)(
    '%s: the answer was lost; the same key makes the same payment, by a new order',
    async (kind) => {
      fake.mood = 'loses the answer'
      const key = `lost ${kind}`
      expectRefused(await request(kind, key), 'provider_failed')
      fake.mood = 'well'
      const first = await request(kind, key)
      expect(first.status).toBe(201)
      const again = await request(kind, key)
      expect(again.text).toBe(first.text)
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      expect(fake.orders.length).toBe(2) // one that nobody was shown, and the payment's
      if (kind === 'payos') {
        expect(first.body.payUrl).toContain(`/${orderCode(first.body.reference, 2, tools)}`)
      } else expect(first.body.payUrl).toContain(`TN${first.body.reference}_2`)
    },
  )

  test.each(providerKinds)('%s: twenty requests at once under one key are one payment', async (kind) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => request(kind, `burst ${kind}`)))
    const made = answers.filter(({ status }) => status === 201)
    expect(new Set(made.map(({ text }) => text)).size).toBe(1)
    for (const answer of answers) if (answer.status !== 201) expectRefused(answer, 'provider_failed')
    expect((await request(kind, `burst ${kind}`)).text).toBe(made[0]!.text)
  })

  test('another body under the same key is refused, and the provider is not asked', async () => {
    await request('momo', 'reused')
    fake.orders.length = 0
    expectRefused(await request('momo', 'reused', { amount: '1' }), 'idempotency_key_reused')
    expect(fake.orders).toEqual([])
  })

  test('the key of the credentials was dropped: 502, and no order', async () => {
    const vault = new DatabaseSync(`${gateway.dataDir}/vault.sqlite`)
    const keys = () =>
      vault
        .prepare('select id from keys')
        .all()
        .map(({ id }) => id as string)
    const before = keys()
    const { id } = (await register('momo', { baseUrl: fake.url })).body
    const [own] = keys().filter((key) => !before.includes(key))
    vault.prepare('delete from keys where id = ?').run(own!)
    vault.close()
    const answer = await request('momo', undefined, { connectorId: id })
    expectRefused(answer, 'provider_failed')
    expect(answer.body.detail).toMatch(/credentials have been erased/)
    expect(fake.orders).toEqual([])
  })
})
