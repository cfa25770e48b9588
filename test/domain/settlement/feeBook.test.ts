// Which terms a payment is asked for under: the closest plan, by the day, known by heart for a moment.
import { beforeEach, describe, expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../../src/domain/gateway.ts'
import { type FeeBook, feeBook } from '../../../src/domain/settlement/feeBook.ts'
import { type DatedFeePlan, feePlansId } from '../../../src/domain/settlement/feePlans.ts'
import type { Volume } from '../../../src/domain/settlement/feeVolume.ts'

let clock: Date
let store: EventStore
let gateway: Gateway
let book: FeeBook
let counts: string[]
let count: () => Promise<readonly Volume[]>
let reads: number

const volume = (amount: string): readonly Volume[] => [{ method: 'qr', amount: { amount, currency: 'VND' } }]

beforeEach(() => {
  clock = new Date('2026-11-22T03:00:00Z')
  const inner = memoryEventStore({ now: () => clock })
  reads = 0
  store = {
    ...inner,
    read: (...asked) => {
      reads += 1
      return inner.read(...asked)
    },
  }
  let id = 0
  gateway = openGateway({
    store,
    newEventId: () => `event-${++id}`,
    cache: { get: () => undefined, set: () => {} },
  })
  counts = []
  count = async () => volume('1000')
  book = another()
})

const another = (): FeeBook =>
  feeBook({
    ...gateway,
    now: () => clock,
    volumesIn: (merchantId, month) => {
      counts.push(`${merchantId} ${month}`)
      return count()
    },
    failed: (error) => counts.push(String(error)),
  })

const plan = (rate: string, changes: Partial<DatedFeePlan> = {}): DatedFeePlan => ({
  currency: 'VND',
  effectiveFrom: '2026-11-01',
  rate,
  fixed: '0',
  ...changes,
})
async function set(owner: string, ...plans: DatedFeePlan[]): Promise<void> {
  const data = { plans, at: clock.toISOString() }
  await gateway.feePlans.handle(feePlansId(owner, 'qr'), { type: 'SetFeePlans', data }, {})
}
const free = { rate: '0', fixed: '0' }
const shop = (feePlan = free) => ({ merchantId: 'mer_7K3MA', sector: 'supermarket', feePlan }) as const
const termsFor = async (feePlan = free, currency = 'VND') => book.termsFor(shop(feePlan), 'qr', currency)
const rateOf = async (feePlan = free) => (await termsFor(feePlan)).terms.rate

describe('the closest plan counts:', () => {
  test('everybody’s, the sector’s, what was agreed at registration, the merchant’s own', async () => {
    expect(await termsFor()).toMatchObject({ terms: free, planned: false })
    const seen: string[] = []
    for (const [owner, rate] of [
      ['default', '1'],
      ['petrol-station', '9'],
      ['mer_9QZXW', '8'],
      ['supermarket', '2'],
    ] as const) {
      await set(owner, plan(rate))
      book.forget()
      seen.push(await rateOf())
    }
    expect(seen).toEqual(['1', '1', '1', '2'])
    book.forget()
    const agreed = { rate: '0', fixed: '700' }
    expect(await termsFor(agreed)).toMatchObject({ terms: agreed, planned: false })
    await set('mer_7K3MA', plan('4'))
    book.forget()
    expect(await termsFor(agreed)).toMatchObject({ terms: { rate: '4', fixed: '0' }, planned: true })
  })

  test('what was agreed at registration counts where it charges anything; its fixed part is in đồng', async () => {
    await set('default', plan('1'), plan('1', { currency: 'USD' }))
    expect(await rateOf({ rate: '0.00', fixed: '000' })).toBe('1')
    book.forget()
    const agreed = { rate: '0.5', fixed: '700' }
    expect((await termsFor(agreed)).terms).toEqual(agreed)
    expect((await termsFor(agreed, 'USD')).terms).toEqual({ rate: '0.5', fixed: '0' })
    book.forget()
    expect((await termsFor({ rate: '0', fixed: '700' }, 'USD')).terms.rate).toBe('1')
  })

  test('of another method or currency says nothing', async () => {
    await set('default', plan('1', { currency: 'USD' }))
    expect(await rateOf()).toBe('0')
    expect((await termsFor(free, 'USD')).terms.rate).toBe('1')
    expect((await book.termsFor(shop(), 'card', 'USD')).terms.rate).toBe('0')
  })
})

test('a plan begins with its first day in Vietnam and ends with its last', async () => {
  await set('default', plan('1', { effectiveTo: '2026-11-22' }), plan('2', { effectiveFrom: '2026-11-23' }))
  const at = async (instant: string) => {
    clock = new Date(instant)
    return rateOf()
  }
  expect(await at('2026-10-31T16:59:59.999Z')).toBe('0')
  expect(await at('2026-10-31T17:00:00.000Z')).toBe('1')
  expect(await at('2026-11-22T16:59:59.999Z')).toBe('1')
  expect(await at('2026-11-22T17:00:00.000Z')).toBe('2')
})

test('what is known is not looked up; another gateway’s change is seen within five seconds', async () => {
  await set('default', plan('1'))
  expect(await rateOf()).toBe('1')
  const before = reads
  for (let times = 0; times < 100; times++) await rateOf()
  expect(reads).toBe(before)
  await set('default', plan('2'))
  clock = new Date(clock.getTime() + 4_999)
  expect(await rateOf()).toBe('1')
  clock = new Date(clock.getTime() + 1)
  expect(await rateOf()).toBe('2')
})

describe('tiers', () => {
  const tiered = plan('1', { tiers: [{ volumeFrom: '1000', rate: '0.5', fixed: '0' }] })
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
  const volumes = async () =>
    (await store.readAll('', 100)).filter(({ type }) => type === 'FeeVolumeRecorded').map(({ data }) => data)

  test('look at the volume of the month before, recorded by the first who asks in a month', async () => {
    await set('default', tiered)
    expect(await rateOf()).toBe('1') // nothing is recorded yet
    await settled()
    expect(counts).toEqual(['mer_7K3MA 2026-10'])
    expect(await volumes()).toEqual([{ month: '2026-10', volumes: volume('1000'), at: clock.toISOString() }])
    book.forget()
    expect(await rateOf()).toBe('0.5')
    expect(counts).toHaveLength(1)
  })

  test('go by what was recorded last until there is more, and two gateways record it once', async () => {
    await set('default', tiered)
    await rateOf()
    await settled()
    clock = new Date('2026-12-01T00:00:00Z')
    count = async () => volume('999')
    const both = [book, another()].map((one) => one.termsFor(shop(), 'qr', 'VND'))
    expect((await Promise.all(both)).map(({ terms }) => terms.rate)).toEqual(['0.5', '0.5'])
    await settled()
    expect(counts).toEqual(['mer_7K3MA 2026-10', 'mer_7K3MA 2026-11', 'mer_7K3MA 2026-11'])
    expect(await volumes()).toHaveLength(2)
    book.forget()
    expect(await rateOf()).toBe('1')
  })

  test('hold up nobody where the volume cannot be counted; it is tried again', async () => {
    await set('default', tiered)
    count = async () => {
      throw new Error('behind')
    }
    expect(await rateOf()).toBe('1')
    await settled()
    expect(counts).toEqual(['mer_7K3MA 2026-10', 'Error: behind'])
    count = async () => volume('1000')
    book.forget()
    await rateOf()
    await settled()
    expect(await volumes()).toHaveLength(1)
  })

  test('a plan without tiers counts no volume', async () => {
    await set('default', plan('1'))
    await rateOf()
    expect(counts).toEqual([])
  })
})
