// /v1/billers: who may have a bill profile, what one may say, and that the same again is nothing new.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fullProfile, plainProfile } from '../domain/bills/samples.ts'
import { openBiller } from '../support/billers.ts'
import { openShop, openTestGateway, operatorKey, type TestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let biller: { billerId: string; key: string }
beforeAll(async () => {
  gateway = await openTestGateway()
  biller = await openBiller(gateway)
})
afterAll(() => gateway.stop())

const put = (body: unknown, key = biller.key, headers = {}) =>
  gateway.call('PUT', `/v1/billers/${biller.billerId}`, { key, body, headers })
const get = (key = biller.key, id = biller.billerId) => gateway.call('GET', `/v1/billers/${id}`, { key })

test('a profile is set by the biller or an operator, and read by both', async () => {
  const set = await put(fullProfile, operatorKey)
  expect(set.status).toBe(200)
  expect(set.body).toEqual({ id: biller.billerId, profile: fullProfile, setAt: '2026-11-22T03:00:00.000Z' })
  for (const key of [biller.key, operatorKey]) expect((await get(key)).body).toEqual(set.body)
})

test('the same profile again records nothing, in whatever order its fields come', async () => {
  await put(fullProfile)
  const head = await gateway.store.head()
  const turned = Object.fromEntries(Object.entries(fullProfile).toReversed())
  expect((await put(turned)).status).toBe(200)
  expect(await gateway.store.head()).toBe(head)
})

test('what is not said is the strictest: exact, whole, and the biller bears the fee', async () => {
  expect((await put({ customerCode: { check: 'evn' } })).body.profile).toEqual(plainProfile)
})

test('a profile that was changed meanwhile is not overwritten', async () => {
  const { headers } = await put(plainProfile)
  await put(fullProfile)
  expectRefused(await put(plainProfile, biller.key, { 'if-match': headers.get('etag')! }), 'version_differs')
})

test('a shop has no bill profile', async () => {
  const { merchantId, key } = await openShop(gateway)
  const path = `/v1/billers/${merchantId}`
  expectRefused(await gateway.call('PUT', path, { key, body: plainProfile }), 'not_a_biller')
  expectRefused(await gateway.call('GET', path, { key }), 'not_found')
})

test("another merchant's is answered as one that does not exist", async () => {
  const { key } = await openShop(gateway)
  expectRefused(await get(key), 'not_found')
  expectRefused(await put(plainProfile, key), 'not_found')
  expectRefused(await get(operatorKey, 'mer_00000'), 'not_found')
})

describe('a profile is refused', () => {
  test.each([
    ['without a rule for codes', { customerCode: undefined }, '/customerCode'],
    ['with a regular expression', pattern('(a+)+$'), '/customerCode/patterns/0'],
    ['with no pattern', { customerCode: { check: 'patterns', patterns: [] } }, '/customerCode/patterns'],
    ['with a range turned round', range('10', '9', '1'), '/amountRule/max'],
    ['with a multiple of nothing', range('1', '9', '0'), '/amountRule/multiple'],
    ['with amounts with points', range('1.000', '9', '1'), '/amountRule/min'],
    ['with a rate that is a number', late({ percentPerDay: 0.03 }), '/lateFee/percentPerDay'],
    ['with days before the due date', late({ graceDays: -1 }), '/lateFee/graceDays'],
    [
      'with an order of nothing',
      { partialPayment: { allowed: false, order: 'late-fee-last' } },
      '/partialPayment/order',
    ],
    ['with a field that is not known', { color: 'red' }, '/color'],
  ])('%s', async (_what, change, pointer) => {
    const head = await gateway.store.head()
    expectRefused(await put({ ...fullProfile, ...change }), 'validation_failed', pointer)
    expect(await gateway.store.head()).toBe(head)
  })
})

function pattern(text: string) {
  return { customerCode: { check: 'patterns', patterns: [text] } }
}
function range(min: string, max: string, multiple: string) {
  return { amountRule: { exactness: 'RANGE', min, max, multiple } }
}
function late(change: object) {
  return { lateFee: { ...fullProfile.lateFee, ...change } }
}
