// Golden files: one per event type and version ever recorded. A name or a shape that changes by accident fails here.
import { expect, test } from 'vitest'
import type { Event } from '../../src/domain/core/decider.ts'
import type * as apiKey from '../../src/domain/merchants/apiKey.ts'
import {
  eventually,
  notificationFor,
  notify,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
} from '../support/gateway.ts'

/** Everything that can happen so far, once. */
async function story(): Promise<Map<string, Event>> {
  const gateway = await openTestGateway()
  const { call, clock, store } = gateway
  const shop = await openShop(gateway, { latePolicy: { mode: 'accept', graceSeconds: 60 } })
  const bank = await openBank(gateway)
  const pos = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN-1' }
  const terminal = await call('POST', '/v1/terminals', { key: shop.key, body: pos })
  const { activationCode } = terminal.body
  await call('POST', '/v1/terminals/activate', { body: { activationCode } })
  const sale = { siteId: shop.siteId, method: 'qr', amount: '125000', currency: 'VND' }
  const details = {
    terminalId: terminal.body.id,
    description: 'Hóa đơn',
    orderId: 'HD1',
    metadata: { till: '2' },
  }
  const sell = async () =>
    (await call('POST', '/v1/payments', { key: shop.key, body: { ...sale, ...details } })).body
  const whe = await call('POST', '/v1/webhook-endpoints', {
    key: shop.key,
    body: { url: 'http://127.0.0.1:9/hooks', events: ['credit.unapplied'] },
  })
  const hook = `/v1/webhook-endpoints/${whe.body.id}`
  const paid = await sell()
  await notify(gateway, bank, notificationFor(paid, 'FT1', clock.now))
  await notify(gateway, bank, notificationFor(paid, 'FT1', clock.now, { amount: '125001' }))
  await notify(gateway, bank, notificationFor(paid, 'FT2', clock.now))
  const messages = async () => (await call('GET', `${hook}/messages`, { key: shop.key })).body.data
  await eventually('there is a message to replay', async () => (await messages()).length > 0)
  await call('POST', `${hook}/replay`, { key: shop.key, body: { from: 1 } })
  await call('POST', `${hook}/rotate-secret`, { key: shop.key })
  await call('POST', `${hook}/disable`, { key: shop.key })
  await call('POST', `${hook}/enable`, { key: shop.key })
  await call('PUT', hook, { key: shop.key, body: { url: 'http://127.0.0.1:9/b', events: ['payment.paid'] } })
  const { id } = await sell()
  await call('POST', `/v1/payments/${id}/cancel`, { key: shop.key })
  const lapsed = await sell()
  clock.now = new Date(clock.now.getTime() + 1_000_000)
  const at = clock.now.toISOString()
  await gateway.services.gateway.payments.handle(lapsed.id, { type: 'ExpirePayment', data: { at } }, {})
  const revoke: apiKey.ApiKeyCommand = { type: 'RevokeKey', data: { revokedAt: at } }
  await gateway.services.gateway.keys.handle(`key_${shop.key.split('_')[1]}`, revoke, {})
  const answer = await call('GET', '/v1/unapplied-credits', { key: operatorKey })
  expect(answer.status).toBe(200)
  const events = await store.readAll('', 1_000)
  await gateway.stop()
  return new Map(events.toReversed().map(({ type, data }) => [type, { type, data }]))
}

/** Ids and ciphertext differ from run to run; their shape does not. */
const steady = (event: Event): string =>
  `${JSON.stringify(event, null, 2)
    .replace(/"(mer|sit|ter|con|key|pay|crd|whe)_[0-9A-Z]+"/g, '"$1_..."')
    .replace(
      /"(reference|terminalId|cardAcceptorId|secretHash|activationCodeHash|sealed|payload)": "(?!thin")[^"]+"/g,
      '"$1": "..."',
    )
    .replace(/"references": \[[^\]]*\]/g, '"references": ["..."]')
    .replace(/"events": \[\s+("[^"]+")\s+\]/g, '"events": [$1]')}\n`

const types = [
  'ConnectorRegistered',
  'CreditApplied',
  'CreditConflicted',
  'CreditReceived',
  'CreditUnapplied',
  'KeyIssued',
  'KeyRevoked',
  'MerchantRegistered',
  'PaymentCanceled',
  'PaymentExpired',
  'PaymentPaid',
  'PaymentRequested',
  'QrIssued',
  'SiteRegistered',
  'TerminalActivated',
  'TerminalRegistered',
  'WebhookEndpointChanged',
  'WebhookEndpointDisabled',
  'WebhookEndpointEnabled',
  'WebhookEndpointRegistered',
  'WebhookReplayRequested',
  'WebhookSecretRotated',
]

test('every event type has its golden file', async () => {
  const seen = await story()
  expect([...seen.keys()].sort()).toEqual(types)
  for (const [type, event] of seen) await expect(steady(event)).toMatchFileSnapshot(`events/${type}.v1.json`)
})
