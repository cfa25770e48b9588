// Which card network a gateway opens: the acquirer that the environment names, or the sandbox's; and what is said where it cannot.
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { ascii87 } from '../../src/adapters/iso8583/profile.ts'
import { openSandboxHost } from '../../src/adapters/iso8583/sandboxHost/open.ts'
import { openCards } from '../../src/adapters/node/acquirer.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import { createMetrics } from '../../src/adapters/node/metrics.ts'
import { StoreUnavailable } from '../../src/domain/core/eventStore.ts'
import { eventually, openBank, openTestGateway, operatorKey } from '../support/gateway.ts'

const lines: string[] = []
const log = createLog('info', { write: (line) => void lines.push(line) })
const gateway = await openTestGateway()
afterAll(() => gateway.stop())

const file = (name: string) => fileURLToPath(new URL(`../vectors/tls/${name}`, import.meta.url))
const acquirer = async (changes: object = {}): Promise<string> => {
  const body = { kind: 'iso8583-acquirer', name: 'Acquirer', host: '127.0.0.1', port: 1, ...changes }
  return (await gateway.call('POST', '/v1/connectors', { key: operatorKey, body })).body.id
}
const open = (environment: Parameters<typeof openCards>[0], sandbox = true) =>
  openCards(environment, gateway.services.gateway, { sandbox, now: () => gateway.clock.now, log })

async function refusalOf(environment: Parameters<typeof openCards>[0]): Promise<string> {
  const error = await open(environment).catch((one) => one)
  expect(error).toBeInstanceOf(StoreUnavailable)
  return error.message
}

test('without a connector the sandbox pretends, and a gateway outside it takes no cards', async () => {
  const [pretended, live] = [await open({}), await open({}, false)]
  expect(pretended.cards?.cardOf('tok_approve')).toMatchObject({ last4: '1111' })
  expect(live.cards).toBeUndefined()
})

test('with an acquirer test cards are known in the sandbox only, and the gateway waits longer than the network', async () => {
  const named = { ACQUIRER_CONNECTOR: await acquirer(), ACQUIRER_TIMEOUT_MS: 1_000 }
  const [sandbox, live] = [await open(named), await open(named, false)]
  await Promise.all([sandbox.close(), live.close()])
  expect(sandbox.cards?.cardOf('tok_approve')).toBeDefined()
  expect(live.cards?.cardOf('tok_approve')).toBeUndefined()
  expect(live.cards?.answerMs).toBeGreaterThan(2_000)
})

test('a connector that is none, or that is a bank, is named', async () => {
  const bank = await openBank(gateway)
  for (const id of ['con_7K3MA9QZXW4F', bank.id])
    expect(await refusalOf({ ACQUIRER_CONNECTOR: id })).toContain(`ACQUIRER_CONNECTOR names ${id}`)
})

test('a certificate that cannot be read or used is said at once, and no key is repeated', async () => {
  const id = await acquirer()
  const missing = { ACQUIRER_CONNECTOR: id, ACQUIRER_TLS_CA: file('nowhere.pem') }
  expect(await refusalOf(missing)).toMatch(/^Cannot read .*nowhere\.pem for TLS with the acquirer/)
  const stranger = { ACQUIRER_TLS_CERT: file('localhost.pem'), ACQUIRER_TLS_KEY: file('shop.example.key') }
  const said = await refusalOf({ ACQUIRER_CONNECTOR: id, ...stranger })
  expect(said).toMatch(/^Cannot use ACQUIRER_TLS_CA, _CERT and _KEY: .*mismatch/)
  expect(said).not.toContain('PRIVATE KEY')
})

test('a connector without TLS reads no certificate', async () => {
  const plain = { ACQUIRER_CONNECTOR: await acquirer({ tls: false }), ACQUIRER_TLS_CA: file('nowhere.pem') }
  const { cards, close } = await open(plain)
  await close()
  expect(cards).toBeDefined()
})

test('the line to the acquirer is in the log when it changes, and in the metrics', async () => {
  const failed = (error: unknown) => {
    throw error
  }
  const host = await openSandboxHost({ host: '127.0.0.1', port: 0, profile: ascii87, lateMs: 1, failed })
  const id = await acquirer({ port: host.port, tls: false })
  lines.length = 0
  const { acquirerUp = () => false, close } = await open({ ACQUIRER_CONNECTOR: id })
  const metrics = createMetrics({
    lags: async () => [],
    setAside: () => [],
    ledgerDifference: async () => 0n,
    appends: { appended: 0, repeated: 0, conflict: 0 },
    acquirerUp,
  })
  await eventually('the line is up', acquirerUp)
  expect(await metrics.render()).toContain('thungan_acquirer_up 1')
  await host.close()
  await eventually('the line is lost', () => !acquirerUp())
  expect(await metrics.render()).toContain('thungan_acquirer_up 0')
  await close()
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 30, connectorId: id, msg: 'signed on to the acquirer' },
    { level: 50, connectorId: id, msg: 'no line to the acquirer: the host hung up' },
  ])
})
