// A gateway over a folder that holds the seeded city, at an instant after it.
import { type Assembly, assemble } from '../../src/adapters/node/assemble.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import { masterKey } from '../../src/adapters/node/masterKey.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { type Answer, call, operatorKey } from './gateway.ts'

export type CityGateway = Assembly & {
  readonly store: EventStore
  readonly dataDir: string
  readonly clock: { now: Date }
  readonly get: (path: string) => Promise<Answer>
  readonly settled: () => Promise<void>
}

export async function openCity(dataDir: string, at: string): Promise<CityGateway> {
  const clock = { now: new Date(at) }
  const now = () => clock.now
  const eventsFile = `${dataDir}/events.sqlite`
  const store = sqliteEventStore({ file: eventsFile, now })
  const assembly = await assemble({
    store,
    dataDir,
    now,
    logFile: { eventsFile, logLevel: 'silent' },
    log: createLog('silent'),
    settings: {
      version: '0.0.0',
      publicUrl: 'http://gateway.test',
      sandbox: true,
      masterKey: masterKey(dataDir, undefined),
      operatorKeyHash: nodeCrypto.hash(operatorKey),
      lagMaxMs: 5_000,
    },
  })
  return {
    ...assembly,
    store,
    dataDir,
    clock,
    get: (path) => call(assembly.app, 'GET', `/v1/statistics/${path}`),
    settled: async () => {
      const head = await store.head()
      for (let turn = 0; (await assembly.readModels.projector.checkpoint()) < head; turn++) {
        if (turn > 6_000) throw new Error('the read models do not catch up')
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}
