// Two gateways on one folder, killed in the middle of delivering: one delivers at a time, the other takes over at once, every
// message arrives in sequence, and the command line asks for some again.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { eventually } from '../support/gateway.ts'
import { node } from '../support/node.ts'
import { openReceiver } from '../support/receiver.ts'

const payments = 150
const operatorKey = 'operator-key-of-the-crash-test'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-webhook-crash-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(): Promise<{ child: ChildProcess; url: string }> {
  const env = {
    ...process.env,
    PORT: '0',
    DATA_DIR: dataDir,
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'error',
  }
  const child = spawn(node, ['src/adapters/node/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [greeting] = await once(child.stdout!.setEncoding('utf8'), 'data')
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(greeting)![0] }
}

async function post(url: string, key: string, body: object) {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  })
  return (await response.json()) as Record<string, string>
}

/** Runs the command beside the receiver, which lives in this process and must go on answering. */
async function thungan(...args: string[]) {
  const cli = 'src/adapters/node/cli/thungan.ts'
  const env = { PATH: process.env.PATH ?? '' } // nothing from outside
  const child = spawn(node, [cli, 'replay-webhooks', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const [stdout, stderr, [status]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ])
  return { status, stdout, stderr }
}
const here = ['--data-dir', dataDir]

test('nothing is lost by kill -9, and nothing is delivered by two at once', async () => {
  const receiver = await openReceiver()
  const first = await start()
  const second = await start()
  const { apiKey: key } = await post(`${first.url}/v1/merchants`, operatorKey, {
    name: 'Siêu thị',
    taxCode: '0101234567',
    sector: 'supermarket',
    district: 'Ba Đình',
    settlementAccount: { bankBin: '970422', accountNumber: '0123456789', accountName: 'CONG TY' },
  })
  const place = { name: 'Quầy', sector: 'supermarket', district: 'Ba Đình', address: '1 Phố' }
  const { id: siteId } = await post(`${first.url}/v1/sites`, key!, place)
  const { id: endpointId } = await post(`${first.url}/v1/webhook-endpoints`, key!, {
    url: receiver.url,
    events: ['payment.created'],
  })
  const sell = async (url: string, count: number) => {
    for (let sale = 0; sale < count; sale++)
      await post(`${url}/v1/payments`, key!, { siteId, method: 'qr', amount: '1000', currency: 'VND' })
  }

  await Promise.all([sell(first.url, payments), sell(second.url, payments)])
  await eventually('some have come', () => receiver.received.length > 20)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  await sell(second.url, payments)
  const all = payments * 3
  const numbers = () => new Set(receiver.received.map(({ body }) => body.sequence))
  await eventually('all have come', () => numbers().size === all)
  const sequence = receiver.received.map(({ body }) => body.sequence as number)
  expect(Math.max(...sequence)).toBe(all)
  expect(sequence.filter((number, at) => number > (sequence[at - 1] ?? 0) + 1)).toEqual([])
  expect(sequence.length - all, 'repeated: at most what was open at the kill').toBeLessThanOrEqual(1)

  const range = ['--endpoint', endpointId!, '--from', '3', '--to', '5']
  const asked = await thungan(...range, '--wait', '--json', ...here)
  expect(asked).toMatchObject({ status: 0, stderr: '' })
  expect(JSON.parse(asked.stdout)).toEqual({ endpointId, from: 3, to: 5, count: 3 })
  const replayed = receiver.received.filter(({ body }) => body.replay)
  expect(replayed.map(({ body }) => body.sequence)).toEqual([3, 4, 5])
  second.child.kill('SIGTERM')
  await once(second.child, 'exit')

  const refused: [string[], number, RegExp][] = [
    [['--endpoint', endpointId!, '--from', '3', '--to', '99999'], 1, /The last message is number 450/],
    [['--endpoint', 'whe_AAAAA00000000001', '--from', '1'], 1, /No such endpoint/],
    [['--endpoint', endpointId!, '--from', '0'], 2, /A whole number from 1/],
    [['--from', '1'], 2, /required option '--endpoint/],
  ]
  for (const [args, status, text] of refused) {
    const answer = await thungan(...args, ...here)
    expect(answer).toMatchObject({ status, stdout: '' })
    expect(answer.stderr).toMatch(text)
  }
  const later = await thungan('--endpoint', endpointId!, '--from', '7', ...here)
  expect(later).toMatchObject({
    status: 0,
    stdout: `${endpointId}: messages 7 to 7 will be delivered again\n`,
  })
  const third = await start()
  await eventually('it came after the start', () => receiver.received.at(-1)!.body.sequence === 7)
  expect(receiver.received.at(-1)!.body.replay).toBe(true)
  third.child.kill('SIGTERM')
  await once(third.child, 'exit')
  await receiver.close()
}, 60_000)

test('a folder without a gateway is a usage error', async () => {
  const args = ['--endpoint', 'whe_AAAAA00000000001', '--from', '1', '--data-dir', '/nowhere']
  const { status, stderr } = await thungan(...args)
  expect(status).toBe(2)
  expect(stderr).toMatch(/^error: \/nowhere\/events\.sqlite does not exist: name the folder/)
})
