// `thungan verify` in a real process: on the data of a gateway, on a copy, and on a payment's proof alone.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { told } from '../../src/adapters/node/cli/told.ts'
import { addVerifyCommand } from '../../src/adapters/node/cli/verify.ts'
import { masterKey } from '../../src/adapters/node/masterKey.ts'
import { signer } from '../../src/adapters/node/signer.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { node } from '../support/node.ts'
import { sealDays, testSigner } from '../support/seals.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'thungan-verify-cli-'))
const dataDir = join(folder, 'data')
const golden = join(root, 'test/golden/proofs/PaymentPaid.v1.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Result = { readonly status: unknown; readonly stdout: string; readonly stderr: string }

/** In a real process: what a script would see. */
function run(...args: string[]): Result {
  const command = [join(root, 'src/adapters/node/cli/thungan.ts'), 'verify', ...args]
  const { status, stdout, stderr, error } = spawnSync(node, command, { encoding: 'utf8' })
  if (error) throw error
  return { status, stdout, stderr }
}

/** In this process, which is faster. */
async function verify(...args: string[]): Promise<Result> {
  const out: string[] = []
  const errors: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((text) => void out.push(`${text}\n`))
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => void errors.push(text) })
  addVerifyCommand(program)
  const before = process.exitCode
  try {
    await program.parseAsync(['verify', ...args], { from: 'user' })
    return { status: process.exitCode, stdout: out.join(''), stderr: errors.join('') }
  } catch (error) {
    const message = error instanceof CommanderError ? errors.join('') : told(error)
    if (typeof message !== 'string') throw error
    return { status: 'usage error', stdout: out.join(''), stderr: message }
  } finally {
    process.exitCode = before
    log.mockRestore()
  }
}

beforeAll(async () => {
  let instant = new Date('2026-11-20T03:00:00.000Z')
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => instant })
  for (const number of [1, 2, 3])
    await store.append(`payment-${number}`, 0, [{ id: `e${number}`, type: 'Asked', data: {}, metadata: {} }])
  instant = new Date('2026-11-21T03:00:00.000Z')
  await sealDays(store, () => instant)
  await store.close()
})

/** A copy of the data, changed. */
function copy(name: string, sql = ''): string {
  const made = join(folder, name)
  cpSync(dataDir, made, { recursive: true })
  const database = new DatabaseSync(join(made, 'events.sqlite'))
  database.exec(sql)
  database.close()
  return made
}

test('its exit codes are 0, 1 and 2, in a real process', () => {
  const changed = copy('of a process', `update events set type = 'Paid' where position = 2`)
  expect(run('--data-dir', dataDir)).toMatchObject({ status: 0, stderr: '' })
  expect(run('--data-dir', changed)).toMatchObject({ status: 1, stderr: '' })
  expect(run('--data-dir', join(folder, 'nowhere'))).toMatchObject({ status: 2, stdout: '' })
})

describe('a log', () => {
  test('that holds is exit code 0, and an unknown key is named to be compared', async () => {
    const { status, stdout, stderr } = await verify('--data-dir', dataDir)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      [
        '4 events are as they were recorded, 1 sealed day among them.',
        `The last seal is of 2026-11-20, by the key ${testSigner.publicKey}.`,
        'That key is the one in the seals themselves: compare it with the one you know.',
        'Newer than the last seal: 1. Of these only the chains could be checked.\n',
      ].join('\n'),
    )
  })

  test('that was changed is exit code 1, and the event is named', async () => {
    const changed = copy('changed', `update events set type = 'Paid' where position = 2`)
    const { status, stdout } = await verify('--data-dir', changed)
    expect(status).toBe(1)
    expect(stdout).toBe(
      'The event at position 2 (payment-2, version 1) is not the one that was recorded: its hash is another.\n',
    )
    const json = await verify('--data-dir', changed, '--json')
    expect(json.status).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      finding: { problem: 'event_changed', position: '0000000000000002', stream: 'payment-2', version: 1 },
    })
  })

  test('is checked by the key given, and by the master key where it is there', async () => {
    expect((await verify('--data-dir', dataDir, '--public-key', testSigner.publicKey)).status).toBe(0)
    const stranger = signer(new Uint8Array(32)).publicKey
    expect((await verify('--data-dir', dataDir, '--public-key', stranger)).status).toBe(1)
    const withMasterKey = copy('withMasterKey')
    masterKey(withMasterKey, undefined) // another than the one that signed
    const { status, stdout } = await verify('--data-dir', withMasterKey)
    expect([status, stdout]).toEqual([1, expect.stringContaining('The seal of 2026-11-20 at position 4')])
  })

  test('is checked day by day', async () => {
    const { status, stdout } = await verify('--data-dir', dataDir, '--day', '2026-11-20', '--json')
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { ok: true, events: 3, seals: 1 }])
    expect(await verify('--data-dir', dataDir, '--day', '2026-11-21')).toMatchObject({
      status: 'usage error',
      stderr: expect.stringContaining('2026-11-21 has no seal'),
    })
  })

  test('that is not there, or no log, is a usage error', async () => {
    expect(await verify('--data-dir', join(folder, 'nowhere'))).toMatchObject({
      status: 'usage error',
      stderr: expect.stringContaining('events.sqlite does not exist'),
    })
    mkdirSync(join(folder, 'text'))
    writeFileSync(join(folder, 'text', 'events.sqlite'), 'text '.repeat(1_000))
    expect((await verify('--data-dir', join(folder, 'text'))).status).toBe('usage error')
    expect(await verify('--data-dir', copy('old', 'pragma user_version = 1'))).toMatchObject({
      status: 'usage error',
      stderr: expect.stringContaining('was made by an older version'),
    })
  })
})

describe("a payment's proof", () => {
  test('holds without a log: the file, and the key to compare', async () => {
    const { status, stdout } = await verify('--receipt', golden)
    expect(status).toBe(0)
    expect(stdout).toContain(
      'PaymentPaid (payment-pay_3, version 2) was recorded at 2026-11-22T03:00:04.000Z',
    )
    expect(stdout).toContain('"amount":"125000"')
    expect(stdout).toContain(`compare ${testSigner.publicKey} with the one you know`)
    const known = await verify('--receipt', golden, '--public-key', testSigner.publicKey, '--json')
    expect(JSON.parse(known.stdout)).toEqual({ ok: true, publicKey: testSigner.publicKey })
  })

  test('that was changed, or that another key signed, is exit code 1', async () => {
    const changed = join(folder, 'changed.json')
    writeFileSync(changed, readFileSync(golden, 'utf8').replace('125000', '925000'))
    const fault = await verify('--receipt', changed, '--json')
    expect([fault.status, JSON.parse(fault.stdout)]).toMatchObject([1, { ok: false, fault: 'path_differs' }])
    const stranger = await verify('--receipt', golden, '--public-key', signer(new Uint8Array(32)).publicKey)
    expect(stranger).toMatchObject({ status: 1, stdout: 'Another key signed the seal.\n' })
  })

  test('that is none is a usage error', async () => {
    const other = join(folder, 'other.json')
    const twoLines = readFileSync(golden, 'utf8').replace(
      '"PaymentPaid"',
      '"Paid\\nIt is under the seal of today"',
    )
    for (const text of ['{"event":{}}', 'text', twoLines]) {
      writeFileSync(other, text)
      expect(await verify('--receipt', other)).toMatchObject({
        status: 'usage error',
        stderr: expect.stringContaining('is not a proof'),
      })
    }
    expect((await verify('--receipt', join(folder, 'nowhere.json'))).status).toBe('usage error')
  })
})
