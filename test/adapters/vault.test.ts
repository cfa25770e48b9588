// The vault: what is sealed can be opened again, by nobody without the keys, and not once its key is gone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteVault } from '../../src/adapters/sqlite/vault.ts'

const masterKey = new Uint8Array(32).fill(1)
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
