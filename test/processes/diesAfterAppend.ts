// A gateway that is killed between an append and its answer: DIES_AFTER names the event type that is its last.
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { assemble } from '../../src/adapters/node/assemble.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import { masterKey } from '../../src/adapters/node/masterKey.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { type EventStore, oneAfterTheOther } from '../../src/domain/core/eventStore.ts'

const { DATA_DIR = '', OPERATOR_KEY = '', PUBLIC_URL = '', DIES_AFTER } = process.env
const now = () => new Date()
const store = sqliteEventStore({ file: join(DATA_DIR, 'events.sqlite'), now })
const append: EventStore['append'] = async (stream, version, events) => {
  const result = await store.append(stream, version, events)
  if (events.some(({ type }) => type === DIES_AFTER)) process.kill(process.pid, 'SIGKILL')
  return result
}
const { app } = await assemble({
  store: { ...store, append, appendInOrder: (appends) => oneAfterTheOther(append, appends) },
  dataDir: DATA_DIR,
  now,
  log: createLog('error'),
  settings: {
    version: '0.0.0',
    publicUrl: PUBLIC_URL,
    sandbox: true,
    masterKey: masterKey(DATA_DIR, undefined),
    operatorKeyHash: nodeCrypto.hash(OPERATOR_KEY),
    lagMaxMs: 5_000,
  },
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  process.stdout.write(`http://127.0.0.1:${port}\n`),
)
