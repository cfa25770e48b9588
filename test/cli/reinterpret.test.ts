// The real command on the files of a running gateway: what it prints, what it changes, and its exit codes.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assemble } from '../../src/adapters/node/assemble.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import {
  ask,
  call,
  eventually,
  notificationFor,
  openBank,
  openShop,
  operatorKey,
  signedHeaders,
} from '../support/gateway.ts'
import { node } from '../support/node.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'thungan-reinterpret-'))
const dataDir = join(folder, 'data')
const masterKey = new Uint8Array(32).fill(9)
const now = () => new Date()

let gateway: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  gateway = await open()
})
afterAll(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true })
})

async function open() {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now })
  const settings = {
    version: '0.0.0',
    publicUrl: 'http://gateway.test',
    sandbox: true,
    masterKey,
    operatorKeyHash: nodeCrypto.hash(operatorKey),
    lagMaxMs: 5_000,
  }
  const assembly = await assemble({ store, dataDir, settings, log: createLog('silent'), now })
  const send = (method: string, path: string, options?: Parameters<typeof call>[3]) =>
    call(assembly.app, method, path, options)
  return { ...assembly, store, call: send }
}

/** Runs the command in a process of its own, while the gateway here goes on. */
async function thungan(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(node, [join(root, 'src/adapters/node/cli/thungan.ts'), 'reinterpret', ...args], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      MASTER_KEY: Buffer.from(masterKey).toString('base64'),
      ...environment,
    },
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}

test('shows, then applies, then has nothing to do; the running gateway sees the payment paid', async () => {
  const shop = await openShop(gateway)
  const bank = await openBank(gateway)
  const payment = await ask(gateway, shop)
  const body = JSON.stringify(notificationFor(payment, 'FT1', now()))
  const headers = { ...signedHeaders(bank.secret, body, now()), 'content-type': 'text/plain' }
  const path = `/v1/connectors/${bank.id}/notifications`
  expect((await gateway.call('POST', path, { body, headers })).status).toBe(415)

  const shown = await thungan([])
  expect(shown.code, shown.err).toBe(1)
  expect(shown.out).toMatch(/^1 notifications read again\.\n +1 {2}could not be read and now can/)
  expect(shown.out).toContain(payment.reference)
  expect(shown.out).toMatch(/--apply does 1\.\n$/)

  const before = await gateway.store.head()
  const asJson = await thungan(['--json', '--data-dir', dataDir], { DATA_DIR: '/nowhere' })
  expect(JSON.parse(asJson.out)).toEqual({
    notifications: 1,
    erased: 0,
    differences: [
      {
        kind: 'now_readable',
        stream: expect.stringMatching(/^notification-ntf_[0-9A-Z]{26}$/),
        connectorId: bank.id,
        creditId: expect.stringMatching(/^crd_[0-9A-Z]{26}$/),
        references: [payment.reference],
        appliable: true,
      },
    ],
    applied: null,
  })
  expect(asJson.code).toBe(1)
  expect(await gateway.store.head()).toBe(before)

  const applied = await thungan(['--apply'])
  expect(applied.code, applied.err).toBe(0)
  expect(applied.out).toMatch(/--apply does 1\.\nApplied 1\.\n$/)
  await eventually('the gateway sees it paid', async () => {
    const { body } = await gateway.call('GET', `/v1/payments/${payment.id}`, { key: shop.key })
    return body.status === 'paid'
  })

  const again = await thungan(['--apply', '--json'])
  expect(again.code).toBe(0)
  expect(JSON.parse(again.out)).toEqual({ notifications: 2, erased: 0, differences: [], applied: 0 })
}, 30_000)

test('a wrong master key, or no gateway, is said in a line, and nothing is made', async () => {
  const wrong = await thungan([], { MASTER_KEY: Buffer.alloc(32, 1).toString('base64') })
  expect([wrong.code, wrong.out]).toEqual([2, ''])
  expect(wrong.err).toMatch(/^error: A sealed text cannot be opened/)
  const nowhere = join(folder, 'nowhere')
  const missing = await thungan(['--data-dir', nowhere])
  expect(missing.code).toBe(2)
  expect(missing.err).toMatch(/^error: .*events\.sqlite does not exist: name the folder/)
  expect(existsSync(nowhere)).toBe(false)
  expect((await thungan(['--unknown'])).code).toBe(2)
}, 30_000)
