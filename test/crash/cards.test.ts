// kill -9 with 500 card transactions open: afterwards none is in doubt. Each is captured once, or nothing of it is held.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import { type Listener, openListener } from '../../src/adapters/iso8583/listener/listener.ts'
import type { Fields } from '../../src/adapters/iso8583/message.ts'
import { ascii87 } from '../../src/adapters/iso8583/profile.ts'
import { sandboxHost } from '../../src/adapters/iso8583/sandboxHost/handler.ts'
import { writeOriginalData } from '../../src/adapters/iso8583/subelements.ts'
import { sandboxLedger } from '../../src/domain/pos/sandboxLedger.ts'
import { seeded } from '../simulation/random.ts'
import { callerOf, openShopAt } from '../support/client.ts'
import { eventually as until } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { dialTill, testPan } from '../support/till.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'thungan-card-crash-'))
const operatorKey = 'operator-key-of-the-card-crash'
const tills = 10
const salesOfATill = 25
const salesOverHttp = 250

/** The acquirer is another machine: its book outlives the gateway, and its answers take their time. */
const ledger = sandboxLedger()
const random = seeded(20261124)
let acquirer: Listener
let open = 0
let signOns = 0
beforeAll(async () => {
  const host = sandboxHost({ ledger, late: () => wait(2_000) })
  acquirer = await openListener({
    host: '127.0.0.1',
    port: 0,
    profile: ascii87,
    limits: { inFlightMax: 10_000 },
    count: () => {},
    failed: (error) => {
      throw error
    },
    handler: async (request) => {
      if (request.message.mti === '0800') {
        signOns += 1
        return host(request)
      }
      open += 1
      await wait(random.below(200))
      const answer = await host(request)
      await wait(random.below(200))
      return answer
    },
  })
})
afterAll(async () => {
  await acquirer.close()
  rmSync(dataDir, { recursive: true, force: true })
})

type Terminal = { id: string; terminalId: string; cardAcceptorId: string }
type Server = GatewayProcess & { readonly address: string; readonly tillPort: number }

async function start(environment: Record<string, string>): Promise<Server> {
  const tillPort = await freePort()
  const gateway = startGateway({
    DATA_DIR: dataDir,
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'error',
    ISO8583_PORT: String(tillPort),
    ACQUIRER_TIMEOUT_MS: '600',
    ...environment,
  })
  return { ...gateway, address: await gateway.url(), tillPort }
}

async function registered() {
  const gateway = await start({})
  const caller = callerOf(gateway.address)
  const shop = await openShopAt(caller, operatorKey)
  const connector = {
    kind: 'iso8583-acquirer',
    name: 'Acquirer',
    host: '127.0.0.1',
    port: acquirer.port,
    tls: false,
  }
  const { body } = await caller.post('/v1/connectors', operatorKey, connector)
  const terminals: Terminal[] = []
  for (let one = 0; one < tills; one++) {
    const terminal = { siteId: shop.siteId, kind: 'pos', serialNumber: `SN-${one}` }
    const { activationCode, ...rest } = (await caller.post('/v1/terminals', shop.key, terminal)).body
    await caller.post('/v1/terminals/activate', '', { activationCode })
    terminals.push(rest)
  }
  await gateway.kill()
  return { shop, terminals, connectorId: body.id as string }
}
type World = Awaited<ReturnType<typeof registered>>

/** Amounts that the acquirer approves, declines, pays in part, does not answer or answers late. */
const endings = ['00', '00', '00', '00', '00', '00', '20', '51', '05', '10', '91', '92']
const amountOf = (index: number): string => `${1_000 + index}${endings[index % endings.length]}`

const codec = messageCodec(ascii87)
const frame = (mti: string, fields: Fields): Uint8Array => {
  const encoded = codec.encode({ mti, fields })
  if (!encoded.ok) throw new Error(`${encoded.code} in DE${encoded.de}`)
  return wrap(encoded.bytes, '', ascii87.envelope)
}
const saleOf = ({ terminalId, cardAcceptorId }: Terminal, index: number, sentAt: string): Fields => ({
  2: testPan,
  3: '000000',
  4: amountOf(index).padStart(12, '0'),
  7: sentAt,
  11: String(index + 1).padStart(6, '0'),
  41: terminalId,
  42: cardAcceptorId,
  49: '704',
})

/** Every sale of a till at once. What it answers is not looked at: the crash takes most of it. */
async function sellAtTill({ tillPort }: Server, terminal: Terminal, sentAt: string): Promise<void> {
  const line = await dialTill(tillPort, codec)
  for (let index = 0; index < salesOfATill; index++) line.send(frame('0200', saleOf(terminal, index, sentAt)))
}

/** After the crash the till does what tills do: it repeats, or reverses, and goes on until it is answered. */
async function finishAtTill({ tillPort }: Server, terminal: Terminal, sentAt: string): Promise<void> {
  const line = await dialTill(tillPort, codec)
  for (let index = 0; index < salesOfATill; index++) {
    const sale = saleOf(terminal, index, sentAt)
    const original = { mti: '0200', stan: sale[11]!, transmittedAt: sentAt, acquirer: '', forwarder: '' }
    if (index % 3 === 0) line.send(frame('0201', sale))
    else if (index % 3 === 1)
      line.send(frame('0421', { ...sale, 56: '4021', 90: writeOriginalData(original) }))
    else continue // this till was switched off
    expect((await line.next()).fields[39]).toMatch(/^(00|10|12|51|05|68)$/)
  }
  line.hangUp()
}

const sellOverHttp = async ({ address }: Server, { shop }: World, index: number) => {
  const manual = index % 2 === 0
  const sale = {
    siteId: shop.siteId,
    method: 'card',
    card: { token: 'tok_approve' },
    amount: amountOf(index),
    currency: 'VND',
    capture: manual ? 'manual' : 'automatic',
  }
  const { post } = callerOf(address)
  const { body } = await post('/v1/payments', shop.key, sale, { 'idempotency-key': `sale ${index}` })
  if (body.status === 'authorized')
    await post(`/v1/payments/${body.id}/capture`, shop.key, {}, { 'idempotency-key': 'c' })
}

async function everyPayment({ address }: Server, { shop }: World) {
  const { get } = callerOf(address)
  const found: { id: string; status: string; amountReceived: string; outcomeUnknown?: true }[] = []
  for (let cursor = ''; ; ) {
    const { body } = await get(`/v1/payments?limit=200${cursor}`, shop.key)
    found.push(...body.data)
    if (body.nextCursor === null) return found
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
}

test('none is left in doubt', { timeout: 120_000 }, async () => {
  const world = await registered()
  const environment = { ACQUIRER_CONNECTOR: world.connectorId }
  const first = await start(environment)
  const sentAt = new Date().toISOString().replace(/\D/g, '').slice(4, 14)
  await until('the gateway has signed on', () => signOns === 1)
  const cutOff = Promise.allSettled([
    ...world.terminals.map((terminal) => sellAtTill(first, terminal, sentAt)),
    ...Array.from({ length: salesOverHttp }, (_, index) => sellOverHttp(first, world, index)),
  ])
  await until('500 are open', () => open >= 500)
  await first.kill()
  await cutOff
  const held = [...ledger.entries()].filter(([, { held, captured }]) => held.minor + captured.minor > 0n)
  expect(held.length).toBeGreaterThan(100) // money was on its way

  const second = await start(environment)
  await until('it has signed on again', () => signOns === 2)
  await Promise.all([
    ...world.terminals.map((terminal) => finishAtTill(second, terminal, sentAt)),
    ...Array.from({ length: salesOverHttp }, (_, index) =>
      index % 3 === 0 ? sellOverHttp(second, world, index) : undefined,
    ),
  ])
  const ends = new Set(['paid', 'declined', 'reversed', 'expired', 'voided'])
  let payments = await everyPayment(second, world)
  for (let turn = 0; turn < 300; turn++) {
    payments = await everyPayment(second, world)
    const open = payments.filter(({ status, id }) => {
      const book = ledger.entry(id.slice('pay_'.length + 5, -1))
      const loose = book !== undefined && book.held.minor > 0n && status !== 'authorized'
      return !(ends.has(status) || status === 'authorized') || loose
    })
    if (open.length === 0) break
    await wait(100)
  }
  const wrong = payments.filter(({ id, status, amountReceived }) => {
    const book = ledger.entry(id.slice('pay_'.length + 5, -1))
    const [held, captured] = [book?.held.minor ?? 0n, book?.captured.minor ?? 0n]
    if (status === 'paid') return held !== 0n || captured.toString() !== amountReceived
    if (status === 'authorized') return captured !== 0n || held === 0n // nobody has captured it yet
    return !ends.has(status) || held !== 0n || captured !== 0n
  })
  expect(wrong.map((one) => ({ ...one, book: ledger.entry(one.id.slice(9, -1)) }))).toEqual([])
  const known = new Set(payments.map(({ id }) => id.slice(9, -1)))
  const strangers = [...ledger.entries()].filter(
    ([reference, { held, captured }]) => !known.has(reference) && held.minor + captured.minor > 0n,
  )
  expect(strangers).toEqual([])
  expect(payments.length).toBeGreaterThan(400)
  await second.kill()
})
