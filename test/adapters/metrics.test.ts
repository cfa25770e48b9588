// The metric of the books: what the difference is, and that books which cannot be read hide no other metric.
import { expect, test } from 'vitest'
import { createMetrics } from '../../src/adapters/node/metrics.ts'

const rendered = (difference: () => Promise<bigint>) =>
  createMetrics(
    async () => [{ name: 'projections', behindMs: 7 }],
    () => [],
    difference,
  ).render()

test.each([
  ['0', async () => 0n],
  ['12', async () => 12n],
  ['Nan', () => Promise.reject(new Error('the database is away'))],
])('is %s', async (shown, difference) => {
  const text = await rendered(difference)
  expect(text).toMatch(new RegExp(`^thungan_trial_balance_difference ${shown}$`, 'm'))
  expect(text).toContain('thungan_lag_seconds{reader="projections"} 0.007')
})
