// Two gateways on one EventStoreDB (a double) and one PostgreSQL: one counts the log, and when it is killed the other goes on.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, callerOf, openShopAt } from '../support/client.ts'
import { type EventStoreDouble, openEventStoreDouble } from '../support/eventstoredb/double.ts'
import { eventually } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { asked, startPostgres, type TestPostgres } from '../support/postgres.ts'

const operatorKey = 'operator-key-of-a-cluster'
const folder = mkdtempSync(join(tmpdir(), 'thungan-shared-'))
const gateways: GatewayProcess[] = []
let double: EventStoreDouble
let postgres: TestPostgres
let url: string
let callers: Caller[]
let shop: Awaited<ReturnType<typeof openShopAt>>

beforeAll(async () => {
  double = await openEventStoreDouble()
  postgres = await startPostgres()
  url = await postgres.newDatabase()
  const ports = [await freePort(), await freePort()]
  for (const [index, port] of ports.entries()) {
    const environment = {
      PORT: String(port),
      EVENT_STORE: 'eventstoredb',
      EVENTSTORE_URL: double.url,
      READ_MODEL_URL: url,
      DATA_DIR: join(folder, String(index)),
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      OPERATOR_KEY: operatorKey,
      DEMO: '0',
      LOG_LEVEL: 'error',
    }
    const gateway = startGateway(environment)
    gateways.push(gateway)
    await gateway.printed(/is open/) // one after the other: the first has the turn
  }
  callers = ports.map((port) => callerOf(`http://127.0.0.1:${port}`))
  shop = await openShopAt(callers[0]!, operatorKey)
})
afterAll(async () => {
  await Promise.all(gateways.map(({ kill }) => kill()))
  double.close()
  await postgres.stop()
  rmSync(folder, { recursive: true })
})

async function sell(caller: Caller, amount: string): Promise<void> {
  const sale = { siteId: shop.siteId, method: 'qr', amount, currency: 'VND' }
  const { body } = await caller.post('/v1/payments', shop.key, sale)
  const paid = await caller.post('/v1/sandbox/pay', '', { qrPayload: body.qr.payload })
  expect(paid.body.outcome).toBe('applied')
}

const paidAt = async ({ get }: Caller): Promise<number> =>
  (await get('/v1/payments?status=paid&limit=200', shop.key)).body.data.length

test('both list what either sold; killed with -9 the one that counts, the other counts on, each payment once', async () => {
  const [first, second] = callers as [Caller, Caller]
  for (let index = 0; index < 5; index++) await sell(callers[index % 2]!, '10000')
  await eventually('both list five', async () => (await paidAt(first)) === 5 && (await paidAt(second)) === 5)

  await gateways[0]!.kill()
  for (let index = 0; index < 5; index++) await sell(second, '10000')
  await eventually('the other lists ten', async () => (await paidAt(second)) === 10)
  const turns = await asked(
    url,
    `select count(*)::int as held from pg_locks where locktype = 'advisory' and granted`,
  )
  expect(turns).toEqual([{ held: 1 }])
  const ready = await second.get('/readyz')
  expect([ready.status, ready.body.status]).toEqual([200, 'ready'])
  const schema = await asked(url, `select nspname from pg_namespace where nspname like 'thungan%'`)
  const sums = await asked(
    url,
    `select sum(count)::int as count, sum(gross)::int as gross from ${schema[0].nspname}.takings_v2`,
  )
  expect(sums).toEqual([{ count: 10, gross: 100_000 }])
})

test('without PostgreSQL payments are taken and paid; lists say to come back', async () => {
  const second = callers[1]!
  await postgres.stop()
  await sell(second, '10000')
  const list = await second.get('/v1/payments', shop.key)
  expect([list.status, list.headers.get('retry-after')]).toEqual([503, expect.any(String)])
  expect((await second.get('/readyz')).status).toBe(503)
  expect((await second.get('/healthz')).status).toBe(200)
})
