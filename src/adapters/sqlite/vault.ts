// Text sealed with AES-256-GCM under named keys; the keys, wrapped by the master key, are all that this file holds.
import { createSecretKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Vault } from '../../http/services.ts'
import { decrypt, encrypt } from '../node/aesGcm.ts'
import { nodeCrypto, random } from '../node/crypto.ts'
import { inTransaction, openDatabase } from './database.ts'

const cachedMax = 10_000
const notOpened =
  'A sealed text cannot be opened: it is damaged, or MASTER_KEY is not the one that it was sealed under'
const keyBytes = 32

export type SqliteVault = Vault & { readonly close: () => void }

/** A sealed text is `v1.<key>.<iv, tag and ciphertext>`, base64url; the key's id is a keyed hash of its name. */
export function sqliteVault(file: string, masterKey: Uint8Array): SqliteVault {
  const database = openDatabase({
    file,
    synchronous: 'FULL', // a key must outlive the event sealed with it
    migrations: ['create table keys (id text primary key, wrapped blob not null) strict, without rowid;'],
  })
  const find = database.prepare('select wrapped from keys where id = ?')
  const add = database.prepare('insert or ignore into keys values (?, ?)')
  const master = createSecretKey(masterKey)
  const cached = new LRUCache<string, NamedKey>({ max: cachedMax })

  const stored = (id: string): KeyObject | undefined => {
    const wrapped = find.get(id)?.wrapped as Uint8Array | undefined
    return wrapped && createSecretKey(decrypt(master, Buffer.from(wrapped)))
  }
  const keyOf = (name: string): NamedKey => {
    const known = cached.get(name)
    if (known) return known
    const id = Buffer.from(nodeCrypto.hmac(masterKey, 'vault\0', name))
      .toString('base64url')
      .slice(0, 22)
    const fresh = random(keyBytes)
    const { changes } = add.run(id, encrypt(master, fresh))
    const named = { id, key: changes === 0 ? stored(id)! : createSecretKey(fresh) }
    cached.set(name, named)
    return named
  }

  return {
    prepare: (names) => {
      const missing = names.filter((name) => !cached.has(name))
      if (missing.length === 0) return
      try {
        inTransaction(database, () => missing.forEach(keyOf))
      } catch (error) {
        cached.clear() // keys that were not written after all must seal nothing
        throw error
      }
    },
    seal: (name, text) => {
      const { id, key } = keyOf(name)
      return `v1.${id}.${encrypt(key, Buffer.from(text)).toString('base64url')}`
    },
    open: (sealed) => {
      const [, id = '', body = ''] = sealed.split('.')
      try {
        const key = stored(id)
        return key && decrypt(key, Buffer.from(body, 'base64url')).toString()
      } catch (error) {
        throw new StoreUnavailable(notOpened, { cause: error })
      }
    },
    close: () => database.close(),
  }
}

type NamedKey = { readonly id: string; readonly key: KeyObject }
