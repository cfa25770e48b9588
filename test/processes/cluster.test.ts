// Two gateways, two processes, two data folders, one EventStoreDB cluster (a double of it): each sees what the other does.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, callerOf, openShopAt, type Told } from '../support/client.ts'
import { type EventStoreDouble, openEventStoreDouble } from '../support/eventstoredb/double.ts'
import { type Bank, eventually, notificationFor, signedHeaders } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { payer } from '../support/money.ts'
import { dial, request } from '../support/socket.ts'

const operatorKey = 'operator-key-of-a-cluster'
const masterKey = Buffer.alloc(32, 5).toString('base64')
const folder = mkdtempSync(join(tmpdir(), 'thungan-cluster-'))
const gateways: GatewayProcess[] = []
let double: EventStoreDouble
let urls: string[]
let callers: Caller[]
let bank: Bank
let shop: Awaited<ReturnType<typeof openShopAt>>

const environmentOf = (index: number) => ({
  EVENT_STORE: 'eventstoredb',
  EVENTSTORE_URL: `${double.url}&discoveryInterval=20`,
  DATA_DIR: join(folder, String(index)),
  MASTER_KEY: masterKey,
  OPERATOR_KEY: operatorKey,
  DEMO: '0',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://pay.example', // one for all: it stands in the answers
})

beforeAll(async () => {
  double = await openEventStoreDouble({ nodes: 3 })
  const ports = [await freePort(), await freePort()]
  urls = ports.map((port) => `http://127.0.0.1:${port}`)
  for (const [index, port] of ports.entries())
    gateways.push(startGateway({ ...environmentOf(index), PORT: String(port) })) // at once, where nothing is yet
  await Promise.all(gateways.map(({ printed }) => printed(/is open/)))
  callers = urls.map(callerOf)
  shop = await openShopAt(callers[0]!, operatorKey)
  const connector = { kind: 'vietqr-bank', name: 'Bank' }
  bank = (await callers[0]!.post('/v1/connectors', operatorKey, connector)).body
})
afterAll(async () => {
  await Promise.all(gateways.map(({ kill }) => kill()))
  double.close()
  rmSync(folder, { recursive: true })
})

async function notifyAt(url: string, notification: object) {
  const body = JSON.stringify(notification)
  const headers = { 'content-type': 'application/json', ...signedHeaders(bank.secret, body, new Date()) }
  const response = await fetch(`${url}/v1/connectors/${bank.id}/notifications`, {
    method: 'POST',
    body,
    headers,
  })
  return { status: response.status, body: (await response.json()) as { outcome: string } }
}

const sale = (more: object = {}) => ({
  siteId: shop.siteId,
  method: 'qr',
  amount: '125000',
  currency: 'VND',
  ...more,
})
const countOf = (type: string): number =>
  double.log.records.filter(({ metadata }) => metadata.get('type') === type).length
const sendAll = (one: (caller: Caller, index: number) => Promise<Told>) =>
  Promise.all(Array.from({ length: 32 }, (_, index) => one(callers[index % 2]!, index)))

test('a payment made at one gateway and notified to the other is paid, read back and streamed at both', async () => {
  const [here, there] = callers as [Caller, Caller]
  const { body: payment } = await here.post('/v1/payments', shop.key, sale({ orderId: 'HD-1' }))
  const line = await dial(urls[0]!)
  line.send(request('GET', `/v1/payments/${payment.id}/stream`))
  await line.until('"status":"pending"')

  const notified = await notifyAt(urls[1]!, notificationFor(payment, 'FT-1', new Date()))
  expect([notified.status, notified.body.outcome]).toEqual([200, 'applied'])

  expect(await line.until('"status":"paid"')).toContain('"amountReceived":"125000"')
  line.hangUp()
  for (const { get } of callers)
    expect((await get(`/v1/payments/${payment.id}`, shop.key)).body).toMatchObject({
      status: 'paid',
      amountReceived: '125000',
    })
  await eventually('both lists show it as paid', async () => {
    const lists = await Promise.all(callers.map(({ get }) => get('/v1/payments?orderId=HD-1', shop.key)))
    return lists.every(({ body }) => body.data[0]?.status === 'paid')
  })
  expect((await there.get(`/v1/payments/${payment.id}`, shop.key)).headers.get('etag')).toBe(
    (await here.get(`/v1/payments/${payment.id}`, shop.key)).headers.get('etag'),
  )
})

describe('requests at once to both gateways', () => {
  test('that are one request make one payment, and are told the same', async () => {
    const before = countOf('PaymentRequested')
    const key = { 'idempotency-key': 'till-1/0001' }
    const answers = await sendAll(({ post }) => post('/v1/payments', shop.key, sale(), key))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(201)
    expect(countOf('PaymentRequested') - before).toBe(1)
  })

  test('that pay one QR by one transfer pay it once', async () => {
    const { body: payment } = await callers[0]!.post('/v1/payments', shop.key, sale())
    const before = countOf('CreditReceived')
    const key = { 'idempotency-key': 'transfer-1' }
    const pay = { qrPayload: payment.qr.payload }
    const answers = await sendAll(({ post }) => post('/v1/sandbox/pay', '', pay, key))
    expect(answers.map(({ body }) => body.outcome)).toEqual(Array(32).fill('applied'))
    expect(countOf('CreditReceived') - before).toBe(1)
  })
})

test('the way back for money is found at either gateway: what one sealed the other opens', async () => {
  const [here, there] = callers as [Caller, Caller]
  const returned = Array.from({ length: 8 }, async (_, index) => {
    const { body: payment } = await here.post('/v1/payments', shop.key, sale({ amount: '90000' }))
    await notifyAt(urls[0]!, notificationFor(payment, `FT-2-${index}`, new Date(), { payer }))
    const refund = { amount: '90000', reason: 'returned goods' }
    const asked = await there.post(`/v1/payments/${payment.id}/refunds`, shop.key, refund)
    const { id } = asked.body
    let status = ''
    await eventually('it is over', async () => {
      status = (await there.get(`/v1/refunds/${id}`, shop.key)).body.status
      return status === 'completed' || status === 'failed'
    })
    return status
  })
  expect(await Promise.all(returned)).toEqual(Array(8).fill('completed'))
})

test('nodes that stop, drop and elect cost no payment: what was answered stands, and both gateways count it', async () => {
  const paying = Array.from({ length: 24 }, async (_, index) => {
    if (index === 8) double.drop(14)
    if (index === 12) double.elect(1)
    if (index === 16) double.stop(0)
    const caller = callers[index % 2]!
    const created = await caller.post('/v1/payments', shop.key, sale({ orderId: `HD-2-${index}` }), {
      'idempotency-key': `storm-${index}`,
    })
    const paid = await caller.post('/v1/sandbox/pay', '', { qrPayload: created.body.qr.payload })
    return [created.status, paid.body.outcome]
  })
  expect(await Promise.all(paying)).toEqual(Array(24).fill([201, 'applied']))
  await eventually('both count all of them', async () => {
    const lists = await Promise.all(
      callers.map(({ get }) => get('/v1/payments?limit=200&status=paid', shop.key)),
    )
    return lists.every(
      ({ body }) =>
        body.data.filter(({ orderId }: { orderId?: string }) => orderId?.startsWith('HD-2-')).length === 24,
    )
  })
})

test('a gateway with another master key does not start, and one that comes later has counted what there is', async () => {
  const other = startGateway({ ...environmentOf(2), MASTER_KEY: Buffer.alloc(32, 6).toString('base64') })
  const { code, err } = await other.ended
  expect([code, err]).toEqual([
    1,
    expect.stringContaining('MASTER_KEY is not the one that this cluster was started with'),
  ])
  const port = await freePort()
  const late = startGateway({ ...environmentOf(2), PORT: String(port) })
  gateways.push(late)
  await late.printed(/is open/)
  const { get } = callerOf(`http://127.0.0.1:${port}`)
  await eventually('it has counted what there is', async () => {
    const { body } = await get('/v1/payments?orderId=HD-1', shop.key)
    return body.data[0]?.status === 'paid'
  })
})

test('a terminal that is heard by one gateway is seen at the other', async () => {
  const [here, there] = callers as [Caller, Caller]
  const made = await here.post('/v1/terminals', shop.key, {
    siteId: shop.siteId,
    kind: 'pos',
    serialNumber: 'SN-1',
  })
  const { body: activated } = await here.post('/v1/terminals/activate', '', {
    activationCode: made.body.activationCode,
  })
  const beat = await here.post(`/v1/terminals/${made.body.id}/heartbeat`, activated.apiKey, {
    status: 'paper low',
  })
  expect(beat.status).toBe(200)
  await expect
    .poll(async () => (await there.get(`/v1/terminals/${made.body.id}`, shop.key)).body, { timeout: 10_000 })
    .toMatchObject({ state: 'active', reportedStatus: 'paper low' })
})
