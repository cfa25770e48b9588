// How often a key may ask: so many times a minute, each key for itself, and the memory of it is bounded.
import { expect, test } from 'vitest'
import { inquiryLimiter } from '../../../src/domain/bills/inquiryLimit.ts'

test('a key asks so many times, and again after its minute', () => {
  const limit = inquiryLimiter(2)
  expect([limit.ask('a', 0), limit.ask('a', 1_000), limit.ask('a', 1_001)]).toEqual([
    undefined,
    undefined,
    59,
  ])
  expect(limit.ask('b', 1_001)).toBeUndefined()
  expect([limit.ask('a', 59_999), limit.ask('a', 60_000), limit.ask('a', 60_000)]).toEqual([
    1,
    undefined,
    undefined,
  ])
})

test('the key whose minute began the longest ago is forgotten first', () => {
  const limit = inquiryLimiter(1)
  for (let key = 0; key <= 10_000; key++) limit.ask(`key ${key}`, key)
  expect(limit.ask('key 10000', 10_001)).toBeDefined()
  expect(limit.ask('key 0', 10_001)).toBeUndefined()
})
