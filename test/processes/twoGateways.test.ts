// Two gateways, two processes, one data folder: what is asked of both is done once, and each sees what the other does.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { type Caller, callerOf, openShopAt, type Told } from '../support/client.ts'
import { eventually, supermarket } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { dial, request } from '../support/socket.ts'

const operatorKey = 'operator-key-of-two-gateways'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-two-'))
const environment = {
  DATA_DIR: dataDir,
  OPERATOR_KEY: operatorKey,
  DEMO: '0',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://pay.example', // one for all: it stands in the answers
}
const started: GatewayProcess[] = []
const start = (...args: Parameters<typeof startGateway>): GatewayProcess => {
  const gateway = startGateway(...args)
  started.push(gateway)
  return gateway
}

let urls: string[]
let callers: Caller[]
let shop: Awaited<ReturnType<typeof openShopAt>>
beforeAll(async () => {
  const ports = [await freePort(), await freePort()]
  const both = ports.map((port) => start({ ...environment, PORT: String(port) })) // at once, where nothing is yet
  await Promise.all(both.map(({ printed }) => printed(/is open/)))
  urls = ports.map((port) => `http://127.0.0.1:${port}`)
  callers = urls.map(callerOf)
  shop = await openShopAt(callers[0]!, operatorKey)
})
afterAll(async () => {
  await Promise.all(started.map(({ kill }) => kill()))
  rmSync(dataDir, { recursive: true })
})

const sale = (amount = '125000') => ({ siteId: shop.siteId, method: 'qr', amount, currency: 'VND' })
const under = (key: string) => ({ 'idempotency-key': key })
const replayed = ({ headers }: Told) => headers.get('idempotent-replayed')

/** 64 requests at once, every second one to the other gateway. */
const sendAll = (one: (caller: Caller, index: number) => Promise<Told>) =>
  Promise.all(Array.from({ length: 64 }, (_, index) => one(callers[index % 2]!, index)))

async function readWholeLog(): Promise<readonly Recorded[]> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const events = await store.readAll('', 100_000)
  await store.close()
  return events
}
const countOf = async (type: string) => (await readWholeLog()).filter((event) => event.type === type).length

describe('64 requests at once to two gateways', () => {
  test('that are one request make one payment, and are told the same', async () => {
    const before = await countOf('PaymentRequested')
    const answers = await sendAll(({ post }) => post('/v1/payments', shop.key, sale(), under('till-1/0001')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(201)
    expect(answers.filter((answer) => replayed(answer) === null).length).toBe(1)
    expect((await countOf('PaymentRequested')) - before).toBe(1)
  })

  test('that are 64 requests make 64 payments', async () => {
    const before = await countOf('PaymentRequested')
    const answers = await sendAll(({ post }, index) =>
      post('/v1/payments', shop.key, sale(), under(`till-2/${index}`)),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(64).fill(201))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(64)
    expect(answers.map(replayed)).toEqual(Array(64).fill(null))
    expect((await countOf('PaymentRequested')) - before).toBe(64)
  })

  test('with two bodies under one key make one payment; who sent the other body is told so', async () => {
    const before = await countOf('PaymentRequested')
    const answers = await sendAll(({ post }, index) =>
      post('/v1/payments', shop.key, sale(index % 4 < 2 ? '1000' : '2000'), under('till-3/0001')),
    )
    expect((await countOf('PaymentRequested')) - before).toBe(1)
    const amounts = answers.filter(({ status }) => status === 201).map(({ body }) => body.amount)
    expect([amounts.length, new Set(amounts).size]).toEqual([32, 1])
    const refused = answers.filter(({ status }) => status === 422).map(({ body }) => body.code)
    expect(refused).toEqual(Array(32).fill('idempotency_key_reused'))
  })

  test('that pay one QR by one transfer pay it once', async () => {
    const { body: payment } = await callers[0]!.post('/v1/payments', shop.key, sale())
    const before = await countOf('CreditReceived')
    const body = { qrPayload: payment.qr.payload }
    const answers = await sendAll(({ post }) => post('/v1/sandbox/pay', '', body, under('transfer-1')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.body.outcome).toBe('applied')
    expect(answers.filter((answer) => replayed(answer) === null).length).toBe(1)
    expect((await countOf('CreditReceived')) - before).toBe(1)
  })
})

test('a payment paid at one gateway: the live stream, the payment and the lists of the other follow', async () => {
  const [here, there] = callers as [Caller, Caller]
  const { body: payment } = await here.post('/v1/payments', shop.key, { ...sale('77000'), orderId: 'HD-77' })
  const line = await dial(urls[1]!)
  line.send(request('GET', `/v1/payments/${payment.id}/stream`))
  await line.until('"status":"pending"')
  await here.post('/v1/sandbox/pay', '', { qrPayload: payment.qr.payload })
  expect(await line.until('"status":"paid"')).toContain('"amountReceived":"77000"')
  line.hangUp()
  expect((await there.get(`/v1/payments/${payment.id}`, shop.key)).body.status).toBe('paid')
  await eventually('both lists show it as paid', async () => {
    const lists = await Promise.all(callers.map(({ get }) => get('/v1/payments?orderId=HD-77', shop.key)))
    return lists.every(({ body }) => body.data[0]?.status === 'paid')
  })
})

describe('killed between an append and its answer: the retry at the other gateway gets that answer', () => {
  /** Sends a request to a gateway that dies of it, and then the same to one that lives. */
  async function cutAfter(type: string, path: string, key: string, body: object): Promise<Told> {
    const dying = start({ ...environment, DIES_AFTER: type }, 'test/processes/diesAfterAppend.ts')
    const headers = under(`cut after ${type}`)
    const before = await countOf(type)
    await expect(callerOf(await dying.url()).post(path, key, body, headers)).rejects.toThrow(TypeError)
    await dying.ended
    expect((await countOf(type)) - before).toBe(1)
    const answer = await callers[1]!.post(path, key, body, headers)
    expect((await countOf(type)) - before).toBe(1)
    expect([answer.body.code, replayed(answer)]).toEqual([undefined, 'true'])
    return answer
  }

  test('a payment', async () => {
    const { status, body } = await cutAfter('PaymentRequested', '/v1/payments', shop.key, sale())
    expect([status, body.status, body.amount]).toEqual([201, 'pending', '125000'])
  })

  test('a merchant whose key was not yet recorded: the key works', async () => {
    const { body } = await cutAfter('MerchantRegistered', '/v1/merchants', operatorKey, supermarket)
    expect((await callers[0]!.get(`/v1/merchants/${body.id}`, body.apiKey)).status).toBe(200)
  })

  test('an activation', async () => {
    const terminal = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN' }
    const { activationCode } = (await callers[0]!.post('/v1/terminals', shop.key, terminal)).body
    const { body } = await cutAfter('TerminalActivated', '/v1/terminals/activate', '', { activationCode })
    expect((await callers[0]!.get(`/v1/terminals/${body.id}`, body.apiKey)).body.status).toBe('active')
  })

  test('a transfer that had not found its payment: it is paid, once', async () => {
    const { body: payment } = await callers[0]!.post('/v1/payments', shop.key, sale())
    const pay = { qrPayload: payment.qr.payload }
    const { body } = await cutAfter('CreditReceived', '/v1/sandbox/pay', '', pay)
    expect(body.outcome).toBe('applied')
    const { status, amountReceived } = (await callers[0]!.get(`/v1/payments/${payment.id}`, shop.key)).body
    expect([status, amountReceived]).toEqual(['paid', '125000'])
  })

  test('a machine that handed out nothing: the money goes back, once', async () => {
    const registered = { siteId: shop.siteId, kind: 'vending', serialNumber: 'SN' }
    const { activationCode } = (await callers[0]!.post('/v1/terminals', shop.key, registered)).body
    const machine = (await callers[0]!.post('/v1/terminals/activate', '', { activationCode })).body
    const asked = { ...sale(), fulfillment: { mode: 'dispense', timeoutSeconds: 60 } }
    const { body: payment } = await callers[0]!.post('/v1/payments', machine.apiKey, asked)
    await callers[0]!.post('/v1/sandbox/pay', '', { qrPayload: payment.qr.payload })
    const report = `/v1/payments/${payment.id}/fulfillment`
    const { body } = await cutAfter('FulfillmentReported', report, machine.apiKey, { outcome: 'failed' })
    expect(body.fulfillment.status).toBe('failed')
    const path = `/v1/payments/${payment.id}`
    await eventually('it is refunded', async () => {
      const { status } = (await callers[1]!.get(path, shop.key)).body
      return status === 'refunded'
    })
    expect((await callers[1]!.get(`${path}/refunds`, shop.key)).body.data).toMatchObject([
      { amount: '125000' },
    ])
  })
})
