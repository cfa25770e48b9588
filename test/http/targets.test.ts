// PUT /v1/targets and /v1/observations: a regulator's own targets, and figures that come from outside with their revisions.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openShop, openTestGateway, operatorKey, type TestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'
import { accountsTarget, metroTarget, online } from '../support/targets.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await openTestGateway()
})
afterEach(() => gateway.stop())

type Options = { key?: string; headers?: Record<string, string> }
const put = (path: string, body: unknown, options: Options = {}) =>
  gateway.call('PUT', `/v1/${path}`, { key: operatorKey, body, ...options })
const setTargets = (...targets: object[]) => put('targets', { targets })
const observe = (...observations: object[]) => put('observations', { observations })
const get = async (path: string) => {
  await gateway.settled()
  return (await gateway.call('GET', `/v1/${path}`)).body
}
async function indicator(name: string, year: number, asOf = '2026-11-22') {
  const { indicators } = await get(`statistics/indicators?asOf=${asOf}`)
  return indicators.find(
    (one: { indicator: string; year: number }) => one.indicator === name && one.year === year,
  )
}

describe("a regulator's own targets", () => {
  test('stand beside the built-in ones, and are measured as those are', async () => {
    await openShop(gateway)
    const { status, body } = await setTargets(metroTarget, accountsTarget)
    expect(status).toBe(200)
    expect(body.own).toEqual([metroTarget, { ...accountsTarget, sectors: [] }])
    expect(body.builtIn.length).toBe(12)
    expect(await get('targets')).toEqual(body)
    expect(await indicator(metroTarget.indicator, 2026)).toMatchObject({
      target: 50,
      source: 'plan-2026',
      numerator: 0,
      denominator: 1,
      met: false,
      observed: null,
    })
    expect(await indicator(accountsTarget.indicator, 2025)).toMatchObject({ numerator: null, observed: null })
  })

  test('are replaced as a whole; the same set again records nothing', async () => {
    await setTargets(metroTarget, accountsTarget)
    const head = await gateway.store.head()
    await setTargets(accountsTarget, metroTarget)
    expect(await gateway.store.head()).toBe(head)
    expect((await setTargets(accountsTarget)).body.own.length).toBe(1)
    expect(await indicator(metroTarget.indicator, 2026)).toBeUndefined()
    expect((await setTargets()).body.own).toEqual([])
  })

  test('have a version: who has read an older one is refused', async () => {
    const etag = (await setTargets(metroTarget)).headers.get('etag')!
    expect((await gateway.call('GET', '/v1/targets')).headers.get('etag')).toBe(etag)
    const body = { targets: [accountsTarget] }
    expectRefused(await put('targets', body, { headers: { 'if-match': '"0"' } }), 'version_differs')
    expect((await put('targets', body, { headers: { 'if-match': etag } })).status).toBe(200)
  })

  const builtIn = { ...accountsTarget, indicator: 'online-retail-share', year: 2018 }
  test.each<[string, object[], string]>([
    ['more than 100 percent', [{ ...metroTarget, target: 100.1 }], '/targets/0/target'],
    ['nothing', [{ ...metroTarget, target: 0 }], '/targets/0/target'],
    ['half a rank', [{ ...accountsTarget, unit: 'rank', target: 1.5 }], '/targets/0/target'],
    ['a rank of shops', [{ ...metroTarget, unit: 'rank', target: 1 }], '/targets/0/sectors'],
    ['an unknown sector', [{ ...metroTarget, sectors: ['bakery'] }], '/targets/0/sectors/0'],
    ['a sector twice', [{ ...metroTarget, sectors: ['water', 'water'] }], '/targets/0/sectors'],
    ['a name with spaces', [{ ...metroTarget, indicator: 'a b' }], '/targets/0/indicator'],
    ['one language', [{ ...metroTarget, label: { vi: 'x' } }], '/targets/0/label/en'],
    ['the year 17', [{ ...metroTarget, year: 17 }], '/targets/0/year'],
    ['a year twice', [metroTarget, metroTarget], '/targets/1/year'],
    ['a built-in target', [builtIn], '/targets/0/year'],
    [
      'a built-in indicator in another unit',
      [{ ...builtIn, year: 2019, unit: 'rank', target: 1 }],
      '/targets/0/unit',
    ],
    [
      'one that is counted in one year and observed in another',
      [metroTarget, { ...metroTarget, year: 2027, sectors: [] }],
      '/targets/1/unit',
    ],
  ])('with %s are refused as a whole', async (_what, targets, pointer) => {
    expectRefused(await setTargets(...targets), 'validation_failed', pointer)
    expect((await get('targets')).own).toEqual([])
  })
})

describe('observations', () => {
  test('are shown with the target of their year, numerator and denominator unknown', async () => {
    const { status, body } = await observe(online(), online({ date: '2018-12-31', value: 8 }))
    expect([status, body.data.length]).toEqual([200, 2])
    expect(await indicator('online-retail-share', 2017)).toMatchObject({
      numerator: null,
      denominator: null,
      percent: 7.25,
      met: true,
      observed: { value: 7.25, date: '2017-12-31', source: 'Tổng cục Thống kê, 2018', revision: 1 },
    })
    expect(await indicator('online-retail-share', 2018)).toMatchObject({ percent: 8, met: true })
    expect(await indicator('online-retail-share', 2017, '2017-12-30')).toMatchObject({
      met: null,
      observed: null,
    })
  })

  test('of a rank meet their target from above', async () => {
    await observe({ ...online(), indicator: 'ebi-rank', value: 3 })
    expect(await indicator('ebi-rank', 2017)).toMatchObject({
      percent: null,
      met: false,
      observed: { value: 3 },
    })
  })

  test('of the latest day of the year stand', async () => {
    await observe(online({ value: 6.9 }), online({ date: '2017-06-30', value: 6.1 }))
    expect(await indicator('online-retail-share', 2017)).toMatchObject({ percent: 6.9, met: false })
    expect(await indicator('online-retail-share', 2017, '2017-07-01')).toMatchObject({ percent: 6.1 })
  })

  test('are corrected by a revision, and what was said before is kept and listed', async () => {
    await observe(online())
    const head = await gateway.store.head()
    await observe(online())
    expect(await gateway.store.head()).toBe(head)
    expect((await observe(online({ value: 6.5, source: 'revised' }))).body.data[0].revision).toBe(2)
    expect(await indicator('online-retail-share', 2017)).toMatchObject({
      met: false,
      observed: { revision: 2 },
    })
    const { data } = await get('observations?indicator=online-retail-share')
    expect(data).toMatchObject([
      { date: '2017-12-31', value: 7.25, revision: 1, recordedAt: '2026-11-22T03:00:00.000Z' },
      { date: '2017-12-31', value: 6.5, revision: 2, source: 'revised' },
    ])
  })

  test('are listed page by page, by indicator', async () => {
    const days = ['2017-03-31', '2017-06-30', '2017-09-30']
    await observe(...days.map((date) => online({ date })), { ...online(), indicator: 'ebi-rank', value: 1 })
    const first = await get('observations?limit=3')
    const second = await get(`observations?limit=3&cursor=${first.nextCursor}`)
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([3, 1, null])
    expect((await get('observations?indicator=ebi-rank')).data.length).toBe(1)
  })

  test('of an own target are taken, too', async () => {
    await setTargets(accountsTarget)
    await observe({ ...online(), indicator: accountsTarget.indicator, date: '2025-12-31', value: 86.4 })
    expect(await indicator(accountsTarget.indicator, 2025)).toMatchObject({ percent: 86.4, met: true })
  })

  test('under an Idempotency-Key that comes late do not undo a correction', async () => {
    const late = { headers: { 'idempotency-key': 'first' } }
    await put('observations', { observations: [online()] }, late)
    await observe(online({ value: 6.5 }))
    await put('observations', { observations: [online()] }, late)
    expect(await indicator('online-retail-share', 2017)).toMatchObject({
      observed: { value: 6.5, revision: 2 },
    })
  })

  test.each<[string, object, string]>([
    ['an unknown indicator', { indicator: 'x' }, '/observations/0/indicator'],
    ['one that is measured here', { indicator: 'pos-acceptance-modern-retail' }, '/observations/0/indicator'],
    ['tomorrow', { date: '2026-11-23' }, '/observations/0/date'],
    ['a day that is none', { date: '2017-02-30' }, '/observations/0/date'],
    ['more than 100 percent', { value: 100.01 }, '/observations/0/value'],
    ['less than nothing', { value: -1 }, '/observations/0/value'],
    ['five decimals', { value: 7.12345 }, '/observations/0/value'],
    ['a value in words', { value: '7' }, '/observations/0/value'],
    ['half a rank', { indicator: 'ebi-rank', value: 1.5 }, '/observations/0/value'],
    ['rank zero', { indicator: 'ebi-rank', value: 0 }, '/observations/0/value'],
    ['no source', { source: '' }, '/observations/0/source'],
  ])('of %s are refused, and nothing of the list is recorded', async (_what, changes, pointer) => {
    expectRefused(
      await observe(online(changes), online({ date: '2016-12-31' })),
      'validation_failed',
      pointer,
    )
    expect((await get('observations')).data).toEqual([])
  })

  test('of one day twice in a list are refused', async () => {
    expectRefused(await observe(online(), online({ value: 1 })), 'validation_failed', '/observations/1/date')
  })
})
