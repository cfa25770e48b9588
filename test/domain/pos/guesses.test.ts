// Guessing is slow: so many wrong ones a minute and terminal, in bounded memory.
import { expect, test } from 'vitest'
import { guessLimiter } from '../../../src/domain/pos/guesses.ts'

test('after so many a terminal waits until the oldest is a minute old', () => {
  const { begin } = guessLimiter(3)
  expect([0, 10_000, 20_000].map((at) => begin('ter_1', at))).toEqual([undefined, undefined, undefined])
  expect([begin('ter_1', 20_000), begin('ter_1', 59_001), begin('ter_2', 20_000)]).toEqual([40, 1, undefined])
  expect([begin('ter_1', 60_000), begin('ter_1', 60_000)]).toEqual([undefined, 10])
})

test('a right one does not count', () => {
  const { begin, right } = guessLimiter(1)
  for (const at of [0, 1, 2]) {
    expect(begin('ter_1', at)).toBeUndefined()
    right('ter_1')
  }
  expect([begin('ter_1', 3), begin('ter_1', 4)]).toEqual([undefined, 60])
})

test('of very many terminals the one that guessed the longest ago is forgotten', () => {
  const { begin } = guessLimiter(1)
  for (let number = 0; number <= 10_000; number++) begin(`ter_${number}`, 0)
  expect([begin('ter_10000', 1), begin('ter_1', 1), begin('ter_0', 1)]).toEqual([60, 60, undefined])
})
