// Paths and methods that nothing answers: 404, 405 with what is allowed, and sensible HEAD and OPTIONS.
import { afterAll, describe, expect, test } from 'vitest'
import { openTestGateway, operatorKey } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
afterAll(() => gateway.stop())

test.each([
  '/v1',
  '/v1/',
  '/v1/nothing',
  '/v1/payments/',
  '/v2/payments',
  '/v1/payments/x/y',
  '/V1/payments',
  '//v1/payments',
  '/v1/payments/x/qrXsvg',
  '/v1/%2e%2e/payments',
  '/.env',
])('%s is 404', async (path) => {
  expectRefused(await gateway.call('GET', path, { key: operatorKey }), 'not_found')
})

describe('a path that exists, under a method that it does not take, is 405 with those it takes:', () => {
  test.each([
    ['DELETE', '/v1/payments', ['POST', 'GET', 'HEAD']],
    ['PATCH', '/v1/payments/pay_7K3MA9QZXW4F2P8R60', ['GET', 'HEAD']],
    ['GET', '/v1/payments/pay_7K3MA9QZXW4F2P8R60/cancel', ['POST']],
    ['HEAD', '/v1/sandbox/pay', ['POST']],
    ['PUT', '/v1/merchants', ['POST', 'GET', 'HEAD']],
    ['POST', '/healthz', ['GET', 'HEAD']],
    ['PROPFIND', '/v1/takings', ['GET', 'HEAD']],
  ])('%s %s', async (method, path, allowed) => {
    const answer = await gateway.call(method, path, { key: operatorKey })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed.toSorted())
    if (method !== 'HEAD') expectRefused(answer, 'method_not_allowed')
  })
})

test('OPTIONS says what a path takes', async () => {
  const answer = await gateway.call('OPTIONS', '/v1/payments')
  expect([answer.status, answer.text]).toEqual([204, ''])
  expect(answer.headers.get('allow')).toBe('POST, GET, HEAD')
  expectRefused(await gateway.call('OPTIONS', '/nothing'), 'not_found')
})

test('HEAD answers as GET without the body', async () => {
  for (const path of ['/healthz', '/v1/statistics/indicators', '/v1/payments']) {
    const [head, get] = [await gateway.call('HEAD', path), await gateway.call('GET', path)]
    expect([head.status, head.text]).toEqual([get.status, ''])
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
  }
})
