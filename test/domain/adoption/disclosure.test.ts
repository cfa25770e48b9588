// Disclosure control: what may not be shown, what else must go with it, and that no attack on all tables at once finds it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { determinedIn } from '../../../src/domain/adoption/disclosure/determined.ts'
import { unitOf } from '../../../src/domain/adoption/disclosure/published.ts'
import { isSensitive, marginOf } from '../../../src/domain/adoption/disclosure/rule.ts'
import { suppress } from '../../../src/domain/adoption/disclosure/suppress.ts'
import {
  type Contribution,
  cellId,
  type Table,
  tabulate,
  withTotals,
} from '../../../src/domain/adoption/disclosure/table.ts'
import { bandEnd } from '../../../src/domain/adoption/ticketBands.ts'
import { boundedByBands, solved } from '../../support/attack.ts'

const rule = { minimumContributors: 3, dominancePercent: 10 }
const views = [
  ['sector', 'district', 'method'],
  ['band', 'method'],
]
const beforehand = (table: Table) => {
  const total = table.cells.get(cellId({}))!
  return { of: (_cell: unknown, measure: number) => ({ lo: 1n, hi: total.measures[measure]! }), unit: unitOf }
}
const cell = (...shares: number[]) => ({ id: '', values: {}, measures: [], shares: shares.map(BigInt) })

describe('a cell', () => {
  test.each([
    ['of nobody', [], true],
    ['of one', [100], true],
    ['of two', [50, 50], true],
    ['of three like ones', [50, 40, 30], false],
    ['of one with two crumbs', [1000, 50, 49], true],
    ['whose rest is a tenth of the largest', [1000, 500, 100], false],
    ['whose rest is a little less', [1000, 500, 99], true],
  ])('%s is sensitive: %s %s', (_what, shares, expected) => {
    expect(isSensitive(cell(...shares), rule)).toBe(expected)
  })

  test('is to be off by a tenth of its largest contributor, rounded up', () => {
    expect(marginOf(cell(1001, 3), rule)).toBe(101n)
  })
})

test('views come with every total of theirs, each once', () => {
  expect(
    withTotals([['a', 'b'], ['b']])
      .map((view) => view.toSorted().join('+'))
      .toSorted(),
  ).toEqual(['', 'a', 'a+b', 'b'])
})

describe('what follows by algebra', () => {
  const sum = (parent: string, ...children: string[]) => ({ parent, children })
  test('is found where one sum has one gap, and where only several together give it', () => {
    expect(determinedIn([sum('t', 'a', 'b')], new Set(['a']))).toEqual(['a'])
    expect(determinedIn([sum('t', 'a', 'b')], new Set(['a', 'b']))).toEqual([])
    // a+b, b+c and c+a give all three
    const ring = [sum('x', 'a', 'b'), sum('y', 'b', 'c'), sum('z', 'c', 'a')]
    expect(determinedIn(ring, new Set(['a', 'b', 'c'])).toSorted()).toEqual(['a', 'b', 'c'])
  })
})

const names = (prefix: string, many: number) => fc.nat(many - 1).map((n) => `${prefix}${n}`)
const bandsOf = ['1000', '2000', '5000', '10000']
const contributions = fc.array(
  fc
    .record({
      sector: names('s', 3),
      district: names('d', 3),
      method: names('m', 2),
      band: fc.constantFrom(...bandsOf),
      contributor: names('shop', 8),
      count: fc.integer({ min: 1, max: 40 }),
      permille: fc.integer({ min: 0, max: 999 }),
    })
    .map(({ contributor, count, permille, ...values }) => {
      const from = BigInt(values.band)
      const each = from + ((bandEnd(from) - from) * BigInt(permille)) / 1_000n
      return { values, contributor, measures: [BigInt(count), BigInt(count) * each] }
    }),
  { minLength: 1, maxLength: 60 },
)

/** What is published of a measure. */
const published = (table: Table, suppressed: ReadonlySet<string>, measure: number) =>
  new Map(
    [...table.cells].map(([id, cell]) => [id, suppressed.has(id) ? undefined : cell.measures[measure]!]),
  )

const bandOfCell =
  ({ cells }: Table) =>
  (id: string) => {
    const { band } = cells.get(id)!.values
    return band === undefined ? undefined : { from: BigInt(band), below: bandEnd(BigInt(band)) }
  }

function attack(table: Table, suppressed: ReadonlySet<string>): string[] {
  const found: string[] = []
  const shown = [0, 1].map((measure) => published(table, suppressed, measure))
  for (const [measure, cells] of shown.entries())
    for (const [id, value] of solved(table.relations, cells)) {
      expect(value).toBe(table.cells.get(id)!.measures[measure]) // the attack is right when it succeeds
      found.push(id)
    }
  const bounds = boundedByBands(table.relations, shown[0]!, shown[1]!, bandOfCell(table), () => 1n)
  for (const [measure, cells] of bounds.entries())
    for (const [id, [lo, hi]] of cells) {
      const cell = table.cells.get(id)!
      expect(lo <= cell.measures[measure]! && cell.measures[measure]! <= hi).toBe(true)
      if (lo === hi) found.push(id)
      const margin = measure === 1 && isSensitive(cell, rule) ? marginOf(cell, rule) : 0n
      if (hi < cell.measures[measure]! + margin) found.push(id)
    }
  return found
}

describe('the tables together', () => {
  test('give no suppressed cell away, neither exactly nor nearly', () => {
    fc.assert(
      fc.property(contributions, (made: Contribution[]) => {
        const table = tabulate(made, views)
        const suppressed = suppress(table, rule, beforehand(table))
        for (const [id, cell] of table.cells)
          if (isSensitive(cell, rule)) expect(suppressed.has(id)).toBe(true)
        const total = cellId({})
        const found = attack(table, suppressed).filter((id) => id !== total)
        expect(found).toEqual([])
      }),
      { numRuns: 150, seed: 7 },
    )
  })

  test('would give some away if only the sensitive cells were suppressed: the attack is real', () => {
    let broken = 0
    fc.assert(
      fc.property(contributions, (made: Contribution[]) => {
        const table = tabulate(made, views)
        const sensitive = new Set(
          [...table.cells.values()].filter((cell) => isSensitive(cell, rule)).map(({ id }) => id),
        )
        if (attack(table, sensitive).length > 0) broken += 1
      }),
      { numRuns: 30, seed: 7 },
    )
    expect(broken).toBeGreaterThan(10)
  })

  test('say by their bands how much the cells beside a hidden one can be: then one more is suppressed', () => {
    const sold = (contributor: string, band: string, count: bigint, each: bigint): Contribution => ({
      values: { sector: 's0', district: 'd0', method: 'm0', band },
      contributor,
      measures: [count, count * each],
    })
    const shops = ['a', 'b', 'c', 'd']
    const table = tabulate(
      [
        ...shops.map((shop) => sold(shop, '500000', 10n, 600_000n)),
        ...shops.map((shop) => sold(shop, '100000', 2n, 100_000n)), // no less: their band begins there
        sold('dealer', '1000000', 5n, 1_500_000n),
      ],
      views,
    )
    const hidden = (...bands: string[]) =>
      new Set(bands.flatMap((band) => [cellId({ band }), cellId({ band, method: 'm0' })]))
    expect(attack(table, hidden('1000000', '100000'))).toContain(cellId({ band: '1000000' }))
    const suppressed = suppress(table, rule, beforehand(table))
    expect(suppressed).toEqual(hidden('1000000', '100000', '500000'))
    expect(attack(table, suppressed)).toEqual([])
  })

  test('are not suppressed without need', () => {
    const made = ['a', 'b', 'c', 'd'].flatMap((contributor) =>
      ['s0', 's1'].map((sector) => ({
        values: { sector, district: 'd0', method: 'm0', band: '100' },
        contributor,
        measures: [5n, 1_000n],
      })),
    )
    const table = tabulate(made, views)
    expect([...suppress(table, rule, beforehand(table))]).toEqual([])
  })

  test('come out the same whatever the order of what they are made of', () => {
    fc.assert(
      fc.property(contributions, (made: Contribution[]) => {
        const one = tabulate(made, views)
        const other = tabulate(made.toReversed(), views)
        const ids = (table: Table) => [...suppress(table, rule, beforehand(table))].toSorted()
        expect(ids(one)).toEqual(ids(other))
      }),
      { numRuns: 40, seed: 7 },
    )
  })
})
