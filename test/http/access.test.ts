// Keys and roles: who may call what, and that nobody sees what is another's.
import { afterAll, describe, expect, test } from 'vitest'
import {
  ask,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  shopSite,
  supermarket,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
const other = await openShop(gateway)
const terminal = await openTerminal(gateway, shop)
const payment = await ask(gateway, shop)
afterAll(() => gateway.stop())

describe('without a valid key', () => {
  const wrong = (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
  const headers: [string, () => Record<string, string>][] = [
    ['no Authorization', () => ({})],
    ['another scheme', () => ({ authorization: `Basic ${btoa(`${shop.key}:`)}` })],
    ['the key without a scheme', () => ({ authorization: shop.key })],
    ['a key with one character changed', () => ({ authorization: `Bearer ${wrong(shop.key)}` })],
    [
      'a key that was never issued',
      () => ({ authorization: `Bearer tn_${'0'.repeat(16)}_${'0'.repeat(32)}` }),
    ],
    ['the operator key with something after it', () => ({ authorization: `Bearer ${operatorKey}0` })],
    ['half a key', () => ({ authorization: `Bearer ${shop.key.slice(0, 19)}` })],
    ['an endless key', () => ({ authorization: `Bearer ${'A'.repeat(5_000)}` })],
    ['an empty key', () => ({ authorization: 'Bearer ' })],
  ]
  test.each(headers)('%s is 401 and says how to authenticate', async (_what, make) => {
    const answer = await gateway.call('GET', '/v1/payments', { headers: make() })
    expectRefused(answer, 'unauthorized')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('the body is not looked at', async () => {
    expectRefused(await gateway.call('POST', '/v1/payments', { body: '{"broken' }), 'unauthorized')
  })
})

test('the scheme is read in any case', async () => {
  const answer = await gateway.call('GET', '/v1/payments', {
    headers: { authorization: `bearer ${shop.key}` },
  })
  expect(answer.status).toBe(200)
})

test('a revoked key is 401 from the next request on', async () => {
  const { key } = await openShop(gateway)
  expect((await gateway.call('GET', '/v1/payments', { key })).status).toBe(200)
  const keyId = `key_${key.slice(3, 19)}`
  const revoke = { type: 'RevokeKey', data: { revokedAt: '2026-11-22T03:00:00.000Z' } } as const
  expect(await gateway.services.gateway.keys.handle(keyId, revoke, {})).toMatchObject({ ok: true })
  expectRefused(await gateway.call('GET', '/v1/payments', { key }), 'unauthorized')
})

describe('a role does only what is its own', () => {
  const keyOf = { operator: () => operatorKey, merchant: () => shop.key, terminal: () => terminal.key }
  const forbidden: [keyof typeof keyOf, string, string][] = [
    ['merchant', 'POST', '/v1/merchants'],
    ['terminal', 'POST', '/v1/merchants'],
    ['operator', 'POST', '/v1/sites'],
    ['terminal', 'POST', '/v1/sites'],
    ['operator', 'POST', '/v1/terminals'],
    ['terminal', 'POST', '/v1/terminals'],
    ['terminal', 'GET', '/v1/terminals'],
    ['operator', 'POST', '/v1/terminals/ter_9QZXW4F2/rotate-key'],
    ['merchant', 'POST', '/v1/terminals/ter_9QZXW4F2/heartbeat'],
    ['operator', 'POST', '/v1/terminals/ter_9QZXW4F2/heartbeat'],
    ['operator', 'GET', '/v1/terminals/ter_9QZXW4F2/stream'],
    ['terminal', 'POST', '/v1/terminals/ter_9QZXW4F2/block'],
    ['terminal', 'POST', '/v1/terminals/ter_9QZXW4F2/unblock'],
    ['terminal', 'POST', '/v1/terminals/ter_9QZXW4F2/revoke'],
    ['merchant', 'POST', '/v1/connectors'],
    ['terminal', 'POST', '/v1/connectors'],
    ['operator', 'POST', '/v1/payments'],
    ['operator', 'POST', '/v1/payments/pay_7K3MA9QZXW4F2P8R60/cancel'],
    ['terminal', 'GET', '/v1/payments/pay_7K3MA9QZXW4F2P8R60/events'],
    ['terminal', 'GET', '/v1/unapplied-credits'],
    ['merchant', 'POST', '/v1/keys'],
    ['terminal', 'POST', '/v1/keys'],
    ['merchant', 'PUT', '/v1/establishments'],
    ['terminal', 'PUT', '/v1/establishments'],
    ['merchant', 'GET', '/v1/establishments'],
    ['terminal', 'GET', '/v1/establishments/uploads'],
    ['merchant', 'GET', '/v1/establishments/doubtful-links'],
    ['merchant', 'POST', '/v1/establishments/est_7K3MA9QZXW4F2P8R607K3MA9QZ/links'],
    ['merchant', 'PUT', '/v1/targets'],
    ['terminal', 'PUT', '/v1/targets'],
    ['merchant', 'PUT', '/v1/observations'],
    ['terminal', 'PUT', '/v1/observations'],
    ['terminal', 'POST', '/v1/billers/mer_7K3MA/customers/forget'],
    ['terminal', 'GET', '/v1/complaints'],
    ['terminal', 'POST', '/v1/traces'],
    ['terminal', 'GET', '/v1/traces'],
    ['terminal', 'GET', '/v1/reports/payments.csv'],
    ['terminal', 'POST', '/v1/complaints/cpl_7K3MA9QZXW4F2P8R607K3MA9QZ/resolve'],
    ['terminal', 'POST', '/v1/complaints/cpl_7K3MA9QZXW4F2P8R607K3MA9QZ/reject'],
    ['operator', 'POST', '/v1/mandates'],
    ['terminal', 'POST', '/v1/mandates'],
    ['terminal', 'GET', '/v1/mandates/man_7K3MA9QZXW4F2P8R'],
    ['operator', 'POST', '/v1/mandates/man_7K3MA9QZXW4F2P8R/cancel'],
    ['operator', 'POST', '/v1/bills'],
    ['operator', 'GET', '/v1/bills'],
    ['terminal', 'POST', '/v1/bills'],
    ['terminal', 'GET', '/v1/billers/mer_7K3MA'],
    ['operator', 'GET', '/v1/takings'],
    ['terminal', 'GET', '/v1/takings'],
    ['merchant', 'PUT', '/v1/fee-plans/market/qr'],
    ['terminal', 'GET', '/v1/fee-plans/market/qr'],
    ['merchant', 'GET', '/v1/ledger/trial-balance'],
    ['terminal', 'GET', '/v1/ledger/trial-balance'],
    ['terminal', 'GET', '/v1/ledger/accounts/merchant_payable/statement'],
  ]
  test.each(forbidden)('%s: %s %s is 403', async (role, method, path) => {
    const body = method === 'POST' ? {} : undefined
    expectRefused(await gateway.call(method, path, { key: keyOf[role](), body }), 'forbidden')
  })
})

describe("another merchant's", () => {
  const calls: [string, string, () => string][] = [
    ['payment', 'GET', () => `/v1/payments/${payment.id}`],
    ['events', 'GET', () => `/v1/payments/${payment.id}/events`],
    ['cancel', 'POST', () => `/v1/payments/${payment.id}/cancel`],
    ['site', 'GET', () => `/v1/sites/${shop.siteId}`],
    ['terminal', 'GET', () => `/v1/terminals/${terminal.id}`],
    ['uptime', 'GET', () => `/v1/terminals/${terminal.id}/uptime`],
    ['batches', 'GET', () => `/v1/terminals/${terminal.id}/batches`],
    ['rotation', 'POST', () => `/v1/terminals/${terminal.id}/rotate-key`],
    ['block', 'POST', () => `/v1/terminals/${terminal.id}/block`],
    ['unblock', 'POST', () => `/v1/terminals/${terminal.id}/unblock`],
    ['revocation', 'POST', () => `/v1/terminals/${terminal.id}/revoke`],
    ['merchant', 'GET', () => `/v1/merchants/${shop.merchantId}`],
  ]
  test.each(calls)('%s is answered exactly as one that does not exist', async (_what, method, path) => {
    const body = method === 'POST' ? {} : undefined
    const head = await gateway.store.head()
    const answer = await gateway.call(method, path(), { key: other.key, body })
    expectRefused(answer, 'not_found')
    expect((await gateway.call(method, path(), { key: shop.key, body })).status).toBe(200)
    if (method === 'GET') expect(await gateway.store.head()).toBe(head)
    const nowhere = path().replace(
      /[^_/]{5}(?=$|\/(events|cancel|uptime|batches|rotate-key|block|unblock|revoke)$)/,
      '00000',
    )
    const missing = await gateway.call(method, nowhere, { key: other.key, body })
    expect(missing.text).toBe(answer.text)
  })

  test('payments are not in the list, whatever the filter', async () => {
    await gateway.settled()
    for (const query of ['', `?siteId=${shop.siteId}`, '?status=canceled'])
      expect((await gateway.call('GET', `/v1/payments${query}`, { key: other.key })).body.data).toEqual([])
  })

  test('site cannot be sold at', async () => {
    const body = { siteId: shop.siteId, method: 'qr', amount: '1000', currency: 'VND' }
    const answer = await gateway.call('POST', '/v1/payments', { key: other.key, body })
    expectRefused(answer, 'validation_failed', '/siteId')
  })

  test('terminal cannot be named', async () => {
    const body = {
      siteId: other.siteId,
      method: 'qr',
      amount: '1000',
      currency: 'VND',
      terminalId: terminal.id,
    }
    const answer = await gateway.call('POST', '/v1/payments', { key: other.key, body })
    expectRefused(answer, 'validation_failed', '/terminalId')
  })
})

test('no key, activation code or connector secret is in the log or in the files beside it', async () => {
  const mine = await openTestGateway()
  const secrets: string[] = []
  const keep = (...texts: string[]) => secrets.push(...texts.map((text) => text.split(/[_-]/).at(-1)!))
  const merchant = await mine.call('POST', '/v1/merchants', { key: operatorKey, body: supermarket })
  const key = merchant.body.apiKey
  const site = await mine.call('POST', '/v1/sites', { key, body: shopSite })
  const body = { siteId: site.body.id, kind: 'pos', serialNumber: 'SN' }
  const { activationCode } = (await mine.call('POST', '/v1/terminals', { key, body })).body
  const { apiKey } = (await mine.call('POST', '/v1/terminals/activate', { body: { activationCode } })).body
  const bank = await openBank(mine)
  keep(key, activationCode, apiKey, bank.secret, operatorKey)
  const sale = await ask(mine, { key, siteId: site.body.id, merchantId: merchant.body.id })
  await pay(mine, bank, sale, 'tx-1')
  await mine.settled()

  const log = JSON.stringify(await mine.store.readAll('', 10_000))
  const files = await mine.written()
  await mine.stop()
  expect(log).toContain(sale.id) // what is looked through is what was written
  expect(files.includes(sale.id)).toBe(true)
  expect(secrets.every((secret) => secret.length >= 5)).toBe(true)
  for (const secret of secrets) {
    expect(log).not.toContain(secret)
    expect(files.includes(secret)).toBe(false)
  }
})
