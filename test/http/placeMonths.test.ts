// Sums of whole months by place are known by heart: what is recorded later, in whatever month, is in the next answer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, openTestGateway, type Shop, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let market: Shop
let petrol: Shop
beforeAll(async () => {
  gateway = await openTestGateway()
  market = await openShop(gateway)
  const station = await openShop(gateway, { name: 'Xăng dầu', sector: 'petrol-station' })
  const site = { name: 'Xăng', sector: 'petrol-station', district: 'Cầu Giấy', address: '1 Xuân Thủy' }
  petrol = {
    ...station,
    siteId: (await gateway.call('POST', '/v1/sites', { key: station.key, body: site })).body.id,
  }
})
afterAll(() => gateway.stop())

const vnd = { amount: '1000', currency: 'VND' }
const sale = ({ merchantId, siteId }: Shop, paidAt: string) => ({
  ...{ merchantId, siteId, method: 'qr', amount: vnd, fee: { ...vnd, amount: '0' }, paidAt },
})

let written = 0
async function write(...events: [type: string, data: object][]): Promise<void> {
  for (const [type, data] of events) {
    const id = `place-${++written}`
    await gateway.store.append(`payment-${id}`, 0, [{ type, data, id, metadata: {} }])
  }
  await gateway.settled()
}

async function sums(by: string) {
  const { body } = await gateway.call(
    'GET',
    `/v1/statistics/payments?from=2026-01-15&to=2026-11-20&interval=month&by=${by}`,
  )
  return body.data.map((row: Record<string, string>) => [row.period, row[by], row.count].join(' '))
}

test('a payment that moves from one sector to another is seen, though the sums of its day stay what they were', async () => {
  const [inMarch, inJanuary, inNovember] = ['2026-03-05', '2026-01-20', '2026-11-02'].map(
    (day) => `${day}T05:00:00.000Z`,
  ) as [string, string, string]
  await write(['PaymentPaid', sale(market, inMarch)], ['PaymentPaid', sale(market, inJanuary)])
  const first = ['2026-01 supermarket 1', '2026-03 supermarket 1']
  expect(await sums('sector')).toEqual(first)
  expect(await sums('sector')).toEqual(first)
  await write(
    ['PaymentReversed', { reversal: 1, reversedAt: inMarch, undone: sale(market, inMarch) }],
    ['PaymentPaid', sale(petrol, inMarch)],
  )
  const moved = ['2026-01 supermarket 1', '2026-03 petrol-station 1', '2026-03 supermarket 0']
  expect(await sums('sector')).toEqual(moved)
  await write(['PaymentPaid', sale(petrol, inNovember)], ['PaymentPaid', sale(petrol, inMarch)])
  expect(await sums('district')).toContain('2026-03 Cầu Giấy 2')
  expect((await sums('sector')).at(-1)).toBe('2026-11 petrol-station 1')
})
