// Golden files: one per event type and version ever recorded. A name or a shape that changes by accident fails here.
import { expect, test } from 'vitest'
import type { Event } from '../../src/domain/core/decider.ts'
import type * as apiKey from '../../src/domain/merchants/apiKey.ts'
import {
  ask,
  type Bank,
  eventually,
  notificationFor,
  notify,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  type TestGateway,
} from '../support/gateway.ts'
import { endDay } from '../support/seals.ts'

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
  const paid = await sell()
  await notify(gateway, bank, notificationFor(paid, 'FT1', clock.now))
  await notify(gateway, bank, notificationFor(paid, 'FT1', clock.now, { amount: '125001' }))
  await notify(gateway, bank, notificationFor(paid, 'FT2', clock.now))
  await notify(gateway, bank, { ...notificationFor(paid, 'FT3', clock.now), amount: 5 }) // cannot be read
  await rematchLater(gateway, bank, await sell())
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
  await endDay(gateway)
  const events = await store.readAll('', 1_000)
  await gateway.stop()
  return new Map(events.toReversed().map(({ type, data }) => [type, { type, data }]))
}

/** Money whose words named no payment, until a later parser read them. */
async function rematchLater(
  gateway: TestGateway,
  bank: Bank,
  payment: { amount: string; reference: string },
) {
  const { credits } = gateway.services.gateway
  const nameless = notificationFor(payment, 'FT4', gateway.clock.now, { content: 'tien hang' })
  const { creditId } = (await notify(gateway, bank, nameless)).body
  const data = { references: [payment.reference], rereadAt: gateway.clock.now.toISOString() }
  await credits.handle(creditId, { type: 'RereadCredit', data }, {})
  await eventually('it is matched', async () => {
    const { state } = await credits.load(creditId)
    return state.status !== 'new' && state.matchedTo !== undefined
  })
}

/** Ids and ciphertext differ from run to run; their shape does not. */
const steady = (event: Event): string =>
  `${JSON.stringify(event, null, 2)
    .replace(/"(mer|sit|ter|con|key|pay|crd)_[0-9A-Z]+"/g, '"$1_..."')
    .replace(
      /"(reference|terminalId|cardAcceptorId|secretHash|activationCodeHash|sealed|payload|payUrl|root|signature|lastPosition)": "[^"]+"/g,
      '"$1": "..."',
    )
    .replace(/"count": \d+/, '"count": 0') // a seal counts the story, which grows with every kind of event
    .replace(/"references": \[[^\]]*\]/g, '"references": ["..."]')}\n`

const types = [
  'ConnectorRegistered',
  'CreditApplied',
  'CreditConflicted',
  'CreditMatched',
  'CreditReceived',
  'CreditReread',
  'CreditUnapplied',
  'DaySealed',
  'KeyIssued',
  'KeyRevoked',
  'MerchantRegistered',
  'NotificationSetAside',
  'PaymentCanceled',
  'PaymentExpired',
  'PaymentPaid',
  'PaymentRequested',
  'QrIssued',
  'SiteRegistered',
  'TerminalActivated',
  'TerminalRegistered',
]

test('every event type has its golden file', async () => {
  const seen = await story()
  expect([...seen.keys()].sort()).toEqual(types)
  for (const [type, event] of seen) await expect(steady(event)).toMatchFileSnapshot(`events/${type}.v1.json`)
})

test('what a payment through a provider adds to them', async () => {
  const gateway = await openTestGateway()
  const { call, store } = gateway
  const shop = await openShop(gateway)
  const connector = { kind: 'vnpay', name: 'VNPAY', tmnCode: 'TESTTMN1', hashSecret: 'secret' }
  const before = await store.head()
  const { id: connectorId } = (await call('POST', '/v1/connectors', { key: operatorKey, body: connector }))
    .body
  await ask(gateway, shop, { connectorId })
  const events = await store.readAll(before, 10)
  await gateway.stop()
  expect(events.map(({ type }) => type)).toEqual(['ConnectorRegistered', 'PaymentRequested', 'QrIssued'])
  for (const { type, data } of events)
    await expect(steady({ type, data })).toMatchFileSnapshot(`events/${type}.v1.provider.json`)
})
