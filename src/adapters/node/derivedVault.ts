// The vault of a cluster: its keys derive from the master key, so that every gateway opens what any of them sealed.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Vault } from '../../http/services.ts'
import { decrypt, encrypt } from './aesGcm.ts'

const cachedMax = 10_000
const version = 'v2'
const notOpened =
  'A sealed text cannot be opened: it is damaged, or MASTER_KEY is not the one that it was sealed under'
const otherVault =
  'A sealed text was sealed by a gateway that kept its keys in a file: its vault.sqlite is needed in DATA_DIR'

/**
 * A sealed text is `v2.<key>.<iv, tag and ciphertext>`, base64url. Nothing is stored, so no gateway needs the file of
 * another; for the same reason no single key can be destroyed, which the vault in a file allows.
 */
export function derivedVault(masterKey: Uint8Array): Vault & { readonly close: () => void } {
  const ids = new LRUCache<string, string>({ max: cachedMax })
  const keys = new LRUCache<string, KeyObject>({ max: cachedMax })
  const hmac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', masterKey).update(`${purpose}\0${text}`).digest()

  const idOf = (name: string): string => {
    const known = ids.get(name) ?? hmac('vault', name).toString('base64url').slice(0, 22)
    ids.set(name, known)
    return known
  }
  const keyOf = (id: string): KeyObject => {
    const known = keys.get(id) ?? createSecretKey(hmac('vault key', id))
    keys.set(id, known)
    return known
  }

  return {
    prepare: () => {},
    seal: (name, text) => {
      const id = idOf(name)
      return `${version}.${id}.${encrypt(keyOf(id), Buffer.from(text)).toString('base64url')}`
    },
    open: (sealed) => {
      const [scheme, id = '', body = ''] = sealed.split('.')
      if (scheme !== version) throw new StoreUnavailable(otherVault)
      try {
        return decrypt(keyOf(id), Buffer.from(body, 'base64url')).toString()
      } catch (error) {
        throw new StoreUnavailable(notOpened, { cause: error })
      }
    },
    close: () => {},
  }
}
