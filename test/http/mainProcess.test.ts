// `npm start` as a process: what it prints, how it ends, and what it says when it cannot begin.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readEnvironment } from '../../src/adapters/node/environment.ts'
import { type GatewayProcess, startGateway, urlIn } from '../support/gatewayProcess.ts'
import { node } from '../support/node.ts'

const folder = mkdtempSync(join(tmpdir(), 'thungan-main-'))
const started: GatewayProcess[] = []
const start = (environment: Record<string, string>): GatewayProcess => {
  const gateway = startGateway(environment)
  started.push(gateway)
  return gateway
}
afterAll(async () => {
  await Promise.all(started.map(({ kill }) => kill()))
  rmSync(folder, { recursive: true })
})

const dataDir = (name: string) => join(folder, name)

test('prints where to look, the keys it made, and a QR that can be paid; ends well on SIGTERM; keeps its keys', async () => {
  const environment = { PORT: '0', DATA_DIR: dataDir('demo') }
  const { child, printed, ended } = start(environment)
  const text = await printed(/pay it {2}curl[\s\S]*site sit_/)
  const url = urlIn(text)
  expect(text).toContain(`${url}/docs`)
  expect(text).toMatch(/Operator key.*\n {2}tn_\w{16}_\w{32}\n/)
  expect(text.split('\n').filter((line) => /[▀▄█ ]{30}/.test(line)).length).toBeGreaterThan(10)

  const qrPayload = /"qrPayload":"([^"]+)"/.exec(text)![1]
  const headers = { 'content-type': 'application/json' }
  const paid = await fetch(`${url}/v1/sandbox/pay`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ qrPayload }),
  })
  expect((await paid.json()).outcome).toBe('applied')

  child.kill('SIGTERM')
  const first = await ended
  expect(first.code).toBe(0)
  expect(first.err).not.toMatch(/"level":50/)

  const again = start(environment)
  const second = await again.printed(/site sit_/)
  await fetch(`${urlIn(second)}/healthz`)
  again.child.kill('SIGINT')
  expect((await again.ended).code).toBe(0)
  expect(second).not.toContain('Operator key')
  const shopKeys = (printed: string) => printed.match(/key tn_\w+/g)
  expect(shopKeys(second)).toEqual(shopKeys(text))
})

const badEnvironments: [string, Record<string, string>, RegExp][] = [
  ['a port that is no number', { PORT: 'http' }, /PORT: /],
  ['a port that does not exist', { PORT: '70000' }, /PORT: /],
  ['a store that nobody knows', { EVENT_STORE: 'mongodb' }, /EVENT_STORE: sqlite, memory or eventstoredb/],
  ['a short operator key', { OPERATOR_KEY: 'secret' }, /OPERATOR_KEY: 8 to 200 printable ASCII/],
  ['a sandbox that is neither on nor off', { SANDBOX: 'yes' }, /SANDBOX: /],
  ['a public URL that is none', { PUBLIC_URL: 'gateway' }, /PUBLIC_URL: /],
  ['half of what TLS for tills needs', { ISO8583_TLS_CERT: 'till.pem' }, /ISO8583_TLS_KEY go together/],
  [
    'an authority for tills without TLS',
    { ISO8583_TLS_CLIENT_CA: 'ca.pem' },
    /ISO8583_TLS_CLIENT_CA needs ISO8583_TLS_CERT/,
  ],
  ['map tiles without a row', { MAP_TILES: 'https://tile.example/{z}/{x}.png' }, /MAP_TILES: /],
  ['map tiles of many hosts', { MAP_TILES: 'https://{s}.tile.example/{z}/{x}/{y}.png' }, /MAP_TILES: /],
  ['map tiles of no host', { MAP_TILES: 'https://[/{z}/{x}/{y}.png' }, /MAP_TILES: /],
  ['a limit of no time', { LAG_MAX_MS: '0' }, /LAG_MAX_MS: /],
]
test.each(badEnvironments)('%s is named as what is wrong', (_what, environment, message) => {
  expect(() => readEnvironment(environment)).toThrow(message)
})

test.each([
  [{}, true],
  [{ NODE_ENV: 'production' }, false],
  [{ NODE_ENV: 'production', WEBHOOK_LOOPBACK: '1' }, true],
  [{ WEBHOOK_LOOPBACK: '0' }, false],
])('with %j webhooks to this machine itself: %s', (environment, allowed) => {
  expect(readEnvironment(environment).webhookLoopback).toBe(allowed)
})

describe('cannot begin, says why without a stack, prints nothing else, and ends with a code:', () => {
  const stops = async (code: number, environment: Record<string, string>, message: RegExp) => {
    const ended = await start({ PORT: '0', DATA_DIR: dataDir('unused'), ...environment }).ended
    expect([ended.code, ended.out]).toEqual([code, ''])
    expect(ended.err).toMatch(message)
    expect(ended.err).not.toContain('    at ')
    return ended.err
  }

  test.concurrent('an environment that does not fit, all of it at once and no value quoted: 2', async () => {
    const err = await stops(2, { PORT: 'http', OPERATOR_KEY: 'secret' }, /PORT: .*\n {2}OPERATOR_KEY: /)
    expect(err).not.toContain('secret')
  })

  test.concurrent('a data folder that is a file: 1', async () => {
    writeFileSync(dataDir('file'), 'not a folder')
    await stops(1, { DATA_DIR: dataDir('file') }, /thungan-main-.*file/)
  })

  test.concurrent('a master key that is too short: 1', async () => {
    await stops(1, { DATA_DIR: dataDir('short-key'), MASTER_KEY: 'c2hvcnQ=' }, /master key is not 32 bytes/)
  })

  test.concurrent('a certificate for tills that is not there: 1', async () => {
    const tls = { ISO8583_TLS_CERT: dataDir('none.pem'), ISO8583_TLS_KEY: dataDir('none.key') }
    await stops(1, { DATA_DIR: dataDir('tls'), ISO8583_PORT: '0', ...tls }, /Cannot read .*none\.pem/)
  })

  test.concurrent('an authority for tills that holds no certificate, which would let in whom anybody signed: 1', async () => {
    const [cert, key] = ['test/vectors/tls/localhost.pem', 'test/vectors/tls/localhost.key']
    writeFileSync(dataDir('empty.pem'), '')
    const tls = { ISO8583_TLS_CERT: cert, ISO8583_TLS_KEY: key, ISO8583_TLS_CLIENT_CA: dataDir('empty.pem') }
    await stops(1, { DATA_DIR: dataDir('tls-ca'), ISO8583_PORT: '0', ...tls }, /Cannot use .*empty\.pem/)
  })

  test.concurrent('an acquirer that nobody registered: 1', async () => {
    const environment = { DATA_DIR: dataDir('acquirer'), ACQUIRER_CONNECTOR: 'con_7K3MA9QZXW4F' }
    await stops(1, environment, /con_7K3MA9QZXW4F.*Register it first/)
  })

  test.concurrent('a port for tills that another program uses: 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const environment = { DATA_DIR: dataDir('till-port'), ISO8583_PORT: String(port) }
    await stops(1, environment, new RegExp(`for tills on 127\\.0\\.0\\.1:${port}.*Another program`))
    other.close()
  })

  test.concurrent('card numbers that a crash would write to disk: 1', async () => {
    const production = { NODE_ENV: 'production', DATA_DIR: dataDir('cores'), ISO8583_PORT: '0', PORT: '0' }
    const withCores = ['-c', 'ulimit -Sc unlimited && exec "$0" src/adapters/node/main.ts', node]
    const child = spawn('sh', withCores, { env: { PATH: process.env.PATH, ...production } })
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const [code] = await once(child, 'close')
    expect([code, err]).toEqual([1, expect.stringContaining('"ulimit -c 0"')])
  })

  test.concurrent('a port that another program uses: 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    await stops(1, { PORT: String(port) }, new RegExp(`127\\.0\\.0\\.1:${port}.*Another program`))
    other.close()
  })
})
