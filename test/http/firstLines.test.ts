// Where names stand first: what a Map would say, also of many, and of hashes that begin alike.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { firstLines } from '../../src/http/firstLines.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest()

test('the first line of each name is told, of 20,000 names and twice as many lines', () => {
  const firstLine = firstLines()
  const expected = new Map<string, number>()
  for (let line = 1; line <= 40_000; line++) {
    const name = `bill ${(line * 7_919) % 20_000}`
    if (!expected.has(name)) expected.set(name, line)
    expect(firstLine(hashOf(name), line)).toBe(expected.get(name))
  }
})

test('hashes that differ in any of their first twelve bytes are different names', () => {
  const firstLine = firstLines()
  const hash = hashOf('a bill')
  expect(firstLine(hash, 1)).toBe(1)
  for (let at = 0; at < 12; at++) {
    const other = Uint8Array.from(hash)
    other[at]! ^= 1
    expect(firstLine(other, at + 2)).toBe(at + 2)
  }
  expect(firstLine(hash, 99)).toBe(1)
})

test('zeros are a hash, too', () => {
  const firstLine = firstLines()
  expect([firstLine(new Uint8Array(32), 5), firstLine(new Uint8Array(32), 6)]).toEqual([5, 5])
})
