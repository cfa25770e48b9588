// `npm run test:sqlite`, `test:eventstoredb`, `test:postgres`, `test:workers`: the suites that concern one store, over that store.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { node } from './support/node.ts'
import { startPostgres } from './support/postgres.ts'

type Over = {
  /** What vitest is told to run. */
  readonly args: readonly string[]
  /** What must be there meanwhile: the environment that names it, and its end. */
  readonly open?: () => Promise<{ readonly env: Record<string, string>; readonly close: () => Promise<void> }>
  readonly env?: Readonly<Record<string, string>>
}

const stores: Readonly<Record<string, Over>> = {
  sqlite: {
    args: [
      'test/contract/sqlite.test.ts',
      'test/adapters/sqliteEventStore.test.ts',
      'test/http/',
      'test/crash/',
      'test/processes/twoGateways.test.ts',
      'test/processes/rollingRestart.test.ts',
    ],
    env: { TEST_EVENT_STORE: 'sqlite' },
  },
  eventstoredb: {
    args: [
      'test/contract/eventstoredb.test.ts',
      'test/adapters/eventstoredb/',
      'test/http/',
      'test/processes/cluster',
    ],
    env: { TEST_EVENT_STORE: 'eventstoredb' },
  },
  postgres: {
    args: ['test/adapters/postgres', 'test/http/', 'test/processes/clusterPostgres.test.ts'],
    open: overPostgres,
  },
  workers: { args: ['--project', 'workers'] },
}

/** The server that TEST_READ_MODEL_URL names, else one of its own. */
async function overPostgres() {
  if (process.env.TEST_READ_MODEL_URL) return { env: {}, close: async () => {} }
  const server = await startPostgres()
  return { env: { TEST_READ_MODEL_URL: await server.newDatabase() }, close: server.stop }
}

const [name = '', ...more] = process.argv.slice(2)
const over = stores[name]
if (!over) throw new Error(`which store? ${Object.keys(stores).join(', ')}`)
const opened = await over.open?.()
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const run = spawn(node, [vitest, 'run', ...over.args, ...more], {
  stdio: 'inherit',
  env: { ...process.env, ...over.env, ...opened?.env },
})
process.on('SIGINT', () => {}) // the tests hear it, too; then the server is stopped
const [code] = await once(run, 'exit')
await opened?.close()
process.exitCode = code ?? 1
