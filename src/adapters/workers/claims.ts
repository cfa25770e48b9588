// Which object keeps a credit: the first that took it. A bank may repeat a transaction with other words, which name another merchant.
import { DurableObject } from 'cloudflare:workers'
import type { Bindings, ClaimsStub } from './bindings.ts'
import type { Home } from './homes.ts'

const table =
  'create table if not exists claims (credit text primary key, home text not null) strict, without rowid'

/** One of many: a credit's id, which is a hash, names the one that knows it. */
export class ClaimsObject extends DurableObject implements ClaimsStub {
  async claim(creditId: string, home: Home): Promise<Home> {
    const { sql } = this.ctx.storage
    sql.exec(table)
    sql.exec('insert into claims values (?, ?) on conflict do nothing', creditId, home)
    return this.#keeper(creditId)!
  }

  async keeperOf(creditId: string): Promise<Home | undefined> {
    const exists = "select 1 from sqlite_schema where name = 'claims'"
    return this.ctx.storage.sql.exec(exists).toArray().length > 0 ? this.#keeper(creditId) : undefined
  }

  #keeper(creditId: string): Home | undefined {
    const [row] = this.ctx.storage.sql.exec('select home from claims where credit = ?', creditId).toArray()
    return row && String(row.home)
  }
}

const digits = 2 // 1024 objects

export type Claims = {
  /** The object that keeps it, from now on this one if it was nobody's. */
  readonly claim: (creditId: string, home: Home) => Promise<Home>
  readonly keeperOf: (creditId: string) => Promise<Home | undefined>
}

export function claimsOf({ CLAIMS }: Bindings): Claims {
  const shard = (creditId: string) => CLAIMS.getByName(creditId.slice('crd_'.length, 'crd_'.length + digits))
  return {
    claim: (creditId, home) => shard(creditId).claim(creditId, home),
    keeperOf: (creditId) => shard(creditId).keeperOf(creditId),
  }
}
