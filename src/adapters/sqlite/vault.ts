// Personal data, AES-256-GCM with a key per person; the keys, wrapped by the master key, are all that this file holds.
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Vault } from '../../http/services.ts'
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
  const cached = new LRUCache<string, Buffer>({ max: cachedMax })

  const stored = (person: string): Buffer | undefined => {
    const wrapped = find.get(person)?.wrapped as Uint8Array | undefined
    return wrapped && decrypt(masterKey, Buffer.from(wrapped))
  }
  const keyOf = (person: string): Buffer => {
    const known = cached.get(person)
    if (known) return known
    add.run(person, encrypt(masterKey, randomBytes(32)))
    const key = stored(person)!
    cached.set(person, key)
    return key
  }

  return {
    seal: (name, text) => {
      const person = createHmac('sha256', masterKey)
        .update(`person\0${name}`)
        .digest('base64url')
        .slice(0, 22)
      return `v1.${person}.${encrypt(keyOf(person), Buffer.from(text)).toString('base64url')}`
    },
    open: (sealed) => {
      const [, person = '', body = ''] = sealed.split('.')
      return stored(person) && decrypt(stored(person)!, Buffer.from(body, 'base64url')).toString()
    },
    close: () => database.close(),
  }
}

function encrypt(key: Uint8Array, plain: Buffer): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: Uint8Array, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, ivBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}
