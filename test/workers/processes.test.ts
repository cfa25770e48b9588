// Events in, commands out, also at the edge: a payment pays its bills, and money that goes back is sent.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, test, vi } from 'vitest'
import { sites } from '../../projections/sites.ts'
import { businessDate } from '../../src/domain/core/businessDay.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { ask, call, openShop } from './edge.ts'

let shop: Awaited<ReturnType<typeof openShop>>
beforeAll(async () => {
  shop = await openShop('Đống Đa', 'electricity')
})

const payBySandbox = (qrPayload: string) => call('POST', '/v1/sandbox/pay', { body: { qrPayload } })
const ringing = () => runDurableObjectAlarm(env.MERCHANTS.getByName(shop.code))

test('a bill is uploaded, asked for and paid once', async () => {
  const { merchantId, key } = shop
  await call('PUT', `/v1/billers/${merchantId}`, { key, body: plainProfile })
  const file = 'billNumber,customerCode,amount,issuedOn,dueOn\nA,PD13000123456,100000,2026-11-05,2026-11-12'
  const headers = { 'content-type': 'text/csv' }
  const uploaded = await call('POST', '/v1/bills', { key, body: file, headers })
  expect(uploaded.body).toMatchObject({ accepted: 1, rejectedCount: 0 })
  const asking = `/v1/bills?billerId=${merchantId}&customerCode=PD13000123456`
  const { data } = (await call('GET', asking, { key })).body
  expect(data).toHaveLength(1)
  const body = { billIds: [data[0].id] }
  const payment = await call('POST', '/v1/bills/payments', { key, body })
  expect(payment.body).toMatchObject({ amount: '100000', status: 'pending' })
  expect((await payBySandbox(payment.body.qr.payload)).body.outcome).toBe('applied')
  await vi.waitFor(async () => {
    expect((await call('GET', `/v1/bills/${data[0].id}`, { key })).body.status).toBe('paid')
  })
  expect((await call('GET', asking, { key })).body.data).toEqual([])
})

test('a refund is sent by the alarm, in the sandbox', async () => {
  const { body } = await ask(shop)
  await payBySandbox(body.qr.payload)
  const refund = { amount: '25000', reason: 'one bottle broken' }
  const asked = await call('POST', `/v1/payments/${body.id}/refunds`, { key: shop.key, body: refund })
  expect(asked.status).toBe(201)
  await ringing()
  await ringing() // what was sent is recorded, and nothing is sent again
  const read = await call('GET', `/v1/payments/${body.id}`, { key: shop.key })
  expect(read.body).toMatchObject({ status: 'partially_refunded', amountRefunded: '25000' })
})

test('payments at the same place of two merchants’ logs are both counted', async () => {
  const day = businessDate(new Date().toISOString())
  const query = `from=${day}&to=${day}&interval=day&by=district`
  for (let n = 0; n < 2; n++) {
    const other = await openShop('Đan Phượng') // each log begins with as many events
    await payBySandbox((await ask(other)).body.qr.payload)
  }
  await vi.waitFor(async () => {
    const { data } = (await call('GET', `/v1/statistics/payments?${query}`)).body
    expect(data).toContainEqual(expect.objectContaining({ district: 'Đan Phượng', count: 2 }))
  }, 5_000)
})

test('a network object whose rows have a new shape begins anew, is told everything again, and counts it once', async () => {
  const inDistrict = async (): Promise<number> => {
    const day = businessDate(new Date().toISOString())
    const query = `from=${day}&to=${day}&interval=day&by=district`
    const { data } = (await call('GET', `/v1/statistics/payments?${query}`)).body
    return data.find((row: { district: string }) => row.district === 'Ba Đình')?.count ?? 0
  }
  const other = await openShop('Ba Đình')
  const payOne = async () => payBySandbox((await ask(other)).body.qr.payload)
  await payOne()
  await payOne()
  await vi.waitFor(async () => expect(await inDistrict()).toBe(2))
  const object = env.NETWORK.getByName('network')
  await runInDurableObject(object, (_object, { storage }) => {
    // As it would be under a version of the program whose sites had another shape.
    storage.sql.exec(`alter table "${sites.name}" rename to "sites_v0"`)
    storage.sql.exec(`update projection_tables set name = 'sites_v0' where name = '${sites.name}'`)
  })
  await evictDurableObject(object)
  expect(await inDistrict()).toBe(0)
  await payOne()
  await vi.waitFor(async () => expect(await inDistrict()).toBe(3))
})
