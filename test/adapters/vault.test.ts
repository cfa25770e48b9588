// The vault: what is sealed can be opened again, by nobody without the keys, and not once its key is gone.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sqliteVault } from '../../src/adapters/sqlite/vault.ts'
import { StoreBusy } from '../../src/domain/core/eventStore.ts'

const masterKey = new Uint8Array(32).fill(1)
const at = '2026-11-22T03:00:00.000Z'
const text = '{"payer":"NGUYỄN VĂN A"}'
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-vault-'))
  file = join(folder, 'vault.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Seals with one opening of the file, so that the next reads everything from disk. */
function seal(name: string): string {
  const vault = sqliteVault(file, masterKey)
  const sealed = vault.seal(name, text)
  vault.close()
  return sealed
}
function open(sealed: string, key = masterKey): string | undefined {
  const vault = sqliteVault(file, key)
  try {
    return vault.open(sealed)
  } finally {
    vault.close()
  }
}

test('opens what it sealed, after a restart', () => expect(open(seal('con_A'))).toBe(text))

test('seals the same text differently each time, under one key a name', () => {
  const [first, second, other] = [seal('con_A'), seal('con_A'), seal('con_B')].map((sealed) =>
    sealed.split('.'),
  )
  expect(first![1]).toBe(second![1])
  expect(first![2]).not.toBe(second![2])
  expect(other![1]).not.toBe(first![1])
})

test('shows neither text nor name', () => {
  const sealed = seal('con_A')
  for (const secret of ['NGUY', 'con_A']) {
    expect(sealed).not.toContain(secret)
    expect(readFileSync(file).includes(secret)).toBe(false)
  }
})

test('does not open with another master key, or when a byte was changed', () => {
  const sealed = seal('con_A')
  expect(() => open(sealed, new Uint8Array(32).fill(2))).toThrow()
  const last = sealed.at(-2) === 'A' ? 'B' : 'A'
  expect(() => open(`${sealed.slice(0, -2)}${last}${sealed.at(-1)}`)).toThrow()
})

test('does not open once the key was dropped', () => {
  const sealed = seal('con_A')
  const database = new DatabaseSync(file)
  database.exec('delete from keys')
  database.close()
  expect(open(sealed)).toBeUndefined()
})

test('keys that are prepared together are the ones that are used', () => {
  const vault = sqliteVault(file, masterKey)
  const before = vault.seal('con_A', text)
  vault.prepare(['con_A', 'con_B', 'con_B'])
  vault.prepare([])
  const after = ['con_A', 'con_B'].map((name) => vault.seal(name, text))
  vault.close()
  expect(after[0]!.split('.')[1]).toBe(before.split('.')[1])
  expect(after.map((sealed) => open(sealed))).toEqual([text, text])
})

test('keys that could not be written with the others seal nothing', () => {
  const vault = sqliteVault(file, masterKey)
  const full = new DatabaseSync(file)
  full.exec(`create trigger full before insert on keys when (select count(*) from keys) > 0
    begin select raise(abort, 'full'); end`)
  expect(() => vault.prepare(['con_A', 'con_B'])).toThrow('full')
  full.exec('drop trigger full')
  full.close()
  const sealed = vault.seal('con_A', text)
  vault.close()
  expect(open(sealed)).toBe(text)
})

describe('a key that is dropped', () => {
  /** The file with its log, whatever of them is there. */
  const bytes = () =>
    Buffer.concat(
      ['', '-wal', '-shm'].filter((end) => existsSync(file + end)).map((end) => readFileSync(file + end)),
    )
  /** The key as it is kept: wrapped by the master key. */
  const wrapped = (sealed: string) => {
    const database = new DatabaseSync(file)
    const row = database.prepare('select wrapped from keys where id = ?').get(sealed.split('.')[1]!)
    database.close()
    return Buffer.from(row!.wrapped as Uint8Array)
  }

  test('opens nothing any more and leaves no copy, neither in the file nor in its log, which is open', () => {
    const vault = sqliteVault(file, masterKey)
    const sealed = vault.seal('con_A', text)
    const names = Array.from({ length: 2_000 }, (_, at) => `con_${at}`)
    vault.prepare(names) // pages split
    const others = names.map((name) => vault.seal(name, text))
    const key = wrapped(sealed)
    expect(bytes().includes(key)).toBe(true)
    expect([vault.erasure.has('con_A'), vault.erasure.drop('con_A', at), vault.erasure.has('con_A')]).toEqual(
      [true, 1, false],
    )
    expect(bytes().includes(key)).toBe(false)
    expect(vault.open(sealed)).toBeUndefined()
    expect(others.every((one) => vault.open(one) === text)).toBe(true)
    vault.close()
  })

  test('is dropped once, until there is a new one, which opens only what it sealed', () => {
    const vault = sqliteVault(file, masterKey)
    const before = vault.seal('con_A', text)
    expect([vault.erasure.drop('con_A', at), vault.erasure.drop('con_A', at)]).toEqual([1, 1])
    const after = vault.seal('con_A', text)
    expect([vault.open(before), vault.open(after)]).toEqual([undefined, text])
    expect([vault.erasure.drop('con_A', at), vault.erasure.drop('con_A', at), vault.open(after)]).toEqual([
      2,
      2,
      undefined,
    ])
    vault.close()
  })

  test('is not made anew by preparing, for nothing may be sealed under it after all', () => {
    const vault = sqliteVault(file, masterKey)
    vault.prepare(['con_A'])
    vault.erasure.drop('con_A', at)
    vault.prepare(['con_A', 'con_B'])
    expect([vault.erasure.has('con_A'), vault.erasure.has('con_B'), vault.erasure.drop('con_A', at)]).toEqual(
      [false, true, 1],
    )
    vault.close()
  })

  test('says when that was, until there is a new one', () => {
    const vault = sqliteVault(file, masterKey)
    vault.prepare(['con_A'])
    expect(vault.erasure.droppedAt('con_A')).toBeUndefined()
    vault.erasure.drop('con_A', at)
    expect([vault.erasure.droppedAt('con_A'), vault.erasure.droppedAt('con_B')]).toEqual([at, undefined])
    vault.erasure.drop('con_A', '2026-12-01T00:00:00.000Z') // also where there was nothing to drop
    expect(vault.erasure.droppedAt('con_A')).toBe('2026-12-01T00:00:00.000Z')
    vault.seal('con_A', text)
    expect(vault.erasure.droppedAt('con_A')).toBeUndefined()
    vault.erasure.drop('con_A', '2027-01-01T00:00:00.000Z')
    expect(vault.erasure.droppedAt('con_A')).toBe('2027-01-01T00:00:00.000Z')
    vault.close()
  })

  test('is forgotten by who has the file open, too: what is sealed next is sealed under the new one', () => {
    const [one, other] = [sqliteVault(file, masterKey), sqliteVault(file, masterKey)]
    const before = one.seal('con_A', text)
    other.erasure.drop('con_A', at)
    one.prepare(['con_A'])
    const after = one.seal('con_A', text)
    expect([one.open(before), other.open(after)]).toEqual([undefined, text])
    for (const vault of [one, other]) vault.close()
  })

  test('while somebody reads is not done: it is said, and again it is', () => {
    const vault = sqliteVault(file, masterKey)
    const key = wrapped(vault.seal('con_A', text))
    const reader = new DatabaseSync(file)
    reader.exec('begin')
    reader.prepare('select count(*) from keys').get()
    expect(() => vault.erasure.drop('con_A', at)).toThrow(StoreBusy)
    expect(bytes().includes(key)).toBe(true) // the reader still needs it
    reader.close()
    expect(vault.erasure.drop('con_A', at)).toBe(1)
    expect(bytes().includes(key)).toBe(false)
    vault.close()
  })

  test('is wiped out at the next opening, if a crash came between', () => {
    const vault = sqliteVault(file, masterKey)
    const key = wrapped(vault.seal('con_A', text))
    const reader = new DatabaseSync(file)
    reader.exec('begin')
    reader.prepare('select count(*) from keys').get()
    expect(() => vault.erasure.drop('con_A', at)).toThrow(StoreBusy)
    const crashed = join(folder, 'crashed.sqlite')
    for (const end of ['', '-wal']) copyFileSync(file + end, crashed + end)
    for (const one of [reader, vault]) one.close()
    file = crashed
    expect(bytes().includes(key)).toBe(true)
    sqliteVault(file, masterKey).close()
    expect(bytes().includes(key)).toBe(false)
  })

  test('has no copy in the free space of a file that an earlier version wrote', () => {
    const before = new DatabaseSync(file)
    before.exec(`pragma journal_mode = wal; pragma synchronous = off;
      create table keys (id text primary key, wrapped blob not null) strict, without rowid;
      pragma user_version = 1`)
    const add = before.prepare('insert into keys values (?, ?)')
    const keys = Array.from({ length: 5_000 }, (_, at) => Buffer.from(`wrapped key ${at} `.padEnd(60, '.')))
    const ids = keys.map((_, at) => createHash('sha256').update(String(at)).digest('base64url').slice(0, 22))
    for (const [at, key] of keys.entries()) add.run(ids[at]!, key)
    before.close()
    const copies = (key: Buffer) => bytes().toString('latin1').split(key.toString('latin1')).length - 1
    const split = keys.findIndex((key) => copies(key) > 1)
    expect(split).toBeGreaterThanOrEqual(0) // or this test shows nothing
    const vault = sqliteVault(file, masterKey)
    expect(copies(keys[split]!)).toBe(1)
    vault.close()
  })
})
