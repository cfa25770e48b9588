// Figures of few merchants over HTTP: where a figure is of one or two of seven, the public does not get it, in whatever answer it stands.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestGateway, operatorKey } from '../support/gateway.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let written = 0

const write = (stream: string, ...events: [string, object][]) =>
  gateway.store.append(
    stream,
    0,
    events.map(([type, data]) => ({ type, data, id: `few-${written++}`, metadata: {} })),
  )

const card = { first6: '411111', last4: '1111', token: 'tok_1' }

/** In August seven restaurants sell: six by QR, the seventh by card, on nine terminals of which nobody else has any. */
beforeAll(async () => {
  gateway = await openTestGateway({ disclosure: 'on' })
  gateway.clock.now = new Date('2026-09-05T05:00:00.000Z')
  for (let n = 0; n < 7; n++) await openRestaurant(n, n === 6)
  gateway.clock.now = new Date('2026-12-25T05:00:00.000Z')
  await gateway.settled()
})
afterAll(() => gateway.stop())

async function openRestaurant(n: number, takesCards: boolean): Promise<void> {
  const [merchantId, siteId] = [`mer_${n}`, `sit_${n}`]
  const site = { name: 'A', sector: 'restaurant', district: 'Ba Đình', address: 'x' }
  const registeredAt = '2026-06-01T05:00:00.000Z'
  await write(`site-${siteId}`, ['SiteRegistered', { merchantId, ...site, registeredAt }])
  for (let terminal = 0; terminal < (takesCards ? 9 : 0); terminal++)
    await write(
      `terminal-ter_${terminal}`,
      ['TerminalRegistered', { merchantId, siteId, kind: 'pos', registeredAt }],
      ['TerminalActivated', { keyId: 'key_1', activatedAt: '2026-06-02T05:00:00.000Z' }],
      ['TerminalSeen', { seenAt: '2026-08-10T05:00:00.000Z' }],
    )
  const at = '2026-08-15T05:00:00.000Z'
  const fee = { amount: '0', currency: 'VND' }
  for (let sale = 0; sale < (takesCards ? 37 : 50); sale++) {
    const amount = { amount: String(50_000 + sale * 100), currency: 'VND' }
    const payment = { merchantId, siteId, method: takesCards ? 'card' : 'qr', amount, fee }
    const byCard = takesCards && { card, capture: 'automatic', attemptId: 'a' }
    await write(
      `payment-${n}_${sale}`,
      ['PaymentRequested', { ...payment, ...byCard, requestedAt: at, expiresAt: at }],
      ['PaymentPaid', { ...payment, paidAt: at }],
    )
  }
}

const get = async (path: string, key?: string) =>
  (await gateway.call('GET', `/v1/statistics/${path}`, key === undefined ? {} : { key })).body

test('rates do not tell how many payments of a hidden method there were', async () => {
  const { currencies, rates } = await get('transactions?month=2026-08')
  expect(currencies).toMatchObject([
    { count: 337, 'method-mix': [{ suppressed: true }, { suppressed: true }] },
  ])
  const hidden = { numerator: null, denominator: null, percent: null, suppressed: true }
  expect(rates.map(({ figure }: { figure: string }) => figure)).toEqual([
    'card-decline-rate',
    'card-timeout-rate',
    'qr-expiry-rate',
    'qr-cancel-rate',
    'refund-rate',
  ])
  expect(rates.slice(0, 4)).toMatchObject([hidden, hidden, hidden, hidden])
  expect(rates[4]).toMatchObject({ numerator: 0, denominator: 337 })
  const exact = await get('transactions?month=2026-08', operatorKey)
  expect(exact.rates.map(({ denominator }: { denominator: number }) => denominator)).toEqual([
    37, 37, 300, 300, 337,
  ])
})

test('a rate of nothing is shown: there is nothing to hide', async () => {
  const { rates } = await get('transactions?month=2026-07')
  for (const rate of rates) expect(rate).toMatchObject({ numerator: 0, denominator: 0, percent: null })
})
