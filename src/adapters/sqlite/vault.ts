// Personal data, AES-256-GCM with a key per person; the keys, wrapped by the master key, are all that this file holds.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Vault } from '../../http/services.ts'
import { random } from '../node/crypto.ts'
import { openDatabase } from './database.ts'

const cachedMax = 10_000
const ivBytes = 12
const tagBytes = 16

export type SqliteVault = Vault & {
  /** The text, or undefined when the person's key has been dropped. */
  readonly open: (sealed: string) => string | undefined
  readonly close: () => void
}

/** A sealed text is `v1.<person>.<iv, tag and ciphertext>`, base64url; the person is a keyed hash, not a name. */
export function sqliteVault(file: string, masterKey: Uint8Array): SqliteVault {
  const database = openDatabase({
    file,
    synchronous: 'FULL', // a key must outlive the event sealed with it
    migrations: ['create table keys (person text primary key, wrapped blob not null) strict, without rowid;'],
  })
  const find = database.prepare('select wrapped from keys where person = ?')
  const add = database.prepare('insert or ignore into keys values (?, ?)')
  const master = createSecretKey(masterKey)
  const cached = new LRUCache<string, Person>({ max: cachedMax })

  const stored = (id: string): KeyObject | undefined => {
    const wrapped = find.get(id)?.wrapped as Uint8Array | undefined
    return wrapped && createSecretKey(decrypt(master, Buffer.from(wrapped)))
  }
  const personOf = (name: string): Person => {
    const known = cached.get(name)
    if (known) return known
    const id = createHmac('sha256', master).update(`person\0${name}`).digest('base64url').slice(0, 22)
    add.run(id, encrypt(master, randomBytes(32)))
    const person = { id, key: stored(id)! }
    cached.set(name, person)
    return person
  }

  return {
    seal: (name, text) => {
      const { id, key } = personOf(name)
      return `v1.${id}.${encrypt(key, Buffer.from(text)).toString('base64url')}`
    },
    open: (sealed) => {
      const [, id = '', body = ''] = sealed.split('.')
      const key = stored(id)
      return key && decrypt(key, Buffer.from(body, 'base64url')).toString()
    },
    close: () => database.close(),
  }
}

type Person = { readonly id: string; readonly key: KeyObject }

function encrypt(key: KeyObject, plain: Buffer): Buffer {
  const iv = random(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: KeyObject, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, ivBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}
