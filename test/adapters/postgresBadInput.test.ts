// Databases that cannot be used, or go away: each is named with what to do about it, no password is told, and nothing is lost.
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import { readLog } from '../../src/adapters/node/logReader.ts'
import { projecting } from '../../src/adapters/node/projections.ts'
import { faultOf } from '../../src/adapters/postgres/fitness.ts'
import { createProjector } from '../../src/adapters/postgres/projector.ts'
import { postgresReadModels } from '../../src/adapters/postgres/readModels.ts'
import { schemaName } from '../../src/adapters/postgres/schema.ts'
import { createTurn } from '../../src/adapters/postgres/turn.ts'
import { type EventStore, StoreUnavailable } from '../../src/domain/core/eventStore.ts'
import { eventually } from '../support/gateway.ts'
import { freePort } from '../support/gatewayProcess.ts'
import { account, asked, startPostgres, type TestPostgres } from '../support/postgres.ts'

const folder = mkdtempSync('/tmp/thungan-hba-')
const certificate = join(folder, 'server.pem')
let secure: TestPostgres
let plain: TestPostgres
let secureUrl: string
let plainUrl: string

/** For the server's own user alone. */
function fileOf(name: string, text: string | Buffer): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  const { uid, gid } = account()
  if (uid !== undefined && gid !== undefined) for (const path of [folder, file]) chownSync(path, uid, gid)
  return file
}

beforeAll(async () => {
  const hba = fileOf(
    'hba',
    `host all postgres 127.0.0.1/32 trust
host all reader 127.0.0.1/32 trust
host all cashier 127.0.0.1/32 scram-sha-256
hostssl all careful 127.0.0.1/32 trust
`,
  )
  const pem = fileOf('server.pem', readFileSync('test/vectors/tls/localhost.pem'))
  const key = fileOf('server.key', readFileSync('test/vectors/tls/localhost.key'))
  secure = await startPostgres([`hba_file=${hba}`, 'ssl=on', `ssl_cert_file=${pem}`, `ssl_key_file=${key}`])
  plain = await startPostgres()
  secureUrl = await secure.newDatabase()
  plainUrl = await plain.newDatabase()
  await asked(
    secureUrl,
    `create role reader login; create role careful login; create role cashier login password 'right'`,
  )
  await asked(plainUrl, `create database latin encoding 'LATIN1' locale 'C' template template0`)
})
afterAll(async () => {
  await Promise.all([secure.stop(), plain.stop()])
  rmSync(folder, { recursive: true })
})

const as = (url: string, changes: Partial<URL> & { query?: string }): string => {
  const changed = Object.assign(new URL(url), changes)
  if (changes.query) changed.search = changes.query
  return changed.href
}

describe('a database that cannot be used is named by READ_MODEL_URL, with what to do:', () => {
  test.each<[string, () => string, string]>([
    [
      'a wrong password',
      () => as(secureUrl, { username: 'cashier', password: 's3cret' }),
      '(28P01): the user or the password is wrong',
    ],
    [
      'a user who may not connect',
      () => as(secureUrl, { username: 'nobody' }),
      '(28000): pg_hba.conf does not let',
    ],
    [
      'a server that wants TLS',
      () => as(secureUrl, { username: 'careful' }),
      'it may want TLS (sslmode=verify-full)',
    ],
    ['a server that has no TLS', () => as(plainUrl, { query: 'sslmode=require' }), 'it does not speak TLS'],
    [
      'a certificate that nobody trusts',
      () => as(secureUrl, { query: 'sslmode=verify-full' }),
      'name who signed it, sslrootcert=',
    ],
    [
      'a certificate file that is not there',
      () => as(secureUrl, { query: 'sslmode=verify-full&sslrootcert=/none.pem' }),
      'a file that it names is not there',
    ],
    [
      'a user who may not make a schema',
      () => as(secureUrl, { username: 'reader' }),
      '(42501): its user may not make a schema: grant create',
    ],
    [
      'no such database',
      () => as(plainUrl, { pathname: '/nowhere' }),
      '(3D000): there is no such database: create it',
    ],
    [
      'an encoding that has not every letter',
      () => as(plainUrl, { pathname: '/latin' }),
      `its encoding is LATIN1: create it with encoding 'UTF8'`,
    ],
    [
      'an address that is none',
      () => 'postgresql://cashier:s3cret@host:port:1/x',
      'write it like postgresql://',
    ],
    [
      'nobody there',
      () => 'postgresql://cashier:s3cret@127.0.0.1:1/x',
      '(ECONNREFUSED): nothing listens there',
    ],
  ])('%s', async (_, url, message) => {
    const refused = await postgresReadModels(url()).catch((error: Error) => error)
    expect(refused).toBeInstanceOf(StoreUnavailable)
    expect((refused as Error).message).toContain('READ_MODEL_URL')
    expect((refused as Error).message).toContain(message)
    expect((refused as Error).message).not.toContain('s3cret')
  })

  test('another program', async () => {
    const port = await freePort()
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      port,
      '127.0.0.1',
    )
    await expect(postgresReadModels(`postgresql://x@127.0.0.1:${port}/x`)).rejects.toThrow(StoreUnavailable)
    web.close()
  })

  test('a server that is too old', () => {
    expect(faultOf({ version: 100_023, encoding: 'UTF8' })).toBe(
      'it is PostgreSQL 10, and 11 or later is needed',
    )
    expect(faultOf({ version: 110_000, encoding: 'UTF8' })).toBeUndefined()
  })

  test('and one with TLS and a certificate that is trusted can be', async () => {
    const url = as(secureUrl, {
      hostname: 'localhost',
      query: `sslmode=verify-full&sslrootcert=${certificate}`,
    })
    await (await postgresReadModels(url)).close()
  })
})

const now = () => new Date('2026-11-22T03:00:00Z')
const signal = () => new AbortController().signal

const registered = (index: number) => ({
  type: 'MerchantRegistered',
  data: {
    name: `M${index}`,
    taxCode: '0101234567',
    sector: 'supermarket',
    district: 'Ba Đình',
    code: 'AAAAA',
    registeredAt: '2026-11-22T03:00:00.000Z',
    settlementAccount: { bankBin: '970422', accountNumber: '1', accountName: 'M' },
  },
  id: `m${index}`,
  metadata: {},
})

/** A log with so many merchants. */
async function logOf(count: number): Promise<EventStore> {
  const store = memoryEventStore({ now })
  for (let index = 0; index < count; index++)
    await store.append(`merchant-mer_${index}`, 0, [registered(index)])
  return store
}
const merchantsIn = async (url: string): Promise<number> => {
  const [table] = await asked(
    url,
    `select relname from pg_class where relname like 'merchants_v_' and relkind = 'r'`,
  )
  return (await asked(url, `select count(*)::int as count from ${schemaName}.${table.relname}`))[0].count
}

test('gone as by a power cut and back again: the projector goes on by itself, each event counted once', async () => {
  const server = await startPostgres()
  const url = await server.newDatabase()
  const models = await postgresReadModels(url)
  const events = await (await logOf(30)).readAll('', 100)
  await models.projector.begin(signal())
  await models.projector.apply(events.slice(0, 10))
  await server.crash()
  await expect(models.projector.apply(events.slice(10, 20))).rejects.toThrow()
  await expect(models.projector.checkpoint()).rejects.toThrow(StoreUnavailable)
  await server.start()
  await models.projector.apply(events.slice(10, 20))
  await models.projector.apply(events)
  expect(await merchantsIn(url)).toBe(30)
  expect(await models.projector.checkpoint()).toBe(events.at(-1)!.position)
  await models.close()
  await server.stop()
})

/** Between a client and a server: what is said is passed on, until nothing is any more, without a word. */
async function openWire(port: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const wire: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from
        .on('data', (bytes) => isCut || to.write(bytes))
        .on('error', () => {})
        .on('close', () => isCut || to.end())
    }
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => wire.once('listening', resolve))
  return {
    port: (wire.address() as { port: number }).port,
    cut: () => {
      isCut = true
    },
    mend: () => {
      for (const socket of sockets) socket.destroy()
      isCut = false
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      wire.close()
    },
  }
}

test('gone without a word: the projector does not wait for ever, and goes on when it is back', async () => {
  const url = await plain.newDatabase()
  await (await postgresReadModels(url)).close()
  const wire = await openWire(Number(new URL(url).port))
  const config = {
    connectionString: as(url, { port: String(wire.port) }),
    options: `-c search_path=${schemaName}`,
  }
  const turn = createTurn(config, schemaName, 300)
  const pool = new pg.Pool({ connectionString: url, options: config.options })
  const projector = createProjector(turn, pool)
  const events = await (await logOf(20)).readAll('', 100)
  await projector.begin(signal())
  await projector.apply(events.slice(0, 10))
  wire.cut()
  await expect(projector.apply(events.slice(10))).rejects.toThrow('Query read timeout')
  wire.mend()
  await projector.apply(events)
  expect(await merchantsIn(url)).toBe(20)
  await turn.release()
  await pool.end()
  wire.close()
})

test('a machine that is gone without a word keeps its turn for seconds, not for hours', async () => {
  const turn = createTurn({ connectionString: plainUrl }, 'turn')
  const { rows } = await (await turn.take(signal()))!.query('show tcp_keepalives_idle')
  await turn.release()
  expect(rows).toEqual([{ tcp_keepalives_idle: '5' }])
})

test('gone while questions are asked: each is answered with StoreUnavailable, and no error is left that would end the process', async () => {
  const server = await startPostgres()
  const models = await postgresReadModels(await server.newDatabase())
  const page = { limit: 1, cursor: undefined }
  let isOver = false
  let answered = 0
  const ask = async (): Promise<unknown[]> => {
    const faults: unknown[] = []
    for (; !isOver; answered++)
      await models.queries.listPayments({}, page).catch((error) => faults.push(error))
    return faults
  }
  const asking = Array.from({ length: 40 }, ask)
  for (let turn = 0; turn < 3; turn++) {
    const before = answered
    await eventually('each has asked', async () => answered > before + 40)
    await server.crash()
    await server.start()
  }
  isOver = true
  const faults = (await Promise.all(asking)).flat()
  expect(faults.length).toBeGreaterThan(0)
  expect(faults.filter((fault) => !(fault instanceof StoreUnavailable))).toEqual([])
  await models.close()
  await server.stop()
})

test('put back to an earlier state, as by a failover: it is noticed, and counted again from there', async () => {
  const url = await plain.newDatabase()
  const models = await postgresReadModels(url)
  const store = await logOf(20)
  const stopping = new AbortController()
  const lines: string[] = []
  const log = createLog('error', { write: (line) => void lines.push(line) })
  const reader = readLog(store, projecting(models, stopping.signal), { now, log }, stopping.signal)
  await eventually('all is counted', async () => (await merchantsIn(url)) === 20)
  const [table] = await asked(
    url,
    `select relname from pg_class where relname like 'merchants_v_' and relkind = 'r'`,
  )
  await asked(
    url,
    `begin; delete from ${schemaName}.${table.relname}; update ${schemaName}.checkpoints set position = ''; commit`,
  )
  await store.append('merchant-mer_new', 0, [registered(20)])
  await eventually('all is counted again, with what came since', async () => (await merchantsIn(url)) === 21)
  expect(lines.join('')).toContain('reading the log failed')
  stopping.abort()
  await reader.stopped
  await models.close()
})
