// Time to settlement over HTTP: from the sales of a day to the bank's word on their payouts, as known then and as known now.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBank, openShop, openTestGateway, operatorKey, type TestGateway } from '../support/gateway.ts'
import { pain002 } from '../support/iso20022.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { at, close, sell } from '../support/settlement.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())

const report = async (endToEndId: string, status: string) => {
  const body = pain002([{ id: endToEndId, code: status }])
  const headers = { 'content-type': 'application/xml' }
  const answer = await gateway.call('POST', '/v1/payouts/status', { key: operatorKey, body, headers })
  expect(answer.status).toBe(200)
  await gateway.settled()
}

async function times(query: string) {
  const { body } = await gateway.call('GET', `/v1/statistics/figures?${query}`)
  const of = (name: string) =>
    body.figures.find(({ figure }: { figure: string }) => figure === `time-to-settlement-${name}`)
  const { numerator, denominator } = of('median')
  expect(of('mean')).toMatchObject({ numerator, denominator, unit: 'hours' })
  return { confirmed: numerator, counted: denominator, median: of('median').value, mean: of('mean').value }
}

const nothing = { confirmed: 0, counted: 0, median: null, mean: null }

test('is counted until the payout is asked for, then until the bank says that it is there; what came back does not count', async () => {
  const bank = await openBank(gateway)
  const [shop, other] = [await openShop(gateway), await openShop(gateway)]
  at(gateway, '2026-11-23T01:00:00.000Z') // 8 in the morning of Monday
  await sell(gateway, shop, bank)
  at(gateway, '2026-11-23T05:00:00.000Z')
  await sell(gateway, shop, bank)
  at(gateway, '2026-11-23T11:00:00.000Z')
  await sell(gateway, other, bank)
  await gateway.settled()
  expect(await times('asOf=2026-11-23')).toEqual(nothing)

  at(gateway, '2026-11-23T17:00:00.000Z') // midnight: 16, 12 and 6 hours later
  const { data } = (await close(gateway, '2026-11-23')).body
  await gateway.settled()
  const requested = { confirmed: 0, counted: 3, median: 12, mean: 11.3 }
  expect(await times('asOf=2026-11-23')).toEqual(requested)
  expect(await times('asOf=2026-11-24')).toEqual(requested)
  const payoutOf = ({ merchantId }: { merchantId: string }): string =>
    data.find((one: { merchantId: string }) => one.merchantId === merchantId).payout.endToEndId

  at(gateway, '2026-11-24T03:00:00.000Z') // 26, 22 and 16 hours
  await report(payoutOf(shop), 'ACSC')
  const known = 'asOf=2026-11-23&knownAt=2026-11-24T03:30:00.000Z'
  at(gateway, '2026-11-24T04:00:00.000Z')
  const settled = { confirmed: 2, counted: 3, median: 22, mean: 18 }
  expect(await times('asOf=2026-11-23')).toEqual(settled)
  expect(await times(known)).toEqual(settled)
  expect(await times('asOf=2026-11-23&knownAt=2026-11-23T18:00:00.000Z')).toEqual(requested)

  await report(payoutOf(other), 'RJCT') // asked for again at once: 17 hours after the sale
  expect(await times('asOf=2026-11-23')).toEqual({ ...settled, mean: 21.7 })
  await report(payoutOf(other).replace(/-1$/, '-2'), 'RJCT') // now it waits for another account
  const again = { confirmed: 2, counted: 2, median: 22, mean: 24 }
  expect(await times('asOf=2026-11-23')).toEqual(again)
  expect(await rebuilt(gateway)).toEqual([])
  expect(await times('asOf=2026-11-23')).toEqual(again)
  expect(await times(known)).toEqual(settled)
  expect(await times('asOf=2026-11-22')).toEqual(nothing)
  const late = '2027-01-05'
  at(gateway, `${late}T03:00:00.000Z`)
  expect(await times(`asOf=${late}`)).toEqual(nothing) // more than thirty days ago
})
