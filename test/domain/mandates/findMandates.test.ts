// Which mandates a customer has: one question for the bills of a turn, none for a biller without a mandate, and never before the lists know.
import { expect, test } from 'vitest'
import { findMandates } from '../../../src/domain/mandates/findMandates.ts'

/** Lists that have counted up to a position, which a test moves; what was asked of them. */
function lists(billers: readonly string[], mandates: Readonly<Record<string, readonly string[]>> = {}) {
  const asked: (readonly string[])[] = []
  const waited: (string | undefined)[] = []
  const failing = { times: 0 }
  let release = (_position: string): void => {}
  const find = findMandates({
    counted: (position) => {
      waited.push(position)
      if (failing.times-- > 0) return Promise.reject(new Error('the gateway ends'))
      return position === undefined ? Promise.resolve('5') : new Promise((resolve) => (release = resolve))
    },
    mandateBillers: async () => billers,
    activeMandates: async (_billerId, codes) => {
      asked.push(codes)
      return new Map(codes.flatMap((code) => (mandates[code] ? [[code, mandates[code]]] : [])))
    },
  })
  return { find, asked, waited, failing, release: (position: string) => release(position) }
}

test('of a biller without a mandate nothing is asked, and nothing waited for', async () => {
  const { find, asked, waited } = lists(['mer_BBBBB'])
  for (const position of ['1', '6', '9']) expect(await find.of('mer_AAAAA', 'A', position)).toEqual([])
  expect([asked, waited]).toEqual([[], [undefined]])
})

test('the bills of one turn are one question', async () => {
  const { find, asked } = lists(['mer_AAAAA'], { A: ['man_1', 'man_2'], C: ['man_3'] })
  const found = await Promise.all(['A', 'B', 'C', 'A'].map((code) => find.of('mer_AAAAA', code, '5')))
  expect(found).toEqual([['man_1', 'man_2'], [], ['man_3'], ['man_1', 'man_2']])
  expect(asked).toEqual([['A', 'B', 'C']])
  await find.of('mer_AAAAA', 'B', '5')
  expect(asked).toEqual([['A', 'B', 'C'], ['B']])
})

test('a bill waits until the lists have counted it', async () => {
  const { find, asked, waited, release } = lists(['mer_AAAAA'], { A: ['man_1'] })
  const found = [find.of('mer_AAAAA', 'A', '6'), find.of('mer_AAAAA', 'A', '8')]
  await expect.poll(() => waited).toEqual([undefined, '6'])
  expect(asked).toEqual([])
  release('7')
  expect(await found[0]).toEqual(['man_1'])
  await expect.poll(() => waited).toEqual([undefined, '6', '8'])
  release('8')
  expect(await found[1]).toEqual(['man_1'])
})

test('a biller that gets its first mandate is known from then on', async () => {
  const { find, asked } = lists([], { A: ['man_1'] })
  expect(await find.of('mer_AAAAA', 'A', '2')).toEqual([])
  find.seen('mer_AAAAA')
  expect(await find.of('mer_AAAAA', 'A', '4')).toEqual(['man_1'])
  expect(asked).toEqual([['A']])
})

test('a wait that failed is waited anew', async () => {
  const { find, failing } = lists(['mer_AAAAA'], { A: ['man_1'] })
  failing.times = 1
  await expect(find.of('mer_AAAAA', 'A', '3')).rejects.toThrow('the gateway ends')
  expect(await find.of('mer_AAAAA', 'A', '3')).toEqual(['man_1'])
})
