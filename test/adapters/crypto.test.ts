// The cryptography port against the reference that Node brings.
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'

const { hmac, hash, digest, random, equal } = nodeCrypto
const bytes = (max: number) => fc.uint8Array({ maxLength: max })

describe('HMAC', () => {
  test('is what Node computes, for keys of any length and messages in any pieces', () => {
    fc.assert(
      fc.property(bytes(200), fc.array(fc.oneof(bytes(300), fc.string())), (key, parts) => {
        const reference = createHmac('sha256', key)
        for (const part of parts) reference.update(part)
        expect(hmac(key, ...parts)).toEqual(reference.digest())
      }),
    )
  })
  test('of RFC 4231, case 2', () =>
    expect(Buffer.from(hmac(Buffer.from('Jefe'), 'what do ya want for nothing?')).toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ))
})

test('a digest and its text are the same hash', () =>
  expect(Buffer.from(digest('Thu Ngân')).toString('base64url')).toBe(hash('Thu Ngân')))

describe('random bytes', () => {
  test('are as many as asked for, and not the same twice', () => {
    const drawn = Array.from({ length: 2_000 }, () => Buffer.from(random(10)).toString('hex'))
    expect(new Set(drawn).size).toBe(2_000)
    expect(drawn.every((text) => text.length === 20)).toBe(true)
  })
  test('already handed out do not change when more are drawn', () => {
    const first = random(16)
    const copy = Buffer.from(first)
    for (let i = 0; i < 1_000; i++) random(16)
    expect(Buffer.from(first)).toEqual(copy)
  })
})

test.each([
  ['a', 'a', true],
  ['', '', true],
  ['a', 'b', false],
  ['a', 'aa', false],
  ['đ', 'd', false],
])('%j equals %j: %s', (a, b, same) => expect(equal(a, b)).toBe(same))
