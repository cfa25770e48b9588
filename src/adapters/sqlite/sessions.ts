// Who has signed in to the console, outside the log: gateways on one folder share it. Losing this file costs signing in again.
import type { Session, Sessions } from '../../http/services.ts'
import { openDatabase } from './database.ts'

export type SqliteSessions = Sessions & { readonly close: () => void }

const table = `create table sessions (
  token_hash text primary key, key_id text not null, fingerprint text not null, expires_at text not null)
  strict, without rowid;`

export function sqliteSessions(file: string): SqliteSessions {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: [table] })
  const select = database.prepare(
    `select key_id as keyId, fingerprint, expires_at as expiresAt from sessions where token_hash = ?`,
  )
  const insert = database.prepare('insert into sessions values (?, ?, ?, ?)')
  const remove = database.prepare('delete from sessions where token_hash = ?')
  const sweep = database.prepare('delete from sessions where expires_at <= ?')
  return {
    open: (tokenHash, { keyId, fingerprint, expiresAt }, now) => {
      sweep.run(now)
      insert.run(tokenHash, keyId, fingerprint, expiresAt)
    },
    find: (tokenHash) => select.get(tokenHash) as Session | undefined,
    end: (tokenHash) => void remove.run(tokenHash),
    close: () => database.close(),
  }
}
