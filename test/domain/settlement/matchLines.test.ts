// Matching lines with items: each rule by itself, what may not be matched, and random statements with known differences.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExpectedItem, OpenLine } from '../../../src/domain/settlement/expectedItem.ts'
import { matchLines } from '../../../src/domain/settlement/matchLines.ts'
import { type Random, seeded } from '../../simulation/random.ts'
import { item, line } from './matchingSamples.ts'

/** What was found, as text: `lines = items by rule (state)`, and what is left. */
function found(lines: readonly OpenLine[], items: readonly ExpectedItem[]): string[] {
  const names = (all: readonly { id: string }[]) =>
    all
      .map(({ id }) => id)
      .toSorted()
      .join('+')
  const { matches, lines: left, items: missing } = matchLines(lines, items)
  return [
    ...matches.map(
      (match) => `${names(match.lines)} = ${names(match.items)} by ${match.rule} (${match.state})`,
    ),
    ...left.map(({ id }) => `${id} unexpected`),
    ...missing.map(({ id }) => `${id} missing`),
  ].toSorted()
}

describe('one rule after the other', () => {
  test.each([
    [
      'the bank names it as before',
      [line('l', 5n, { bankReferences: ['X', 'FT1'] })],
      [item('i', 5n, { bankReference: 'FT1' })],
      ['l = i by bank_reference (matched)'],
    ],
    [
      'and the amount is another',
      [line('l', 4n, { bankReferences: ['FT1'] })],
      [item('i', 5n, { bankReference: 'FT1' })],
      ['l = i by bank_reference (differing)'],
    ],
    [
      'money that goes out is not money that came in',
      [line('l', 5n, { bankReferences: ['FT1'], direction: 'debit' })],
      [item('i', 5n, { bankReference: 'FT1' })],
      ['i missing', 'l unexpected'],
    ],
    [
      'two payments of one reference, each by its amount',
      [line('l1', 5n, { references: ['R'] }), line('l2', 7n, { references: ['R'] })],
      [item('i7', 7n, { reference: 'R' }), item('i5', 5n, { reference: 'R' })],
      ['l1 = i5 by payment_reference (matched)', 'l2 = i7 by payment_reference (matched)'],
    ],
    [
      'less than was expected under its reference',
      [line('l', 4n, { references: ['R'] })],
      [item('i', 5n, { reference: 'R' })],
      ['l = i by payment_reference (partly)'],
    ],
    [
      'more than was expected',
      [line('l', 6n, { references: ['R'] })],
      [item('i', 5n, { reference: 'R' })],
      ['l = i by payment_reference (differing)'],
    ],
    [
      'a transfer by our own name of it, far from its day',
      [line('l', 5n, { direction: 'debit', endToEndId: 'T', bookedOn: '2026-12-24' })],
      [item('i', 5n, { kind: 'transfer', direction: 'debit', endToEndId: 'T' })],
      ['l = i by end_to_end_id (matched)'],
    ],
    [
      'a transfer in two parts',
      [
        line('l1', 2n, { direction: 'debit', endToEndId: 'T' }),
        line('l2', 3n, { direction: 'debit', endToEndId: 'T' }),
      ],
      [item('i', 5n, { kind: 'transfer', direction: 'debit', endToEndId: 'T' })],
      ['l1+l2 = i by end_to_end_id (matched)'],
    ],
    [
      'a transfer of which a part is not there',
      [line('l', 2n, { direction: 'debit', endToEndId: 'T' })],
      [item('i', 5n, { kind: 'transfer', direction: 'debit', endToEndId: 'T' })],
      ['l = i by end_to_end_id (partly)'],
    ],
    [
      'nothing but the amount, after a weekend',
      [line('l', 5n, { bookedOn: '2026-11-23' })],
      [item('i', 5n)],
      ['l = i by amount_and_date (matched)'],
    ],
    [
      'a week later',
      [line('l', 5n, { bookedOn: '2026-11-27' })],
      [item('i', 5n)],
      ['i missing', 'l unexpected'],
    ],
    [
      'the nearest day first',
      [line('l', 5n)],
      [item('a', 5n, { expectedOn: '2026-11-19' }), item('b', 5n)],
      ['a missing', 'l = b by amount_and_date (matched)'],
    ],
    [
      'a batch booked as one',
      [line('l', 12n)],
      [item('a', 5n), item('b', 7n), item('c', 90n)],
      ['c missing', 'l = a+b by one_to_many (matched)'],
    ],
    [
      'a batch that could be two ways is none',
      [line('l', 9n)],
      [item('a', 4n), item('b', 5n), item('c', 3n), item('d', 6n)],
      ['a missing', 'b missing', 'c missing', 'd missing', 'l unexpected'],
    ],
    [
      'one order carried out in parts',
      [line('a', 5n), line('b', 7n)],
      [item('i', 12n)],
      ['a+b = i by many_to_one (matched)'],
    ],
  ])('%s', (_what, lines, items, expected) => {
    expect(found(lines, items)).toEqual(expected)
  })
})

describe('names that differ keep apart what looks the same', () => {
  const known = [line('k', 1n, { bankReferences: ['FT0'] })]
  const booked = [item('j', 1n, { bankReference: 'FT0' })]
  const both = 'k = j by bank_reference (matched)'

  test('the payment', () => {
    expect(found([line('l', 5n, { references: ['R'] })], [item('i', 5n, { reference: 'S' })])).toEqual([
      'i missing',
      'l unexpected',
    ])
  })

  test('the bank, where its statement names transactions as its notifications do', () => {
    const lines = [line('l', 5n, { bankReferences: ['FT9'] })]
    const items = [item('i', 5n, { bankReference: 'FT1' })]
    expect(found([...lines, ...known], [...items, ...booked])).toEqual(['i missing', both, 'l unexpected'])
    expect(found(lines, items)).toEqual(['l = i by amount_and_date (matched)'])
  })

  test('a second payment of another amount is not the first one', () => {
    const lines = [line('l', 4n, { bankReferences: ['FT9'], references: ['R'] })]
    const items = [item('i', 5n, { bankReference: 'FT1', reference: 'R' })]
    expect(found([...lines, ...known], [...items, ...booked])).toEqual(['i missing', both, 'l unexpected'])
  })
})

test('many equal amounts are matched one to one', () => {
  const lines = Array.from({ length: 200 }, (_, at) => line(`l${at}`, 5n))
  const items = Array.from({ length: 198 }, (_, at) => item(`i${at}`, 5n))
  const { matches, lines: left, items: missing } = matchLines(lines, items)
  expect([matches.length, left.length, missing.length]).toEqual([198, 2, 0])
})

test.each([
  ['nameless', {}, {}],
  ['of payments that differ', { references: ['R'] }, { reference: 'S' }],
  ['of one payment', { references: ['R'] }, { reference: 'R' }],
  [
    'of one payment under names that differ',
    { references: ['R'], bankReferences: ['X'] },
    { reference: 'R' },
  ],
])('very many equal amounts, %s, take no longer for each', (_what, said, booked) => {
  const lines = Array.from({ length: 10_000 }, (_, at) => line(`l${at}`, 5n, said))
  const items = Array.from({ length: 20_000 }, (_, at) =>
    item(`i${at}`, 5n, { ...booked, bankReference: `FT${at}` }),
  )
  const known = [line('k', 1n, { bankReferences: ['FT-known'] })]
  const started = performance.now()
  matchLines([...known, ...lines], [...items, item('j', 1n, { bankReference: 'FT-known' })])
  expect(performance.now() - started).toBeLessThan(2_500)
})

test('a line without names takes what other lines may not take', () => {
  const lines = [line('any', 5n), line('named', 5n, { references: ['R'] })]
  const items = [item('nameless', 5n), item('other', 5n, { reference: 'S' })]
  expect(found(lines, items)).toEqual([
    'any = other by amount_and_date (matched)',
    'named = nameless by amount_and_date (matched)',
  ])
})

test('a line that names no payment comes before one that does', () => {
  const lines = [
    line('named', 5n, { references: ['R'] }),
    line('any', 5n),
    line('sum', 9n, { references: ['R'] }),
  ]
  expect(found([...lines, line('all', 9n)], [item('i', 5n), item('a', 2n), item('b', 7n)])).toEqual([
    'all = a+b by one_to_many (matched)',
    'any = i by amount_and_date (matched)',
    'named unexpected',
    'sum unexpected',
  ])
})

test('a line of a payment that is not paid yet is no item that names none, and may be several that name it', () => {
  const said = { references: ['R'], isAwaited: true }
  const nameless = [item('i', 5n), item('a', 2n), item('b', 7n), item('c', 30n)]
  const lines = [line('one', 5n, said), line('sum', 9n, said), line('part', 20n, said), line('other', 10n)]
  expect(found(lines, nameless).filter((one) => one.includes(' = '))).toEqual([])
  const own = ['a', 'b'].map((id) => item(id, id === 'a' ? 2n : 7n, { reference: 'R' }))
  expect(found([line('sum', 9n, said)], own)).toEqual(['sum = a+b by one_to_many (matched)'])
})

test('a search without an answer ends', () => {
  const lines = Array.from({ length: 400 }, (_, at) => line(`l${at}`, 1_000_003n + BigInt(at)))
  const items = Array.from({ length: 24 }, (_, at) => item(`i${at}`, 2n ** BigInt(at % 12) * 2n))
  const started = performance.now()
  expect(matchLines(lines, items).matches).toEqual([])
  expect(performance.now() - started).toBeLessThan(10_000)
})

/** Amounts so large and so random that no others add up to one of them by chance. */
const amountBy = (random: Random): bigint =>
  10n ** 12n + BigInt(random.below(10 ** 9)) * 997n + BigInt(random.below(997))

const dayBy = (random: Random): string => `2026-11-${String(1 + random.below(28)).padStart(2, '0')}`

/** Items, a statement made of them with differences, and what is to be found. */
function world(seed: number) {
  const random = seeded(seed)
  const lines: OpenLine[] = []
  const items: ExpectedItem[] = []
  const expected: string[] = []
  const credit = (id: string, amount: bigint, on: string) =>
    item(id, amount, {
      expectedOn: on,
      bankReference: `B-${id}`,
      ...(random.oneIn(2) && { reference: `R-${id}` }),
    })
  const cases: ((id: string, amount: bigint, on: string) => void)[] = [
    (id, amount, bookedOn) => {
      items.push(credit(id, amount, bookedOn))
      lines.push(line(`l${id}`, amount, { bookedOn, bankReferences: [`B-${id}`] }))
      expected.push(`l${id} = ${id} by bank_reference (matched)`)
    },
    (id, amount, bookedOn) => {
      items.push(item(id, amount, { expectedOn: bookedOn, bankReference: `B-${id}`, reference: `R-${id}` }))
      lines.push(line(`l${id}`, amount, { bookedOn, references: [`R-${id}`] }))
      expected.push(`l${id} = ${id} by payment_reference (matched)`)
    },
    (id, amount, bookedOn) => {
      const out = { direction: 'debit', endToEndId: `T-${id}` } as const
      items.push(item(id, amount, { ...out, kind: 'transfer', expectedOn: bookedOn }))
      lines.push(line(`l${id}`, amount, { ...out, bookedOn, bankReferences: [`other ${id}`] }))
      expected.push(`l${id} = ${id} by end_to_end_id (matched)`)
    },
    (id, amount, bookedOn) => {
      items.push(credit(id, amount, bookedOn))
      lines.push(line(`l${id}`, amount, { bookedOn }))
      expected.push(`l${id} = ${id} by amount_and_date (matched)`)
    },
    (id, amount, bookedOn) => {
      const more = amount + 1n
      items.push(credit(`${id}a`, amount, bookedOn), credit(`${id}b`, more, bookedOn))
      lines.push(line(`l${id}`, amount + more, { bookedOn }))
      expected.push(`l${id} = ${id}a+${id}b by one_to_many (matched)`)
    },
    (id, amount, bookedOn) => {
      items.push(credit(id, amount, bookedOn))
      lines.push(line(`l${id}`, amount + 1n, { bookedOn, bankReferences: [`B-${id}`] }))
      expected.push(`l${id} = ${id} by bank_reference (differing)`)
    },
    (id, amount, bookedOn) => {
      items.push(item(id, amount, { expectedOn: bookedOn, reference: `R-${id}` }))
      lines.push(line(`l${id}`, amount - 1n, { bookedOn, references: [`R-${id}`] }))
      expected.push(`l${id} = ${id} by payment_reference (partly)`)
    },
    (id, amount, bookedOn) => {
      items.push(credit(id, amount, bookedOn))
      expected.push(`${id} missing`)
    },
    (id, amount, bookedOn) => {
      lines.push(line(`l${id}`, amount, { bookedOn, bankReferences: [`B-${id}`] }))
      expected.push(`l${id} unexpected`)
    },
    (id, amount, bookedOn) => {
      items.push(credit(id, amount, bookedOn)) // the same amount on the same day under another name
      lines.push(line(`l${id}`, amount, { bookedOn, bankReferences: [`another ${id}`] }))
      expected.push(`${id} missing`, `l${id} unexpected`)
    },
  ]
  cases[0]!('first', amountBy(random), dayBy(random)) // so that the bank's names are known to agree
  const size = random.below(120)
  for (let at = 0; at < size; at++) random.pick(cases)(`${at}`, amountBy(random), dayBy(random))
  const shuffled = <T>(all: T[]) =>
    all
      .map((one) => [random.below(2 ** 30), one] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, one]) => one)
  return { lines: shuffled(lines), items: shuffled(items), expected: expected.toSorted() }
}

test('each difference of a statement is found and named, and nothing else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      const { lines, items, expected } = world(seed)
      expect(found(lines, items)).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('every line and every item is somewhere, once', () => {
  const small = fc.record({
    amount: fc.bigInt({ min: 1n, max: 6n }),
    day: fc.constantFrom('2026-11-19', '2026-11-20', '2026-11-21', '2026-11-27'),
    name: fc.constantFrom('A', 'B', undefined),
    reference: fc.constantFrom('R', 'S', undefined),
    debit: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(small, { maxLength: 14 }), fc.array(small, { maxLength: 14 }), (some, others) => {
      const lines = some.map(({ amount, day: bookedOn, name, reference, debit }, at) =>
        line(`l${at}`, amount, {
          bookedOn,
          direction: debit ? 'debit' : 'credit',
          bankReferences: name ? [name] : [],
          references: reference ? [reference] : [],
        }),
      )
      const items = others.map(({ amount, day: expectedOn, name, reference, debit }, at) =>
        item(`i${at}`, amount, {
          expectedOn,
          direction: debit ? 'debit' : 'credit',
          ...(name && { bankReference: name }),
          ...(reference && { reference }),
        }),
      )
      const result = matchLines(lines, items)
      const all = <T>(matched: readonly T[], left: readonly T[]) => [...matched, ...left]
      const linesSeen = all(
        result.matches.flatMap((match) => match.lines),
        result.lines,
      )
      const itemsSeen = all(
        result.matches.flatMap((match) => match.items),
        result.items,
      )
      expect(new Set(linesSeen)).toEqual(new Set(lines))
      expect(linesSeen.length).toBe(lines.length)
      expect(new Set(itemsSeen)).toEqual(new Set(items))
      expect(itemsSeen.length).toBe(items.length)
      for (const { lines, items, state } of result.matches) {
        const sum = (parts: readonly { amount: bigint }[]) =>
          parts.reduce((total, { amount }) => total + amount, 0n)
        expect(state === 'matched').toBe(sum(lines) === sum(items))
        expect(new Set([...lines, ...items].map(({ direction }) => direction)).size).toBe(1)
      }
    }),
    { numRuns: 500 },
  )
})
