// The last so many, whatever comes in which order, beside a list that is cut at its front.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recent } from '../../../src/domain/core/recent.ts'

test('the oldest goes first; a key that is known keeps its place and takes the new value', () => {
  const sets = fc.array(fc.tuple(fc.nat(30), fc.nat()), { maxLength: 300 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), sets, (max, all) => {
      const few = recent<number, number>(max)
      let list: [number, number][] = []
      for (const [key, value] of all) {
        const known = list.some(([other]) => other === key)
        list = known
          ? list.map(([other, old]) => [other, other === key ? value : old])
          : [...list, [key, value] as [number, number]].slice(-max)
        few.set(key, value)
        expect([...few.entries()]).toEqual(list)
        expect(few.has(key)).toBe(true)
      }
      for (let key = 0; key <= 30; key++)
        expect(few.get(key)).toBe(list.find(([other]) => other === key)?.[1])
    }),
  )
})
