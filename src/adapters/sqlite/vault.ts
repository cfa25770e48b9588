// Text sealed with AES-256-GCM under named keys; the keys, wrapped by the master key, are all that this file holds.
import { createSecretKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Erasure, Vault } from '../../http/services.ts'
import { decrypt, encrypt } from '../node/aesGcm.ts'
import { nodeCrypto, random } from '../node/crypto.ts'
import { inTransaction, openDatabase } from './database.ts'
import { droppedKeys, droppedTables } from './droppedKeys.ts'

const cachedMax = 10_000
const notOpened =
  'A sealed text cannot be opened: it is damaged, or MASTER_KEY is not the one that it was sealed under'
const keyBytes = 32

export type SqliteVault = Vault & { readonly erasure: Erasure; readonly close: () => void }

/** A sealed text is `v1.<key>.<iv, tag and ciphertext>`, base64url; the key's id is a keyed hash of its name. */
export function sqliteVault(file: string, masterKey: Uint8Array): SqliteVault {
  const database = openDatabase({
    file,
    synchronous: 'FULL', // a key must outlive the event sealed with it
    migrations: [
      'create table keys (id text primary key, wrapped blob not null) strict, without rowid;',
      droppedTables,
    ],
    secureDelete: true,
  })
  const dropped = droppedKeys(database, file)
  let drops = dropped.count()
  const find = database.prepare('select wrapped from keys where id = ?')
  const add = database.prepare('insert or ignore into keys values (?, ?)')
  const master = createSecretKey(masterKey)
  const cached = new LRUCache<string, NamedKey>({ max: cachedMax })

  const stored = (id: string): KeyObject | undefined => {
    const wrapped = find.get(id)?.wrapped as Uint8Array | undefined
    return wrapped && createSecretKey(decrypt(master, Buffer.from(wrapped)))
  }
  const idOf = (name: string): string =>
    Buffer.from(nodeCrypto.hmac(masterKey, 'vault\0', name))
      .toString('base64url')
      .slice(0, 22)
  /** Of the key that a name has now: one that was dropped does not come back under its id. */
  const currentId = (name: string): string => {
    const id = idOf(name)
    const before = dropped.of(id)
    return before ? idOf(`${name}\0${before.times}`) : id
  }
  /** In a transaction: between its two statements nobody else may drop the key. */
  const make = (name: string): void => {
    const id = currentId(name)
    const fresh = random(keyBytes)
    const { changes } = add.run(id, encrypt(master, fresh))
    cached.set(name, { id, key: changes === 0 ? stored(id)! : createSecretKey(fresh) })
  }
  const makeAll = (names: readonly string[]): void => {
    try {
      inTransaction(database, () => names.forEach(make))
    } catch (error) {
      cached.clear() // keys that were not written after all must seal nothing
      throw error
    }
  }
  const has = (name: string): boolean => cached.has(name) || find.get(currentId(name)) !== undefined
  const wasDropped = (name: string): boolean => dropped.of(idOf(name)) !== undefined

  return {
    prepare: (names) => {
      const count = dropped.count()
      if (count !== drops) cached.clear() // another process has dropped one, perhaps one of these
      drops = count
      const missing = names.filter((name) => !cached.has(name) && !(drops > 0 && wasDropped(name)))
      if (missing.length > 0) makeAll(missing)
    },
    seal: (name, text) => {
      if (!cached.has(name)) makeAll([name])
      const { id, key } = cached.get(name)!
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
    erasure: {
      has,
      drop: (name, at) => {
        cached.delete(name)
        return dropped.drop(idOf(name), () => currentId(name), at)
      },
      droppedAt: (name) => (has(name) ? undefined : dropped.of(idOf(name))?.at),
    },
    close: () => database.close(),
  }
}

type NamedKey = { readonly id: string; readonly key: KeyObject }
