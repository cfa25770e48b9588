// What was known at an instant: the same bytes whatever is recorded later, and after the read models are rebuilt.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NewEvent } from '../../src/domain/core/eventStore.ts'
import { ask, openBank, openShop, openTestGateway, operatorKey, pay, type Shop } from '../support/gateway.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { expectRefused } from '../support/refused.ts'
import { fileOf, upload } from '../support/registry.ts'
import { accountsTarget, online } from '../support/targets.ts'

const laterEvents = process.env.TEST_EVENT_STORE ? 5_000 : 100_000 // a store that is not memory makes each of them durable
const april5 = '2026-04-05T00:00:00.000Z'
const march = 'statistics/indicators?asOf=2026-03-31'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop

const get = (path: string) => gateway.call('GET', `/v1/${path}`)
const at = (instant: string) => {
  gateway.clock.now = new Date(instant)
}
const put = (path: string, body: object) => gateway.call('PUT', `/v1/${path}`, { key: operatorKey, body })

async function modernRetail(path: string) {
  const { body } = await get(path)
  return body.indicators.find(
    ({ indicator }: { indicator: string }) => indicator === 'pos-acceptance-modern-retail',
  )
}

/** March 2026: one of three supermarkets is paid. In April two more come to light, and a figure is corrected. */
beforeAll(async () => {
  gateway = await openTestGateway()
  at('2026-03-10T03:00:00.000Z')
  const bank = await openBank(gateway)
  shop = await openShop(gateway)
  const row = (n: number) => `GP${n},Siêu thị,0101234567,supermarket,Ba Đình,2015-01-01,`
  await upload(gateway, fileOf(row(1), row(2), row(3)))
  const site = { name: 'A', sector: 'supermarket', district: 'Ba Đình', address: 'x', licenseNumber: 'GP1' }
  const { id } = (await gateway.call('POST', '/v1/sites', { key: shop.key, body: site })).body
  await pay(gateway, bank, await ask(gateway, { ...shop, siteId: id }), 'sale 1')
  await put('observations', { observations: [online()] })
  at('2026-04-20T03:00:00.000Z')
  await upload(gateway, fileOf(row(1), row(2), row(3), row(4), row(5)))
  await put('observations', { observations: [online({ value: 6.5 })] })
  await put('targets', { targets: [accountsTarget] })
  await gateway.settled()
})
afterAll(() => gateway.stop())

/** Sales of another shop, straight into the log. */
async function sellMuch(): Promise<void> {
  const vnd = { amount: '1000', currency: 'VND' }
  const { merchantId, siteId } = shop
  const paidAt = gateway.clock.now.toISOString()
  const data = { merchantId, siteId, method: 'qr', amount: vnd, fee: { ...vnd, amount: '0' }, paidAt }
  for (let n = 0; n < laterEvents; n++) {
    const event: NewEvent = { type: 'PaymentPaid', data, id: `later-${n}`, metadata: {} }
    await gateway.store.append(`payment-later_${n}`, 0, [event])
  }
  await gateway.settled()
}

describe('the value of March as known on 5 April', () => {
  test('is what had been recorded by then; today more is known of March', async () => {
    expect(await modernRetail(`${march}&knownAt=${april5}`)).toMatchObject({ numerator: 1, denominator: 3 })
    expect(await modernRetail(march)).toMatchObject({ numerator: 1, denominator: 5 })
  })

  test('has the figures from outside and the targets of then', async () => {
    const shares = async (path: string) =>
      (await get(path)).body.indicators
        .filter(({ indicator, year }: { indicator: string; year: number }) =>
          ['online-retail-share 2017', 'adults-with-an-account 2025'].includes(`${indicator} ${year}`),
        )
        .map(({ percent }: { percent: number }) => percent)
    expect(await shares(`${march}&knownAt=${april5}`)).toEqual([7.25])
    expect(await shares(march)).toEqual([6.5, null])
  })

  test('says where the log is cut, and is the same however the instant is written', async () => {
    const one = await get(`${march}&knownAt=${april5}`)
    expect(one.body).toMatchObject({ asOf: '2026-03-31', knownAt: april5 })
    const [next] = await gateway.store.readAll(one.body.position, 1)
    expect(next!.recordedAt).toBe('2026-04-20T03:00:00.000Z')
    expect((await get(`${march}&knownAt=2026-04-05T07:00:00%2B07:00`)).text).toBe(one.text)
  })

  test(`is byte for byte the same after ${laterEvents} later events and a rebuild, in every statistic`, async () => {
    const paths = [
      `${march}&knownAt=${april5}`,
      `statistics/acceptance?asOf=2026-03-31&knownAt=${april5}`,
      `statistics/payments?from=2026-03-01&to=2026-03-31&by=sector,district&knownAt=${april5}`,
      `statistics/payments?knownAt=${april5}`,
    ]
    const texts = () => Promise.all(paths.map(async (path) => (await get(path)).text))
    const before = await texts()
    expect(JSON.parse(before[2]!).data).toMatchObject([{ count: 1, value: '125000' }])
    at('2026-05-02T03:00:00.000Z')
    await sellMuch()
    expect(await texts()).toEqual(before)
    expect(await rebuilt(gateway)).toEqual([])
    expect(await texts()).toEqual(before)
    const now = (await get('statistics/payments?from=2026-05-02')).body.data
    expect(now).toMatchObject([{ count: laterEvents }])
  }, 120_000)

  test('is the same when it is counted anew, from nothing and from an earlier cut', async () => {
    const fresh = await get(`${march}&knownAt=2026-04-06T00:00:00.000Z`)
    const kept = await get(`${march}&knownAt=${april5}`)
    expect({ ...fresh.body, knownAt: 0 }).toEqual({ ...kept.body, knownAt: 0 })
    expect((await get(`statistics/acceptance?knownAt=2026-03-01T00:00:00Z`)).body).toEqual({
      asOf: '2026-03-01',
      knownAt: '2026-03-01T00:00:00.000Z',
      position: '',
      disclosure: { control: 'off', applied: false },
      data: [],
    })
  })
})

describe('the revisions', () => {
  const revisions = (of: string) => get(`statistics/indicators/${of}/revisions?asOf=2026-03-31`)
  const figures = ({ body }: Awaited<ReturnType<typeof revisions>>, year: number) =>
    body.data
      .filter((revision: { year: number }) => revision.year === year)
      .map(({ knownAt, percent }: { knownAt: string; percent: number }) => [knownAt.slice(0, 10), percent])

  test('of what is measured are the values after each change; an upload is one', async () => {
    const answer = await revisions('pos-acceptance-modern-retail')
    expect(answer.body).toMatchObject({ asOf: '2026-03-31', omitted: 0 })
    expect(figures(answer, 2017)).toEqual([['2026-04-20', 20]])
  })

  test('of what comes from outside are its observations', async () => {
    expect(figures(await revisions('online-retail-share'), 2017)).toEqual([
      ['2026-04-20', 7.25],
      ['2026-04-20', 6.5],
    ])
  })

  test('of no indicator are not found; of a day to come are refused', async () => {
    expectRefused(await revisions('nonsense'), 'not_found')
    expectRefused(
      await get('statistics/indicators/online-retail-share/revisions?asOf=2999-01-01'),
      'validation_failed',
      'asOf',
    )
  })
})

describe('what cannot have been known', () => {
  const refused: [string, string, string][] = [
    ['statistics/indicators?knownAt=2999-01-01T00:00:00Z', 'knownAt', 'in_the_future'],
    ['statistics/acceptance?knownAt=2999-01-01T00:00:00Z', 'knownAt', 'in_the_future'],
    ['statistics/payments?knownAt=2999-01-01T00:00:00Z', 'knownAt', 'in_the_future'],
    ['statistics/indicators?asOf=2999-01-01', 'asOf', 'in_the_future'],
    [`statistics/indicators?asOf=2026-04-06&knownAt=${april5}`, 'asOf', 'after_known_at'],
  ]
  test.each(refused)('%s is refused', async (path, pointer, code) => {
    const answer = await get(path)
    expectRefused(answer, 'validation_failed', pointer)
    expect(answer.body.errors[0].code).toBe(code)
  })

  test('an instant is RFC 3339, not a day', async () => {
    expectRefused(await get('statistics/indicators?knownAt=2026-04-05'), 'validation_failed', 'knownAt')
  })
})
