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
  gateway.clock.now = new Date('2026-10-02T05:00:00.000Z')
  await openChain()
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

/** In September one chain takes up ten sites. */
async function openChain(): Promise<void> {
  const merchantId = 'mer_chain'
  const paidAt = '2026-09-15T05:00:00.000Z'
  const sale = { merchantId, method: 'qr', amount: { amount: '60000', currency: 'VND' } }
  for (let n = 0; n < 10; n++) {
    const site = { merchantId, name: 'B', sector: 'convenience', district: 'Ba Đình', address: 'x' }
    await write(`site-sit_chain_${n}`, [
      'SiteRegistered',
      { ...site, registeredAt: '2026-09-01T05:00:00.000Z' },
    ])
    const paid = { ...sale, siteId: `sit_chain_${n}`, fee: { amount: '0', currency: 'VND' }, paidAt }
    await write(`payment-chain_${n}`, ['PaymentPaid', paid])
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

test('terminals of one merchant are not shown per head, nor how long they were there', async () => {
  const named = async (key?: string) => {
    const { figures } = await get('figures?asOf=2026-08-31', key)
    return new Map(figures.map((figure: { figure: string }) => [figure.figure, figure]))
  }
  const [shown, exact] = [await named(), await named(operatorKey)]
  expect(shown.get('acceptance-active')).toMatchObject({ numerator: 7, denominator: 7, value: 100 })
  for (const figure of ['pos-per-100000-adults', 'pos-per-10000-people']) {
    expect(exact.get(figure)).toMatchObject({ numerator: 9 })
    expect(shown.get(figure)).toMatchObject({ numerator: null, value: null, suppressed: true })
  }
  expect(exact.get('terminal-uptime')).toMatchObject({ denominator: 9, value: 100 })
  expect(shown.get('terminal-uptime')).toMatchObject({ denominator: null, value: null, suppressed: true })
})

test('ten sites of one chain are one merchant: their cohort is hidden, that of seven merchants is shown', async () => {
  const { data } = await get('cohorts?asOf=2026-11-30')
  const nothing = { sites: null, percent: null, suppressed: true }
  expect(data).toMatchObject([
    { month: '2026-08', sites: 7, kept: [{ sites: 0 }, { sites: null, suppressed: false }] },
    { month: '2026-09', sites: null, suppressed: true, kept: [nothing, { sites: null, suppressed: false }] },
  ])
  expect((await get('cohorts?asOf=2026-11-30', operatorKey)).data[1]).toMatchObject({ sites: 10 })
})
