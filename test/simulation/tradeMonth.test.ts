// A small month of trade: every day agrees to the đồng but for the differences that the seed put, and they are all named. The whole one: load-tests/tradeMonth.ts.
import { expect, test } from 'vitest'
import { playTradeMonth } from './tradeMonth.ts'
import { waysCount } from './tradeSales.ts'

test('settlement, ledger, payout file and statement are the same for every merchant and day, and what differs is found and named', async () => {
  const month = await playTradeMonth({ seed: 11, merchants: 8, paymentsADay: 24 })
  expect(month.wrong).toEqual([])
  const { settled, ledger, filed, stated, seeded } = month.sums
  expect([ledger, filed, stated + seeded]).toEqual([settled, settled, settled])
  expect(month.openExceptions.listed).toEqual(month.openExceptions.put)
  expect(month.unbalanced).toEqual([])
  expect(month.changedFiles).toEqual([])
  // It played what it is about.
  expect(Object.keys(month.ways)).toHaveLength(waysCount)
  expect(month.differences.size).toBe(10)
  expect([month.daysClosed, month.payments, month.instants]).toEqual([38, 552, 1_000])
  expect(seeded).not.toBe(0n)
  for (const count of [month.rejected, month.returned]) expect(count).toBeGreaterThan(3)
  expect(month.sameDayFiles).toBeGreaterThan(1)
  for (const count of [month.settlements, month.files]) expect(count).toBeGreaterThan(150)
}, 120_000)
