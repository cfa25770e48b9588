// A PostgreSQL of its own for a test: started from the system's binaries in a temporary folder, gone afterwards.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type PostgresReadModels, postgresReadModels } from '../../src/adapters/postgres/readModels.ts'
import { schemaName } from '../../src/adapters/postgres/schema.ts'
import { freePort } from './gatewayProcess.ts'

export type TestPostgres = {
  /** The URL of a new, empty database. */
  readonly newDatabase: () => Promise<string>
  /** Ends it as a power cut would; `start` begins it anew, with what it had. */
  readonly crash: () => Promise<void>
  readonly start: () => Promise<void>
  /** Its folder is gone then. */
  readonly stop: () => Promise<void>
}

const versions = '/usr/lib/postgresql'
const newest = existsSync(versions) ? readdirSync(versions).sort().at(-1) : undefined

/** Where its programs are, as Debian installs them. */
const binaries = newest && join(versions, newest, 'bin')

/** PostgreSQL refuses to run as root: then it runs as the user that its package has made. */
export const account = () => {
  if (userInfo().uid !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres']).toString()))
  return { uid: uid!, gid: gid! }
}

/** `settings`: more of its own, as `ssl=on`. */
export async function startPostgres(more: readonly string[] = []): Promise<TestPostgres> {
  if (!binaries) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  const folder = mkdtempSync('/tmp/thungan-postgres-')
  const user = account()
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync(join(binaries, 'initdb'), init, { ...user, cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const settings = [
    'fsync=off',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    ...more,
  ]
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  const programs = binaries
  let server: ChildProcess
  const start = async () => {
    server = spawn(join(programs, 'postgres'), args, {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await ready(server)
  }
  const crash = async () => {
    if (server.exitCode !== null) return
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGQUIT') // as pg_ctl -m immediate
    await ended
  }
  await start()
  const url = (name: string) => `postgresql://postgres@127.0.0.1:${port}/${name}`
  let databases = 0
  return {
    newDatabase: async () => {
      const name = `test_${process.pid}_${++databases}`
      await asked(url('postgres'), `create database ${name}`)
      return url(name)
    },
    crash,
    start,
    stop: async () => {
      await crash()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type TestReadModels = PostgresReadModels & { readonly url: string }

/** Read models in a new database of a running server, where TEST_READ_MODEL_URL names one: then whole suites run over it. */
export async function readModelsByEnvironment(): Promise<TestReadModels | undefined> {
  const server = process.env.TEST_READ_MODEL_URL
  if (!server) return undefined
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asked(server, `create database ${name}`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  return { ...(await postgresReadModels(url)), url }
}

/** Every row of every table of the read models, as text. */
export async function everyRow(url: string): Promise<string> {
  const tables = await asked(
    url,
    `select relname from pg_class where relkind = 'r' and relnamespace = '${schemaName}'::regnamespace`,
  )
  const rows = tables.map(({ relname }) =>
    asked(url, `select t::text as row from ${schemaName}."${relname}" t`),
  )
  return (await Promise.all(rows))
    .flat()
    .map(({ row }) => row)
    .join('\n')
}

const ready = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let told = ''
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${told}`)))
    server.stderr!.setEncoding('utf8').on('data', (text: string) => {
      told += text
      if (told.includes('ready to accept connections')) resolve()
    })
  })

/** The rows that a database answers. */
// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asks for
export async function asked(url: string, sql: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
