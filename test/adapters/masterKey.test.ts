// The master key: made once, readable by its owner only, and the same for whoever asks.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { masterKey } from '../../src/adapters/node/masterKey.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('is made at the first start and found at the next, and nothing else is left in the folder', () => {
  const made = masterKey(folder, undefined)
  expect(made.length).toBe(32)
  expect(masterKey(folder, undefined)).toEqual(made)
  expect(readdirSync(folder)).toEqual(['master.key'])
  expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600)
})

test('that another start has made meanwhile is taken, and the own draft thrown away', () => {
  const theirs = Buffer.alloc(32, 9)
  const draft = join(folder, `master.key.${process.pid}`)
  writeFileSync(draft, 'a draft of a start that was killed')
  writeFileSync(join(folder, 'master.key'), theirs.toString('base64'))
  expect(Buffer.from(masterKey(folder, undefined))).toEqual(theirs)
})

test('from the environment leaves the folder alone', () => {
  const key = Buffer.alloc(32, 1).toString('base64')
  expect(Buffer.from(masterKey(folder, key))).toEqual(Buffer.alloc(32, 1))
  expect(readdirSync(folder)).toEqual([])
})
