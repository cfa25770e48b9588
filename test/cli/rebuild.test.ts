// `thungan rebuild`: says whether the read models were right, mends them where not, and leaves a running gateway in peace.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { payments } from '../../projections/payments.ts'
import { takings } from '../../projections/takings.ts'
import { type Caller, callerOf, openShopAt } from '../support/client.ts'
import { eventually } from '../support/gateway.ts'
import { type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { thungan, thunganInTerminal } from '../support/thungan.ts'

const operatorKey = 'operator-key-of-the-rebuild'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-rebuild-'))
const inFolder = ['--data-dir', dataDir]
let running: GatewayProcess
let caller: Caller
let shop: Awaited<ReturnType<typeof openShopAt>>
let paid = 0
beforeAll(async () => {
  running = startGateway({ DATA_DIR: dataDir, OPERATOR_KEY: operatorKey, DEMO: '0', LOG_LEVEL: 'error' })
  caller = callerOf(await running.url())
  shop = await openShopAt(caller, operatorKey)
  for (let count = 0; count < 5; count++) await sell()
  await counted()
})
afterAll(async () => {
  await running.kill()
  rmSync(dataDir, { recursive: true })
})

/** A sale of 1,000 đồng, paid. */
async function sell(): Promise<void> {
  const sale = { siteId: shop.siteId, method: 'qr', amount: '1000', currency: 'VND' }
  const { body } = await caller.post('/v1/payments', shop.key, sale)
  await caller.post('/v1/sandbox/pay', '', { qrPayload: body.qr.payload })
  paid += 1
}

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
const days = `from=${day(-1)}&to=${day(1)}`

/** The running gateway's own lists say what was sold. */
const counted = () =>
  eventually(`${paid} payments are listed as paid, and taken`, async () => {
    const { body: takings } = await caller.get(`/v1/takings?${days}`, shop.key)
    const count = takings.data.reduce((sum: number, day: { count: number }) => sum + day.count, 0)
    return (await listed()) === paid && count === paid
  })

/** How many are sold while a rebuild runs is up to the machine: the list is read to its end. */
async function listed(): Promise<number> {
  let [count, cursor] = [0, '']
  do {
    const { body } = await caller.get(`/v1/payments?status=paid&limit=200${cursor}`, shop.key)
    count += body.data.length
    cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : ''
  } while (cursor !== '')
  return count
}

function tamper(sql: string): void {
  const database = new DatabaseSync(join(dataDir, 'read-models.sqlite'), { timeout: 1_000 })
  database.exec(sql)
  database.close()
}

describe('beside a running gateway', () => {
  test('read models that are right: 0, and the gateway goes on listing, following and counting', async () => {
    let over = false
    const rebuilding = thungan(['rebuild', ...inFolder, '--json']).finally(() => {
      over = true
    })
    while (!over) await sell()
    const { status, stdout, stderr } = await rebuilding
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({ position: expect.stringMatching(/^\d{16}$/), differing: [] })
    await sell()
    await counted()
  })

  test('read models that somebody changed: 1 with their names, and the gateway shows what is right', async () => {
    tamper(`update ${payments.name} set status = 'expired'; update ${takings.name} set gross = 1`)
    const { status, stdout, stderr } = await thungan(['rebuild', ...inFolder])
    expect([status, stderr]).toEqual([1, ''])
    expect(stdout).toContain(`had differed from the log in: ${payments.name}, ${takings.name}.`)
    await counted()
    await sell()
    await counted()
    expect((await thungan(['rebuild', ...inFolder])).status).toBe(0)
  })

  test('two at once: one is told that the other is at it, and says 2', async () => {
    const runs = await Promise.all([thungan(['rebuild', ...inFolder]), thungan(['rebuild', ...inFolder])])
    for (const { status, stderr } of runs.filter(({ status }) => status !== 0))
      expect([status, stderr]).toEqual([
        2,
        'error: The read models are already being rebuilt: wait until that is done.\n',
      ])
    expect(runs.map(({ status }) => status)).toContain(0)
    await counted()
  })

  test('in a terminal: a bar on one line of its 80 columns, and the answer below', async () => {
    const { status, stdout } = await thunganInTerminal(['rebuild', ...inFolder])
    expect(status).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal is told
    const shown = stdout.replaceAll(/\x1b\[\?25[lh]/g, '').split(/\x1b\[1G\x1b\[J|\r\n/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    const lines = shown.map((line) => line.replaceAll(/\x1b\[[\d;]*m/g, ''))
    for (const line of lines.slice(0, -2)) expect([...line].length).toBeLessThan(80)
    expect(lines.join('\n')).toMatch(/rebuilt the read models\nThe read models were right/)
  })
})

test('where the gateway was killed, what it had not projected yet is there afterwards', async () => {
  const readModels = join(dataDir, 'read-models.sqlite')
  expect((await running.kill()).err).toBe('') // in all that, none of its readers failed
  for (const file of ['', '-wal', '-shm']) rmSync(readModels + file, { force: true })
  expect((await thungan(['rebuild'], { DATA_DIR: dataDir })).status).toBe(0)
  const database = new DatabaseSync(readModels, { readOnly: true })
  const row = database.prepare(`select count(*) as count from ${payments.name} where status = 'paid'`).get()
  database.close()
  expect(row?.count).toBe(paid)
})

describe('what cannot be done is said in a sentence, with 2:', () => {
  const refused = async (args: readonly string[], message: RegExp, env: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = await thungan(['rebuild', ...args], env)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
  }

  test.concurrent('a folder without data, which stays as it is', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'thungan-empty-'))
    await refused([], /events\.sqlite does not exist: name the folder/, { DATA_DIR: empty })
    await refused(['--data-dir', join(empty, 'nowhere')], /nowhere.events\.sqlite does not exist/)
    expect(readdirSync(empty)).toEqual([])
    rmSync(empty, { recursive: true })
  })

  test.concurrent('a log that another program holds locked', async () => {
    const locked = mkdtempSync(join(tmpdir(), 'thungan-locked-'))
    const database = new DatabaseSync(join(locked, 'events.sqlite'))
    database.exec('begin exclusive')
    await refused(['--data-dir', locked], /is held by another process/)
    database.close()
    rmSync(locked, { recursive: true })
  })

  test.concurrent('an option that there is not', () => refused(['--quick'], /unknown option '--quick'/))
})

test('--help says what the exit codes mean', async () => {
  const { status, stdout } = await thungan(['rebuild', '--help'])
  expect(status).toBe(0)
  for (const code of [0, 1, 2]) expect(stdout).toMatch(new RegExp(`\n {2}${code} {2}\\S`))
})
