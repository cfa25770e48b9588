// Webhooks on a cluster: one gateway delivers at a time; killed, paused or new, they go on from one another, and each lists and replays.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, callerOf, openShopAt } from '../support/client.ts'
import { type EventStoreDouble, openEventStoreDouble } from '../support/eventstoredb/double.ts'
import { eventually } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { openReceiver, type Received, type Receiver } from '../support/receiver.ts'

const operatorKey = 'operator-key-of-a-cluster'
const folder = mkdtempSync(join(tmpdir(), 'thungan-cluster-hooks-'))
const gateways: GatewayProcess[] = []
const callers: Caller[] = []
let double: EventStoreDouble
let receiver: Receiver
let shop: Awaited<ReturnType<typeof openShopAt>>
let hook: string
let sold = 0

/** Each with a data folder of its own, empty. */
async function begin(): Promise<void> {
  const port = await freePort()
  const index = gateways.length
  const gateway = startGateway({
    PORT: String(port),
    EVENT_STORE: 'eventstoredb',
    EVENTSTORE_URL: `${double.url}&discoveryInterval=20`,
    DATA_DIR: join(folder, String(index)),
    MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'error',
    PUBLIC_URL: 'https://pay.example',
  })
  gateways.push(gateway)
  await gateway.printed(/is open/)
  callers.push(callerOf(`http://127.0.0.1:${port}`))
}

beforeAll(async () => {
  double = await openEventStoreDouble({ nodes: 3 })
  receiver = await openReceiver()
  await begin()
  shop = await openShopAt(callers[0]!, operatorKey)
  const registration = { url: receiver.url, events: ['payment.created'] }
  hook = `/v1/webhook-endpoints/${(await callers[0]!.post('/v1/webhook-endpoints', shop.key, registration)).body.id}`
  await sell(0, 1)
  await eventually('the first delivers', () => receiver.received.length === 1)
  await begin() // the second: the first has the turn
})
afterAll(async () => {
  await Promise.all(gateways.map(({ kill }) => kill()))
  await receiver.close()
  double.close()
  rmSync(folder, { recursive: true })
})

async function sell(at: number, count: number): Promise<void> {
  for (let sale = 0; sale < count; sale++) {
    const body = { siteId: shop.siteId, method: 'qr', amount: '10000', currency: 'VND' }
    const { status } = await callers[at]!.post('/v1/payments', shop.key, body)
    expect(status).toBe(201)
    sold += 1
  }
}

const sequences = (messages: readonly Received[]): number[] => messages.map(({ body }) => body.sequence)
const isReplay = ({ body }: Received): boolean => body.replay === true
const live = () => receiver.received.filter((message) => !isReplay(message))
const allCame = () =>
  expect.poll(() => new Set(sequences(live())).size, { timeout: 15_000, interval: 20 }).toBe(sold)
/** What a receiver sees that keeps the last number: no message comes before the one it follows. */
const jumps = () =>
  sequences(live()).filter((number, at, all) => number > Math.max(0, ...all.slice(0, at)) + 1)
const repeats = () => live().length - sold
const delivery = async (at: number) => (await callers[at]!.get(`${hook}/messages`, shop.key)).body.delivery

const holders = (): string[] =>
  double.log
    .stream('thungan-turns.webhooks')!
    .map(({ data }) => JSON.parse(Buffer.from(data).toString()).gateway as string)
const takings = () => holders().filter((gateway, at, all) => gateway !== all[at - 1])

test('killed with -9 under load, the deliverer is followed by another within seconds; no number is missing', async () => {
  await Promise.all([sell(1, 40), sell(1, 40), sell(0, 20)])
  const more = sell(1, 60)
  await eventually('it delivers while there is more to come', () => receiver.received.length > 60)
  await gateways[0]!.kill()
  const killedAt = performance.now()
  await more
  await allCame()
  const takenMs = performance.now() - killedAt
  expect(takenMs).toBeLessThan(9_000)
  expect(takings()).toHaveLength(2)
  expect(jumps()).toEqual([])
  expect(repeats(), 'at most the one message that was open').toBeLessThanOrEqual(1)
  const ids = new Map(live().map(({ body }) => [body.sequence, body.id]))
  for (const { body } of live()) {
    expect(body.id, `${body.sequence} came twice under one id`).toBe(ids.get(body.sequence))
    expect(body.previousId).toBe(ids.get(body.sequence - 1) ?? null)
  }
}, 30_000)

test('a gateway with an empty folder lists what was delivered, and a replay that is asked of it goes out once', async () => {
  await begin()
  const delivered = { lastSequence: sold, nextSequence: sold + 1, replaysWaiting: 0 }
  await expect.poll(() => delivery(2), { timeout: 5_000 }).toEqual(delivered)
  const [here, there] = await Promise.all(
    [1, 2].map((at) => callers[at]!.get(`${hook}/messages?from=1&limit=200`, shop.key)),
  )
  expect(there!.body).toEqual(here!.body)
  const asked = await callers[2]!.post(`${hook}/replay`, shop.key, { from: 3, to: 5 })
  expect(asked.status).toBe(202)
  await eventually('they came', () => receiver.received.filter(isReplay).length === 3)
  expect(sequences(receiver.received.filter(isReplay))).toEqual([3, 4, 5])
  for (const at of [1, 2])
    await eventually('it is over everywhere', async () => (await delivery(at)).replaysWaiting === 0)
})

test('a message that fails keeps its attempts and its time when the turn passes on; paused and awake again, the old holder sends nothing', async () => {
  const before = repeats()
  receiver.answer = (response) => void response.writeHead(500).end()
  await sell(2, 1)
  const shown = async () => (await callers[2]!.get(`${hook}/messages?from=${sold}`, shop.key)).body.data[0]
  await expect.poll(async () => (await shown())?.delivery.failedAttempts, { timeout: 5_000 }).toBe(1)
  const tried = receiver.received.length
  gateways[1]!.child.kill('SIGSTOP')
  receiver.answer = (response) => void response.writeHead(204).end()
  await sell(2, 5)
  await callers[2]!.post(`${hook}/rotate-secret`, shop.key, {})
  await allCame()
  expect(takings()).toHaveLength(3)
  expect(repeats() - before, 'the attempt that failed').toBe(1)
  expect(receiver.received[tried]!.body.sequence).toBe(sold - 5)
  const signatures = String(receiver.received.at(-1)!.headers['webhook-signature']).split(' ')
  expect(signatures, 'both secrets sign').toHaveLength(2)

  gateways[1]!.child.kill('SIGCONT')
  await sell(1, 5)
  await allCame()
  await expect.poll(async () => (await delivery(1)).nextSequence, { timeout: 10_000 }).toBe(sold + 1)
  expect(takings(), 'it did not take the turn back').toHaveLength(3)
  expect(repeats() - before).toBe(1)
  expect(jumps()).toEqual([])
}, 40_000)

test('stopped in good order, the deliverer gives the turn back: the next need not wait for it to run out', async () => {
  const ended = gateways[2]!.ended
  gateways[2]!.child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  const begun = performance.now()
  await sell(1, 1)
  await allCame()
  expect(performance.now() - begun).toBeLessThan(3_000)
  expect(jumps()).toEqual([])
}, 20_000)
