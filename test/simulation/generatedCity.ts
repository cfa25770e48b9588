// A city by chance, written straight into the log: what was made up stays at hand, so that it can be counted without the read models.
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { type Random, seeded } from './random.ts'

export type MadeSite = {
  id: string
  merchantId: string
  sector: string
  district: string
  registeredOn: string
}
export type MadeTerminal = { siteId: string; kind: string; activatedOn?: string; revokedOn?: string }
export type MadePayment = {
  siteId: string
  method: 'qr' | 'card'
  amount: number
  askedOn: string
  paidOn?: string
  reversed: boolean
  end?: 'declined' | 'timed-out' | 'expired' | 'canceled'
  refunds: number
}
export type City = { sites: MadeSite[]; terminals: MadeTerminal[]; payments: MadePayment[] }

export const cityStart = '2026-01-01'
const days = 300
const sectors = ['supermarket', 'petrol-station', 'vending', 'market']
const districts = ['Ba Đình', 'Hoàn Kiếm', 'Hà Đông']

/** A business date some days after the start, and an instant in the middle of it. */
const dayAt = (offset: number): string =>
  new Date(Date.parse(`${cityStart}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10)
const noon = (day: string): string => `${day}T05:00:00.000Z`

export async function makeCity(
  store: EventStore,
  seed: number,
  size = { sites: 40, payments: 900 },
): Promise<City> {
  const random = seeded(seed)
  const city: City = { sites: [], terminals: [], payments: [] }
  for (let n = 0; n < size.sites; n++) await makeSite(store, random, city, n)
  for (let n = 0; n < size.payments; n++) await makePayment(store, random, city, n)
  return city
}

const write = (store: EventStore, stream: string, ...events: [string, object][]) =>
  store.append(
    stream,
    0,
    events.map(([type, data], index) => ({ type, data, id: `${stream}-${index}`, metadata: {} })),
  )

async function makeSite(store: EventStore, random: Random, city: City, n: number): Promise<void> {
  const merchantId = `mer_${n % 13}`
  const began = random.below(days / 2)
  const registeredOn = dayAt(began)
  const site = { sector: random.pick(sectors), district: random.pick(districts) }
  const id = `sit_${n}`
  city.sites.push({ id, merchantId, ...site, registeredOn })
  const body = {
    merchantId,
    name: `Site ${n}`,
    address: 'x',
    ...site,
    registeredAt: noon(registeredOn),
  }
  await write(store, `site-${id}`, ['SiteRegistered', body])
  for (let t = 0; t < random.below(3); t++) {
    const kind = random.pick(['pos', 'pos', 'vending', 'qr-display'])
    const terminal: MadeTerminal = { siteId: id, kind }
    const activated = began + random.below(days - began)
    if (!random.oneIn(3)) terminal.activatedOn = dayAt(activated)
    if (terminal.activatedOn && random.oneIn(3)) terminal.revokedOn = dayAt(activated + random.below(60))
    city.terminals.push(terminal)
    await write(
      store,
      `terminal-ter_${n}_${t}`,
      ['TerminalRegistered', { merchantId, siteId: id, kind, registeredAt: noon(registeredOn) }],
      ...(terminal.activatedOn
        ? [
            ['TerminalActivated', { keyId: 'key_1', activatedAt: noon(terminal.activatedOn) }] as [
              string,
              object,
            ],
          ]
        : []),
      ...(terminal.revokedOn
        ? [['TerminalRevoked', { revokedAt: noon(terminal.revokedOn) }] as [string, object]]
        : []),
    )
  }
}

async function makePayment(store: EventStore, random: Random, city: City, n: number): Promise<void> {
  const { id: siteId, merchantId } = random.pick(city.sites.slice(0, -5)) // five never sell
  const method = random.oneIn(3) ? 'card' : 'qr'
  const amount = [1, 7, 20, 49, 50, 125, 999, 1_000, 4_999][random.below(9)]! * 1_000
  const askedOn = dayAt(random.below(days))
  const money = { amount: String(amount), currency: 'VND' }
  const at = noon(askedOn)
  const where = { merchantId, siteId, method, amount: money, fee: { ...money, amount: '0' } }
  const made: MadePayment = { siteId, method, amount, askedOn, reversed: false, refunds: 0 }
  const events: [string, object][] = [
    ['PaymentRequested', { ...where, requestedAt: at, expiresAt: at, ...card }],
  ]
  const paid = { ...where, paidAt: at }
  if (random.oneIn(4)) {
    made.end =
      method === 'card'
        ? random.pick(['declined', 'timed-out'] as const)
        : random.pick(['expired', 'canceled'] as const)
    events.push(ends[made.end](at))
  } else {
    made.paidOn = askedOn
    events.push(['PaymentPaid', paid])
    if (method === 'card' && random.oneIn(6)) {
      made.reversed = true
      events.push(['PaymentReversed', { reversal: 1, reversedAt: at, undone: paid }])
    } else if (random.oneIn(10)) {
      made.refunds = 1
      events.push(['RefundCompleted', { transferId: `ref_${n}`, amount: money, completedAt: at }])
    }
  }
  city.payments.push(made)
  await write(store, `payment-pay_${n}`, ...events)
}

const card = {
  card: { first6: '411111', last4: '1111', token: 'tok_1' },
  capture: 'automatic',
  attemptId: 'a',
}

const ends: Record<NonNullable<MadePayment['end']>, (at: string) => [string, object]> = {
  declined: (at) => ['PaymentDeclined', { attemptId: 'a', responseCode: '05', declinedAt: at }],
  'timed-out': (at) => ['AuthorizationOutcomeUnknown', { attemptId: 'a', noticedAt: at }],
  expired: (at) => ['PaymentExpired', { endedAt: at, released: [] }],
  canceled: (at) => ['PaymentCanceled', { endedAt: at, released: [] }],
}
