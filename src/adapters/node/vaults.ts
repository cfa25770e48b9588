// The vault of a gateway: it seals as its kind of store asks, and opens also what was sealed where its log was before.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Vault } from '../../http/services.ts'
import { movedInto } from '../sqlite/moved.ts'
import { sqliteVault } from '../sqlite/vault.ts'
import { derivedVault } from './derivedVault.ts'

type OpenedVault = Vault & { readonly close: () => void }

const fileOf = (dataDir: string): string => join(dataDir, 'vault.sqlite')
const isDerived = (sealed: string): boolean => sealed.startsWith('v2.')

/** Of a gateway on a cluster. Where the log was moved there from a folder, that folder's keys are in a file that came along. */
export function clusterVault(dataDir: string, masterKey: Uint8Array): OpenedVault {
  const derived = derivedVault(masterKey)
  const file = fileOf(dataDir)
  const kept = existsSync(file) ? sqliteVault(file, masterKey) : undefined
  return {
    ...derived,
    open: (sealed) => (isDerived(sealed) || !kept ? derived.open(sealed) : kept.open(sealed)),
    close: () => kept?.close(),
  }
}

/**
 * Of a gateway on a folder. Where the log came from a cluster, texts in it are under keys that nobody can destroy: then
 * there is no erasure, which would claim what is not so.
 */
export function folderVault(dataDir: string, masterKey: Uint8Array, eventsFile?: string): OpenedVault {
  const { erasure, ...kept } = sqliteVault(fileOf(dataDir), masterKey)
  const derived = derivedVault(masterKey)
  const canErase = !eventsFile || !movedInto(eventsFile)?.derivedKeys
  return {
    ...kept,
    ...(canErase && { erasure }),
    open: (sealed) => (isDerived(sealed) ? derived.open(sealed) : kept.open(sealed)),
  }
}

/** For who can do nothing without it. */
export function erasureOf({ erasure }: Vault): NonNullable<Vault['erasure']> {
  if (erasure) return erasure
  throw new StoreUnavailable(
    'This log was in a cluster: what was sealed there is under keys that derive from the master key, and no single one can be destroyed',
  )
}
