// A small month of three billers: the daily files equal the books to the đồng, whatever payers did. The whole one: load-tests/billMonth.ts.
import { expect, test } from 'vitest'
import { openTestGateway, operatorKey } from '../support/gateway.ts'
import { playBillMonth } from './billMonth.ts'

test('every day’s file equals the books, the trial balance is zero, and money that was not a bill’s is listed', async () => {
  const gateway = await openTestGateway()
  const month = await playBillMonth(gateway, { seed: 7, billsEach: 150 })
  expect(month.unequal).toEqual([])
  expect(month.files).toEqual(month.booked)
  expect(month.differences).toEqual(Array.from({ length: 28 }, () => '0'))
  expect(Object.keys(month.ways).length).toBe(11)
  expect(month.booked.every((owed) => owed > 0n)).toBe(true)
  const { accounts } = (await gateway.call('GET', '/v1/ledger/trial-balance', { key: operatorKey })).body
  const balance = (name: string) =>
    BigInt(accounts.find((one: { account: string }) => one.account === name).balance)
  const listed = await gateway.call('GET', '/v1/unapplied-credits/totals', { key: operatorKey })
  const unapplied = listed.body.data.reduce(
    (sum: bigint, { amount }: { amount: string }) => sum + BigInt(amount),
    0n,
  )
  expect(balance('unapplied_funds')).toBe(unapplied)
  await gateway.stop()
}, 120_000)
