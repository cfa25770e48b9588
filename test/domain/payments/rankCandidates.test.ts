// What speaks for a payment when money names none: a mistyped reference, the payer, the amount, the time.
import { describe, expect, test } from 'vitest'
import { editDistance } from '../../../src/domain/core/editDistance.ts'
import { ageBuckets, bucketOf, daysBetween, receivedWithin } from '../../../src/domain/payments/creditAge.ts'
import { rankCandidates, type Stray } from '../../../src/domain/payments/rankCandidates.ts'
import { findNearReferences, findReferences } from '../../../src/domain/payments/reference.ts'

const reference = '7K3MA9QZXW4F2P8R60'
const asked = '2026-11-22T03:00:00.000Z'
const payment = (changes: object = {}) => ({
  reference: 'ABCDE00000000000000',
  due: 125_000n,
  requestedAt: asked,
  payerHashes: [] as string[],
  ...changes,
})
const stray = (changes: Partial<Stray> = {}): Stray => ({
  amount: 1n,
  paidAt: '2026-11-21T03:00:00.000Z',
  nearReferences: [],
  payerHash: undefined,
  ...changes,
})
const reasons = (money: Stray, of = payment()) => rankCandidates(money, [of])[0]!.reasons

describe('reasons', () => {
  test('none', () => expect(reasons(stray())).toEqual([]))
  test.each([
    [reference, 'reference_one_edit'], // the text was right and its payment is another's or gone
    ['7K3MA9QZXW4F2P8R61', 'reference_one_edit'],
    ['7K3MA9QZXW4F2P8R6', 'reference_one_edit'],
    ['7K3MA9QXZW4F2P8R60', 'reference_two_edits'],
    ['7K3MAQZXW4F2P8R60C', 'reference_two_edits'],
  ])('%s: %s', (text, reason) =>
    expect(reasons(stray({ nearReferences: ['X', text] }), payment({ reference }))).toEqual([reason]),
  )
  test('three edits are none', () =>
    expect(reasons(stray({ nearReferences: ['7K3MA9QXZW4F2P8R61'] }), payment({ reference }))).toEqual([]))
  test.each([
    [125_000n, ['amount_equal']],
    [131_250n, ['amount_near']],
    [118_750n, ['amount_near']],
    [131_251n, []],
    [118_749n, []],
  ])('%s of 125000 due', (amount, expected) => expect(reasons(stray({ amount }))).toEqual(expected))
  test.each([
    ['2026-11-22T02:59:59.999Z', []],
    ['2026-11-22T03:00:00.000Z', ['time_near']],
    ['2026-11-22T03:30:00.000Z', ['time_near']],
    ['2026-11-22T03:30:00.001Z', []],
  ])('paid at %s', (paidAt, expected) => expect(reasons(stray({ paidAt }))).toEqual(expected))
  test('the payer of another part', () => {
    expect(reasons(stray({ payerHash: 'a' }), payment({ payerHashes: ['b', 'a'] }))).toEqual(['same_payer'])
    expect(reasons(stray(), payment({ payerHashes: ['b'] }))).toEqual([])
  })
})

test('the likeliest comes first; among equals the nearer amount, then the later payment', () => {
  const open = [
    payment({ reference: 'far' }),
    payment({ reference: 'older', due: 2n }),
    payment({ reference: 'newer', due: 2n, requestedAt: '2026-11-22T03:00:01.000Z' }),
    payment({ reference: 'equal', due: 1n }),
    payment({ reference }),
  ]
  const ranked = rankCandidates(stray({ nearReferences: [reference] }), open)
  expect(ranked.map(({ payment }) => payment.reference)).toEqual([
    reference,
    'equal',
    'newer',
    'older',
    'far',
  ])
})

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'ac', 1],
  ['abc', 'xabc', 1],
  ['abc', 'acb', 2],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('from "%s" to "%s" it takes %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits)
  expect(editDistance(b, a)).toBe(edits)
})

describe('near references', () => {
  const good = findReferences(`TN${reference}`)
  test('the sample is a reference', () => expect(good).toEqual([reference]))
  test.each([
    ['CK TN7K3MA9QZXW4F2P8R61 mua hang', ['7K3MA9QZXW4F2P8R61']],
    ['ck tn7k3ma9q-zxw4f2p8r61', ['7K3MA9QZXW4F2P8R61']],
    ['TN7K3MA9QZXW4F2P8R6', ['7K3MA9QZXW4F2P8R6']],
    ['7K3MA9QZXW4F2P8R61 khong co tien to', ['7K3MA9QZXW4F2P8R61']],
    ['TN7K3MA9QZXWAF2P8RSO', ['7K3MA9QZXWAF2P8RSO']],
  ])('%s', (text, expected) => expect(findNearReferences(text)).toEqual(expected))
  test.each([
    `TN${reference}`,
    'CK TN 0912345678 NGUYEN VAN AN',
    'TN19031111222233334',
    'TN NGUYENVANANCHUYENTIEN',
    'NGUYEN THANH TUNG 01/02/1990',
    '',
  ])('nothing of "%s" is kept', (text) => expect(findNearReferences(text)).toEqual([]))
  test('three at most', () => {
    const many = ['1', '2', '3', '4', '5'].map((last) => `TN7K3MA9QZXW4F2P8R${last}1`).join(' ')
    expect(findNearReferences(many).length).toBe(3)
  })
})

describe('age', () => {
  const now = new Date('2026-11-22T03:00:00.000Z')
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString()
  const day = 86_400_000
  test.each([
    [0, '0-1'],
    [2 * day - 1, '0-1'],
    [2 * day, '2-3'],
    [4 * day - 1, '2-3'],
    [4 * day, '4-7'],
    [8 * day, '8-30'],
    [31 * day - 1, '8-30'],
    [31 * day, 'over-30'],
  ] as const)('%i ms is in %s, for an item as for the totals', (ms, bucket) => {
    const received = ago(ms)
    expect(bucketOf(daysBetween(received, now))).toBe(bucket)
    const holding = ageBuckets.filter((one) => {
      const { after, upTo } = receivedWithin(one, now)
      return received > after && received <= upTo
    })
    expect(holding).toEqual([bucket])
  })
})
