// A merchant sells by QR at the edge: taken on, asked for money, notified, paid, read back; and what is another's stays so.
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { hasLog } from '../../src/adapters/durable-object/eventStore.ts'
import { businessDate } from '../../src/domain/core/businessDay.ts'
import { ask, call, notify, openBank, openShop, operatorKey } from './edge.ts'

const district = 'Cầu Giấy'
let shop: Awaited<ReturnType<typeof openShop>>
let bank: Awaited<ReturnType<typeof openBank>>
beforeAll(async () => {
  shop = await openShop(district)
  bank = await openBank()
})

const statusOf = async (id: string) =>
  (await call('GET', `/v1/payments/${id}`, { key: shop.key })).body.status
const payOne = async (transactionId: string) => {
  const { body } = await ask(shop)
  const notified = await notify(bank, `thanh toan TN${body.reference}`, transactionId)
  expect(notified.body.outcome).toBe('applied')
  return body.id as string
}

describe('a QR payment', () => {
  test('is asked for, notified, paid and read back', async () => {
    const asked = await ask(shop)
    expect(asked.status).toBe(201)
    expect(asked.body).toMatchObject({ status: 'pending', amount: '125000', amountReceived: '0' })
    expect(asked.body.id.slice(4, 9)).toBe(shop.code)
    const notified = await notify(bank, `thanh toan TN${asked.body.reference}`, 'FT1')
    expect(notified.body).toEqual({ creditId: expect.stringMatching(/^crd_/), outcome: 'applied' })
    const read = await call('GET', `/v1/payments/${asked.body.id}`, { key: shop.key })
    expect(read.body).toMatchObject({ status: 'paid', amountReceived: '125000', fee: '688' })
  })

  test('is in the list, in the statistics over all merchants, and in the books', async () => {
    const id = await payOne('FT2')
    const list = await call('GET', '/v1/payments?status=paid', { key: shop.key })
    expect(list.body.data[0]).toMatchObject({ id, status: 'paid', amount: '125000' })
    const paid = list.body.data.length
    const day = businessDate(new Date().toISOString())
    await vi.waitFor(async () => {
      const query = `from=${day}&to=${day}&interval=day&by=district`
      const { data } = (await call('GET', `/v1/statistics/payments?${query}`)).body
      expect(data.filter((row: { district: string }) => row.district === district)).toEqual([
        { period: day, district, count: paid, value: String(125_000 * paid), currency: 'VND' },
      ])
    })
    const books = await call('GET', '/v1/ledger/trial-balance', {
      key: operatorKey,
      headers: { 'merchant-id': shop.merchantId },
    })
    expect([books.status, books.body.difference]).toEqual([200, '0'])
  })

  test('asked for twice under one key is one', async () => {
    const body = { siteId: shop.siteId, method: 'qr', amount: '9000', currency: 'VND' }
    const send = () =>
      call('POST', '/v1/payments', { key: shop.key, body, headers: { 'idempotency-key': 'once' } })
    const [first, second] = [await send(), await send()]
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
  })

  test('notified twice is paid once', async () => {
    const { body } = await ask(shop)
    const first = await notify(bank, `TN${body.reference}`, 'FT3')
    expect((await notify(bank, `TN${body.reference}`, 'FT3')).body).toEqual(first.body)
    const events = await call('GET', `/v1/payments/${body.id}/events`, { key: shop.key })
    const types = events.body.data.map(({ type }: { type: string }) => type)
    expect(types.filter((type: string) => type === 'PaymentPaid')).toHaveLength(1)
  })

  test('has pictures, and a page for the payer, without a key', async () => {
    const { body } = await ask(shop)
    const svg = await call('GET', new URL(body.qr.svgUrl).pathname)
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    const png = await call('GET', new URL(body.qr.pngUrl).pathname)
    expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect((await call('GET', `/checkout/${body.id}`, { headers: { accept: 'text/html' } })).status).toBe(200)
  })

  test('is paid in the sandbox by its QR', async () => {
    const { body } = await ask(shop)
    const paid = await call('POST', '/v1/sandbox/pay', { body: { qrPayload: body.qr.payload } })
    expect(paid.body.outcome).toBe('applied')
    expect(await statusOf(body.id)).toBe('paid')
  })
})

test('an object that ends loses nothing: its log and its rows are found again', async () => {
  const id = await payOne('FT4')
  const stub = env.MERCHANTS.getByName(shop.code)
  const before = await call('GET', '/v1/payments', { key: shop.key })
  await evictDurableObject(stub)
  expect(await statusOf(id)).toBe('paid')
  expect((await call('GET', '/v1/payments', { key: shop.key })).body).toEqual(before.body)
})

describe('another merchant', () => {
  test('has an object and a log of its own', async () => {
    const other = await openShop()
    expect(other.code).not.toBe(shop.code)
    await ask(other)
    const streams = await runInDurableObject(env.MERCHANTS.getByName(other.code), (_object, { storage }) =>
      storage.sql
        .exec('select name from streams')
        .toArray()
        .map(({ name }) => String(name)),
    )
    expect(streams.length).toBeGreaterThanOrEqual(4)
    expect(streams.filter((name) => !name.includes(`_${other.code}`))).toEqual([])
  })

  test("does not see this one's payments", async () => {
    const other = await openShop()
    const id = await payOne('FT5')
    const read = await call('GET', `/v1/payments/${id}`, { key: other.key })
    expect([read.status, read.body.code]).toEqual([404, 'not_found'])
    const { data } = (await call('GET', '/v1/payments', { key: other.key })).body
    expect(data).toEqual([])
  })
})

describe('what belongs to nobody', () => {
  test('a key of no merchant is refused, and no object is made for it', async () => {
    const key = `tn_ZZZZZ${'0'.repeat(11)}_${'0'.repeat(32)}`
    expect((await call('GET', '/v1/payments', { key })).status).toBe(401)
    const made = await runInDurableObject(env.MERCHANTS.getByName('ZZZZZ'), (_object, { storage }) =>
      hasLog(storage),
    )
    expect(made).toBe(false)
  })

  test('a wrong secret under a right key id is refused', async () => {
    const key = `${shop.key.slice(0, -1)}${shop.key.endsWith('0') ? '1' : '0'}`
    expect((await call('GET', '/v1/payments', { key })).status).toBe(401)
  })

  test('money without a reference is unapplied, with the network', async () => {
    const { body } = await notify(bank, 'tien nha', 'FT6')
    expect(body.outcome).not.toBe('applied')
    const { data } = (await call('GET', '/v1/unapplied-credits', { key: operatorKey })).body
    expect(data.map(({ id }: { id: string }) => id)).toContain(body.creditId)
  })

  test('money with a reference of a canceled payment is unapplied, with the merchant, and the operator sees it', async () => {
    const { body } = await ask(shop)
    await call('POST', `/v1/payments/${body.id}/cancel`, { key: shop.key, body: {} })
    const { creditId } = (await notify(bank, `TN${body.reference}`, 'FT10')).body
    const idsSeenBy = async (key: string) =>
      (await call('GET', '/v1/unapplied-credits', { key })).body.data.map(({ id }: { id: string }) => id)
    expect(await idsSeenBy(shop.key)).toEqual([creditId])
    await vi.waitFor(async () => expect(await idsSeenBy(operatorKey)).toContain(creditId))
  })

  test('a transaction that was notified with the words of another merchant is one', async () => {
    const other = await openShop()
    const [mine, theirs] = [await ask(shop), await ask(other)]
    const first = await notify(bank, `TN${mine.body.reference}`, 'FT9')
    expect(first.body.outcome).toBe('applied')
    const second = await notify(bank, `TN${theirs.body.reference}`, 'FT9')
    expect(second.body).toEqual(first.body)
    const { body } = await call('GET', `/v1/payments/${theirs.body.id}`, { key: other.key })
    expect([body.status, body.amountReceived]).toEqual(['pending', '0'])
  })

  test('a notification that is not signed is refused', async () => {
    const { body } = await ask(shop)
    const forged = { id: bank.id, secret: `whsec_${btoa('another secret of 24 byte')}` }
    const answer = await notify(forged, `TN${body.reference}`, 'FT7')
    expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid'])
    expect(await statusOf(body.id)).toBe('pending')
  })
})

describe('an operator', () => {
  test('reads a payment of a merchant by its id', async () => {
    const id = await payOne('FT8')
    const read = await call('GET', `/v1/payments/${id}/events`, { key: operatorKey })
    expect(read.status).toBe(200)
  })

  test('changes a merchant, whose object has it at once', async () => {
    const body = { latePolicy: { mode: 'return' } }
    const path = `/v1/merchants/${shop.merchantId}`
    expect((await call('POST', `${path}/settings`, { key: operatorKey, body })).status).toBe(200)
    expect((await call('GET', path, { key: shop.key })).body.latePolicy).toEqual({ mode: 'return' })
  })

  test("reads a merchant's report and settlements that the query names, also where a header names another", async () => {
    const id = await payOne('FT11')
    const other = await openShop()
    const day = businessDate(new Date().toISOString())
    const path = `/v1/reports/payments.csv?from=${day}&to=${day}&merchantId=${shop.merchantId}`
    const report = await call('GET', path, { key: operatorKey })
    expect(report.status).toBe(200)
    expect(report.text).toContain(id)
    expect(report.text).toBe((await call('GET', path, { key: shop.key })).text)
    const headers = { 'merchant-id': other.merchantId }
    expect((await call('GET', path, { key: operatorKey, headers })).text).toBe(report.text)
    const settlements = `/v1/settlements?merchantId=${shop.merchantId}`
    expect((await call('GET', settlements, { key: operatorKey })).status).toBe(200)
  })

  test.each([
    '/v1/payments',
    '/v1/fulfillment-exceptions',
    '/v1/reports/payments.csv?from=2026-11-01&to=2026-11-30',
    '/v1/bills/bil_7K3MA9QZXW4F2P8R',
    '/v1/payouts',
    '/v1/settlements',
  ])('is told to name the merchant who has %s of its own', async (path) => {
    const nobody = await call('GET', path, { key: operatorKey })
    expect([nobody.status, nobody.body.code]).toEqual([501, 'not_at_the_edge'])
    expect(nobody.body.detail).toContain('merchant-id')
    const headers = { 'merchant-id': shop.merchantId }
    expect((await call('GET', path, { key: operatorKey, headers })).status).not.toBe(501)
    expect((await call('GET', path)).status).toBe(401)
  })

  test('lists the payments and traces of the merchant that a header names', async () => {
    const id = await payOne('FT12')
    const body = { amount: '125000', occurredAt: '2026-11-01' }
    const trace = await call('POST', '/v1/traces', { key: shop.key, body })
    const named = { key: operatorKey, headers: { 'merchant-id': shop.merchantId } }
    expect((await call('GET', '/v1/payments', named)).body.data[0].id).toBe(id)
    expect((await call('GET', '/v1/traces', named)).body.data[0].id).toBe(trace.body.id)
  })
})
