// The Worker as wrangler would upload it: what it imports, how large it is, and that it sells, in workerd and without the sources.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestHarness } from 'wrangler'
import { shopSite, supermarket } from '../support/gateway.ts'
import { scan } from './zbarimg.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'thungan-bundle-'))
const operatorKey = 'operator-key-of-the-tests'
let bundle: string
const workerd = createTestHarness({
  root,
  workers: [
    {
      configPath: 'wrangler.toml',
      prebuiltWorkerDir: folder,
      secrets: {
        MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
        OPERATOR_KEY: operatorKey,
      },
      vars: { SANDBOX: '1' },
    },
  ],
})

beforeAll(async () => {
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], {
    cwd: root,
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' },
    stdio: 'pipe',
  })
  bundle = readFileSync(join(folder, 'main.js'), 'utf8')
  await workerd.listen()
})
afterAll(async () => {
  await workerd.close()
  rmSync(folder, { recursive: true })
})

test('it imports nothing of Node but what nodejs_compat has', () => {
  const imported = [
    ...bundle.matchAll(/(?:\bfrom|\brequire\(|\bimport\(?)\s*"((?:node|cloudflare):[\w/]+)"/g),
  ]
  expect([...new Set(imported.map(([, name]) => name))].sort()).toEqual([
    'cloudflare:workers',
    'node:crypto',
    'node:timers/promises',
    'node:zlib',
  ])
})

test('it is well within 3 MB compressed, the limit of a free Worker', () => {
  expect(gzipSync(bundle).length).toBeLessThan(1_500_000)
})

test('it takes a merchant on, asks for a payment, draws its QR and is paid', async () => {
  const call = async (path: string, key?: string, body?: object) =>
    workerd.fetch(path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  // biome-ignore lint/suspicious/noExplicitAny: answers whose shape the API's own tests check
  const json = async (...request: Parameters<typeof call>): Promise<any> => (await call(...request)).json()
  const { apiKey } = await json('/v1/merchants', operatorKey, supermarket)
  const { id: siteId } = await json('/v1/sites', apiKey, shopSite)
  const asking = { siteId, method: 'qr', amount: '125000', currency: 'VND' }
  const { id, qr } = await json('/v1/payments', apiKey, asking)
  const picture = await call(`/v1/payments/${id}/qr.png`)
  expect(scan(new Uint8Array(await picture.arrayBuffer()), 'png')).toBe(qr.payload)
  expect((await json('/v1/sandbox/pay', undefined, { qrPayload: qr.payload })).outcome).toBe('applied')
  expect(await json(`/v1/payments/${id}`, apiKey)).toMatchObject({ status: 'paid', amountReceived: '125000' })
})
