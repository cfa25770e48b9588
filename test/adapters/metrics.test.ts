// The metric of the books: what the difference is, and that books which cannot be read hide no other metric.
import { expect, test } from 'vitest'
import { createMetrics } from '../../src/adapters/node/metrics.ts'

const rendered = (difference: () => Promise<bigint>) =>
  createMetrics({
    lags: async () => [{ name: 'projections', behindMs: 7 }],
    setAside: () => [],
    ledgerDifference: difference,
    appends: { appended: 5, repeated: 1, conflict: 2 },
    clocksApartMs: () => 1_500,
  }).render()

test.each([
  ['0', async () => 0n],
  ['12', async () => 12n],
  ['Nan', () => Promise.reject(new Error('the database is away'))],
])('is %s', async (shown, difference) => {
  const text = await rendered(difference)
  expect(text).toMatch(new RegExp(`^thungan_trial_balance_difference ${shown}$`, 'm'))
  expect(text).toContain('thungan_lag_seconds{reader="projections"} 0.007')
})

test('appends are counted by how they ended, and the clocks of others are told', async () => {
  const text = await rendered(async () => 0n)
  expect(text).toContain('thungan_appends_total{result="conflict"} 2')
  expect(text).toContain('thungan_appends_total{result="appended"} 5')
  expect(text).toContain('thungan_clocks_apart_seconds 1.5')
})

test('how far readers are behind is not said while it is not known, and hides no other metric', async () => {
  const text = await createMetrics({
    lags: () => Promise.reject(new Error('the database is away')),
    setAside: () => [],
    ledgerDifference: async () => 0n,
    appends: { appended: 0, repeated: 0, conflict: 0 },
  }).render()
  expect(text).not.toContain('thungan_lag_seconds{')
  expect(text).toContain('thungan_trial_balance_difference 0')
})
