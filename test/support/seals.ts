// A log with seals for tests: days pass, and each is sealed by a key that the tests know.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { signer } from '../../src/adapters/node/signer.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { openGateway } from '../../src/domain/gateway.ts'
import { daySealer } from '../../src/domain/proof/sealDays.ts'
import type { TestGateway } from './gateway.ts'

export const masterKey = new Uint8Array(32).fill(7)
export const testSigner = signer(masterKey)

const forever = new AbortController().signal
const dayMs = 86_400_000

/** Seals what can be sealed, as a process that has just been started. */
export function sealDays(store: EventStore, now: () => Date, signal = forever): Promise<void> {
  let ids = 0
  const gateway = openGateway({
    store,
    newEventId: () => `019a3c5e-0000-7000-9000-${String(ids++).padStart(12, '0')}`,
    cache: { get: () => undefined, set: () => {} },
  })
  const ports = { readAll: store.readAll, seals: gateway.seals, digest: nodeCrypto.hash, signer: testSigner }
  return daySealer({ ...ports, now, nextTurn })(signal)
}

/** Lets the business day of a test gateway end, and seals it. */
export async function endDay({ clock, store, settled }: TestGateway): Promise<void> {
  clock.now = new Date(clock.now.getTime() + dayMs)
  await sealDays(store, () => clock.now)
  await settled()
}
