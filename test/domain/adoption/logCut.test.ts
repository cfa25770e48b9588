// Where the log is cut, with clocks that are right, ahead and behind.
import { expect, test } from 'vitest'
import { cutIn, cutWindow } from '../../../src/domain/adoption/logCut.ts'

const cut = '2026-04-05'
const [before, after] = ['2026-04-01', '2026-04-09']
const many = (text: string, count: number): string[] => new Array<string>(count).fill(text)

test.each<[string, string[], number]>([
  ['is before the first later event', [before, before, after, after], 2],
  ['is not there where all was known', [before, before], -1],
  ['is at the start where all is later', [after, after], 0],
  ['is not at one event whose clock was ahead', [before, after, before, before, after, after], 4],
  ['is not at the first event, whose clock was ahead', [after, before, before], -1],
  ['is not moved by a clock that fell behind afterwards', [before, after, after, '2020-01-01', after], 1],
  ['looks no further than its window', [...many(after, cutWindow), before], 0],
  ['looks to the end of its window', [...many(after, cutWindow - 1), before], -1],
])('the cut %s', (_what, times, index) => {
  expect(cutIn(times, cut, '', times.length)).toBe(index)
})

test('an instant itself is known', () => expect(cutIn([cut], cut, '', 1)).toBe(-1))
test('nothing after the limit is looked for', () => expect(cutIn([before, after], cut, '', 1)).toBe(-1))
test('what goes on before a cut that was made earlier proves nothing', () => {
  expect(cutIn([after, before], cut, '2026-04-02', 2)).toBe(0)
})
