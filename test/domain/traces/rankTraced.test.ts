// Which credits fit what a payer says, and why.
import { expect, test } from 'vitest'
import { daysOf, rankTraced, type Sought, type TracedCredit } from '../../../src/domain/traces/rankTraced.ts'

const sought: Sought = { amount: 125_000n, currency: 'VND', occurredOn: '2026-11-22' }
const credit = (id: string, changes: Partial<TracedCredit> = {}): TracedCredit => ({
  id,
  amount: 125_000n,
  received: 125_000n,
  reason: 'unmatched',
  transactionId: `FT-${id}`,
  accountNumber: '0123456789',
  paidAt: '2026-11-22T05:00:00.000Z',
  receivedAt: '2026-11-22T05:00:01.000Z',
  ...changes,
})
const ranked = (what: Partial<Sought>, ...credits: TracedCredit[]) =>
  rankTraced({ ...sought, ...what }, credits).map(({ credit, rules }) => [credit.id, ...rules])

test('the amount fits within three business dates, and no further', () => {
  const on = (id: string, paidAt: string) => credit(id, { paidAt })
  expect(daysOf(sought)).toEqual({ from: '2026-11-19', to: '2026-11-25' })
  const all = [
    on('before', '2026-11-18T16:59:59.999Z'),
    on('first', '2026-11-18T17:00:00.000Z'),
    on('last', '2026-11-25T16:59:59.999Z'),
    on('after', '2026-11-25T17:00:00.000Z'),
  ]
  expect(ranked({}, ...all)).toEqual([
    ['last', 'amount_equal'],
    ['first', 'amount_equal'],
  ])
})

test('a transaction id fits whatever the amount and the day, and outweighs the rest together', () => {
  const far = credit('far', { amount: 1n, received: 1n, paidAt: '2026-01-01T00:00:00.000Z' })
  const what = { transactionId: 'FT-far', accountNumberLast4: '6789', occurredAt: '2026-11-22T05:00:00.000Z' }
  expect(ranked(what, credit('near'), far)).toEqual([
    ['far', 'transaction_id', 'account_last4'],
    ['near', 'amount_equal', 'account_last4', 'time_near', 'same_day'],
  ])
})

test('what came counts, or what is left of it', () => {
  const rest = credit('rest', { received: 200_000n })
  const whole = credit('whole', { amount: 5_000n })
  const unknown = credit('unknown', { received: null, transactionId: null })
  const neither = credit('neither', { amount: 1n, received: 2n })
  expect(ranked({}, rest, whole, unknown, neither)).toEqual([
    ['unknown', 'amount_equal', 'same_day'],
    ['whole', 'amount_equal', 'same_day'],
    ['rest', 'rest_equal', 'same_day'],
  ])
})

test('the account and the time speak for it, and are not asked of it', () => {
  const what = { accountNumberLast4: '6789', occurredAt: '2026-11-22T05:00:00.000Z' }
  const late = credit('late', { paidAt: '2026-11-22T05:30:00.001Z' })
  const elsewhere = credit('elsewhere', { accountNumber: '1', paidAt: '2026-11-22T05:30:00.000Z' })
  expect(ranked(what, elsewhere, late)).toEqual([
    ['late', 'amount_equal', 'account_last4', 'same_day'],
    ['elsewhere', 'amount_equal', 'time_near', 'same_day'],
  ])
})

test('among equals the nearer in time comes first, then the id decides', () => {
  const near = credit('near', { paidAt: '2026-11-22T04:00:00.000Z' })
  expect(ranked({}, credit('b', { paidAt: '2026-11-22T09:00:00.000Z' }), credit('a'), near)).toEqual([
    ['a', 'amount_equal', 'same_day'],
    ['near', 'amount_equal', 'same_day'],
    ['b', 'amount_equal', 'same_day'],
  ])
  expect(ranked({}, credit('b'), credit('a')).map(([id]) => id)).toEqual(['a', 'b'])
})
