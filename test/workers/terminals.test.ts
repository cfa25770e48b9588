// A terminal's id does not name its merchant: its object is found all the same, and answers to the terminal's own key.
import { beforeAll, expect, test, vi } from 'vitest'
import { call, openShop, operatorKey } from './edge.ts'

let shop: Awaited<ReturnType<typeof openShop>>
beforeAll(async () => {
  shop = await openShop()
})

test('it is activated by its code alone, once, and sells with its key', async () => {
  const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN1' }
  const terminal = await call('POST', '/v1/terminals', { key: shop.key, body })
  expect(terminal.status).toBe(201)
  const { id, activationCode } = terminal.body
  const activated = await vi.waitFor(async () => {
    const answer = await call('POST', '/v1/terminals/activate', { body: { activationCode } })
    expect(answer.status).toBe(200) // once the network has heard of it
    return answer.body
  })
  expect(activated.id).toBe(id)
  const again = await call('POST', '/v1/terminals/activate', { body: { activationCode } })
  expect(again.status).toBe(409)
  const sold = await call('POST', '/v1/payments', {
    key: activated.apiKey,
    body: { siteId: shop.siteId, terminalId: id, method: 'qr', amount: '5000', currency: 'VND' },
  })
  expect([sold.status, sold.body.terminalId]).toEqual([201, id])
  const read = await call('GET', `/v1/terminals/${id}`, { key: shop.key })
  expect([read.status, read.body.id]).toEqual([200, id])
})

test('a code of no terminal is refused', async () => {
  const answer = await call('POST', '/v1/terminals/activate', {
    body: { activationCode: 'ZZZZZZZZ-ZZZZZZZZ' },
  })
  expect(answer.status).toBe(404)
})

test.each(['/console', '/v1/reconciliations', '/docs'])(
  '%s says that it is not at the edge',
  async (path) => {
    const answer = await call('GET', path, { key: operatorKey })
    expect([answer.status, answer.body.code]).toEqual([501, 'not_at_the_edge'])
  },
)

test('what each merchant has of its own wants a merchant named', async () => {
  const answer = await call('GET', '/v1/settlements', { key: operatorKey })
  expect([answer.status, answer.body.code]).toEqual([501, 'not_at_the_edge'])
  const named = await call('GET', '/v1/settlements', {
    key: operatorKey,
    headers: { 'merchant-id': shop.merchantId },
  })
  expect([named.status, named.body.data]).toEqual([200, []])
})
