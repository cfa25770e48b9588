// Which of very many open items matching is given: what it finds one by one is the same as if it had all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExpectedItem, OpenLine } from '../../../src/domain/settlement/expectedItem.ts'
import { matchByAmounts, matchByNames } from '../../../src/domain/settlement/matchLines.ts'
import { isNoOther, type NearBounds, nearItems } from '../../../src/domain/settlement/nearItems.ts'
import { item, line } from './matchingSamples.ts'

function near(lines: readonly OpenLine[], items: readonly ExpectedItem[], bounds: NearBounds) {
  const all = nearItems(lines, bounds)
  for (const one of items) all.add(one)
  return all.end()
}
const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id)

test('up to the bound all items are kept, of each kind by itself', () => {
  const items = [item('a', 1n), item('b', 2n), item('p', 3n, { kind: 'payout' })]
  expect(near([line('l', 9n)], items, { anyMax: 2, neededMax: 0 })).toEqual({ items, kept: 'all' })
})

test('beyond it those that a line names or costs, as many as there are lines', () => {
  const items = [
    item('first', 1n),
    item('other', 2n),
    item('named', 7n, { reference: 'R' }),
    item('ours', 8n, { endToEndId: 'T' }),
    item('theirs', 8n, { bankReference: 'FT1' }),
    item('same', 5n, { expectedOn: '2026-11-19' }),
    item('late', 5n, { expectedOn: '2026-11-24' }),
    item('out', 5n, { direction: 'debit' }),
    item('one', 5n),
    item('two', 5n),
    item('three', 5n),
  ]
  const lines = [
    line('l', 5n, { references: ['R'], endToEndId: 'T', bankReferences: ['FT1'] }),
    line('m', 5n),
  ]
  const { items: found, kept } = near(lines, items, { anyMax: 1, neededMax: 100 })
  expect(idsOf(found)).toEqual(['first', 'named', 'ours', 'theirs', 'same', 'one', 'two'])
  expect(kept).toBe('needed')
})

test('a line that no item was found for is nobody else only where that is sure', () => {
  const items = [item('first', 1n), item('one', 5n), item('two', 5n, { expectedOn: '2026-11-19' })]
  const nameless = line('n', 5n)
  const paying = line('p', 5n, { references: ['R'] })
  const banks = line('b', 5n, { bankReferences: ['FT1'] })
  const sure = (bounds: NearBounds, banksNamesAgree = true) =>
    [nameless, paying, banks].map((one) =>
      isNoOther(one, near([nameless], [...items, item('part', 2n)], bounds), banksNamesAgree),
    )
  expect(sure({ anyMax: 4, neededMax: 0 })).toEqual([true, true, true])
  expect(sure({ anyMax: 1, neededMax: 2 })).toEqual([false, true, true])
  expect(sure({ anyMax: 1, neededMax: 2 }, false)).toEqual([false, true, false])
  expect(sure({ anyMax: 1, neededMax: 1 })).toEqual([false, false, false])
})

test('what is found by a name, or by amount and day, is the same with few items kept as with all', () => {
  const one = fc.record({
    amount: fc.bigInt({ min: 1n, max: 4n }),
    day: fc.constantFrom('2026-11-19', '2026-11-20', '2026-11-21', '2026-11-27'),
    name: fc.constantFrom('A', 'B', undefined),
    reference: fc.constantFrom('R', 'S', undefined),
    ours: fc.constantFrom('T', undefined),
  })
  const some = fc.array(one, { maxLength: 12 })
  const many = fc.array(one, { maxLength: 40 })
  fc.assert(
    fc.property(some, many, fc.boolean(), (said, booked, banksNamesAgree) => {
      const lines = said.map(({ amount, day: bookedOn, name, reference, ours }, at) =>
        line(`l${at}`, amount, {
          bookedOn,
          bankReferences: name ? [name] : [],
          references: reference ? [reference] : [],
          ...(ours && { endToEndId: ours }),
        }),
      )
      const items = booked.map(({ amount, day: expectedOn, name, reference, ours }, at) =>
        item(`i${at}`, amount, {
          expectedOn,
          ...(name && { bankReference: name }),
          ...(reference && { reference }),
          ...(ours && { endToEndId: ours }),
        }),
      )
      const found = (of: readonly ExpectedItem[]) => {
        const named = matchByNames(lines, of, banksNamesAgree)
        const rest = matchByAmounts(named.lines, named.items, banksNamesAgree, false)
        return [...named.matches, ...rest.matches].map((match) => [
          idsOf(match.lines),
          idsOf(match.items),
          match.rule,
        ])
      }
      const few = near(lines, items, { anyMax: 2, neededMax: 1_000 })
      expect(found(few.items)).toEqual(found(items))
    }),
    { numRuns: 1_000 },
  )
})
