// Opens the log of a gateway for a command beside it: no readers, no port. The gateway itself may be running.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { Loaded } from '../../domain/core/commandHandling.ts'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { openGateway } from '../../domain/gateway.ts'
import { creditMatcher } from '../../domain/payments/matchCredit.ts'
import { sqliteEventStore } from '../sqlite/eventStore.ts'
import { sqliteVault } from '../sqlite/vault.ts'
import { nodeCrypto } from './crypto.ts'
import type { Environment } from './environment.ts'
import { newEventId } from './eventIds.ts'
import { createLog } from './log.ts'
import { masterKey } from './masterKey.ts'

const cachedStates = 10_000

/** Nothing is made where nothing was: a command beside a gateway needs its files. */
export function openLog({ DATA_DIR, MASTER_KEY, LOG_LEVEL }: Environment) {
  const needed = ['events.sqlite', 'vault.sqlite', ...(MASTER_KEY === undefined ? ['master.key'] : [])]
  for (const name of needed)
    if (!existsSync(join(DATA_DIR, name)))
      throw new StoreUnavailable(`${join(DATA_DIR, name)} is not there: set DATA_DIR to the gateway's folder`)
  const now = () => new Date()
  const states = new LRUCache<string, Loaded<unknown>>({ max: cachedStates })
  const store = sqliteEventStore({ file: join(DATA_DIR, 'events.sqlite'), now })
  const key = masterKey(DATA_DIR, MASTER_KEY)
  const vault = sqliteVault(join(DATA_DIR, 'vault.sqlite'), key)
  const gateway = openGateway({
    store,
    newEventId,
    cache: { get: (stream) => states.get(stream), set: (stream, loaded) => void states.set(stream, loaded) },
  })
  return {
    store,
    vault,
    gateway,
    matchCredit: creditMatcher(gateway),
    crypto: nodeCrypto,
    settings: { masterKey: key },
    log: createLog(LOG_LEVEL),
    now,
    close: async () => {
      await store.close()
      vault.close()
    },
  }
}
