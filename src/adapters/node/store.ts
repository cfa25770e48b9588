// The event store that the environment names, and what comes with it: a folder, a file to read in a thread, a cluster.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventStore, type Recorded, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { eventStoreDB } from '../eventstoredb/eventStore.ts'
import { memoryEventStore } from '../memory/eventStore.ts'
import { sqliteEventStore } from '../sqlite/eventStore.ts'
import { refuseUnfinishedMove } from '../sqlite/moveTarget.ts'
import type { Parts } from './assemble.ts'
import { nodeCrypto } from './crypto.ts'
import type { Environment } from './environment.ts'
import { newEventId } from './eventIds.ts'
import { masterKey } from './masterKey.ts'
import { writesKept } from './sharedProgress.ts'

type Opened = Pick<Parts, 'store' | 'dataDir' | 'logFile' | 'cluster'>
type Named = Pick<
  Environment,
  'EVENT_STORE' | 'EVENTSTORE_URL' | 'DATA_DIR' | 'LOG_LEVEL' | 'MASTER_KEY' | 'deliverWebhooks'
>

/** Less than the turn lasts: a write that takes longer is worth nothing. */
const turnPatienceMs = 2_000

export async function openStore(environment: Named, now: () => Date): Promise<Opened> {
  const { EVENT_STORE, DATA_DIR: dataDir, LOG_LEVEL: logLevel } = environment
  switch (EVENT_STORE) {
    case 'memory':
      return { store: memoryEventStore({ now }), dataDir: mkdtempSync(join(tmpdir(), 'thungan-')) }
    case 'sqlite': {
      const eventsFile = join(dataDir, 'events.sqlite')
      refuseUnfinishedMove(eventsFile)
      const store = sqliteEventStore({ file: eventsFile, now })
      return { store, dataDir, logFile: { eventsFile, logLevel } }
    }
    case 'eventstoredb':
      return openOnCluster(environment, now)
  }
}

async function openOnCluster(environment: Named, now: () => Date): Promise<Opened> {
  const { EVENTSTORE_URL: url = '', DATA_DIR: dataDir, MASTER_KEY, deliverWebhooks } = environment
  const beside = eventStoreDB({ url, now, prefix: 'thungan-cluster.' })
  try {
    await agreeOnKey(beside, masterKey(dataDir, MASTER_KEY))
  } finally {
    await beside.close()
  }
  const presenceStore = eventStoreDB({ url, now, prefix: 'thungan-presence.', retention: { maxAge: 3_600 } })
  const turnStore = eventStoreDB({
    url,
    now,
    prefix: 'thungan-turns.',
    retention: { maxCount: writesKept },
    patienceMs: turnPatienceMs,
  })
  const cluster = { deliversWebhooks: deliverWebhooks, presenceStore, turnStore }
  return { store: eventStoreDB({ url, now }), dataDir, cluster }
}

/**
 * What one gateway seals and signs, the others must open and check. The first to start leaves a fingerprint of its
 * master key beside the log; who comes with another key is told so, before it has written anything.
 */
async function agreeOnKey(store: EventStore, key: Uint8Array): Promise<void> {
  const fingerprint = Buffer.from(nodeCrypto.hmac(key, 'fingerprint')).toString('base64url')
  const event = { id: newEventId(), type: 'MasterKeyUsed', data: { fingerprint }, metadata: {} }
  const { status } = await store.append('masterKey', 0, [event])
  if (status === 'appended') return
  const [used] = (await store.read('masterKey')) as readonly [Recorded<typeof event>]
  if (used.data.fingerprint === fingerprint) return
  throw new StoreUnavailable(
    'MASTER_KEY is not the one that this cluster was started with: give every gateway the same (on the first one it may lie in DATA_DIR/master.key)',
  )
}
