// Questions about many values: a Durable Object's SQL takes 100 in one statement, and the answers are whole all the same.
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { ReadModels } from '../../projections/readModels.ts'
import { objectReadModels } from '../../src/adapters/durable-object/readModels.ts'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { addDays } from '../../src/domain/core/businessDay.ts'
import type { NewEvent } from '../../src/domain/core/eventStore.ts'
import { call, operatorKey } from './edge.ts'

const many = 150
const merchantId = 'mer_7K3MA'
const vnd = (amount: string) => ({ amount, currency: 'VND' })
const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_one, number) => make(number))

/** What read models in an object of their own answer, once they have counted the events. */
async function answer<T>(
  object: string,
  streams: Readonly<Record<string, readonly NewEvent[]>>,
  question: (queries: ReadModels) => Promise<T>,
): Promise<T> {
  const store = memoryEventStore({ now: () => new Date() })
  for (const [stream, events] of Object.entries(streams)) await store.append(stream, 0, events)
  const events = await store.readAll('', 10_000)
  return runInDurableObject(env.MERCHANTS.getByName(object), (_object, { storage }) => {
    const { queries, projector } = objectReadModels(storage)
    projector('these').apply(events)
    return question(queries)
  })
}

test('a registry of 150 tax codes is taken, and each one that has another license is named', async () => {
  const file = (license: string) =>
    [
      'licenseNumber,name,taxCode,sector,district,openedOn,closedOn',
      ...numbered(
        many,
        (n) => `${license}-${n},Cửa hàng,${1_000_000_000 + n},supermarket,Ba Đình,2015-01-01,`,
      ),
    ].join('\n')
  const upload = (license: string) =>
    call('PUT', '/v1/establishments', {
      key: operatorKey,
      body: file(license),
      headers: { 'content-type': 'text/csv' },
    })
  const first = await upload('FIRST')
  expect([first.status, first.body.counts.registered]).toEqual([200, many])
  const second = await upload('SECOND')
  expect(second.body.warnings).toEqual(
    numbered(many, (n) => ({
      line: n + 2,
      pointer: '/taxCode',
      detail: `Also registered as FIRST-${n}.`,
    })),
  )
})

test('adopters are counted over 760 days on each of which a site was paid for the first time', async () => {
  const days = 760 // the longest that is asked for: 730 days, from the first of a month
  const dayOf = (number: number) => addDays('2024-11-01', number)
  const streams = Object.fromEntries(
    numbered(days, (n): [string, NewEvent[]][] => {
      const siteId = `sit_${n}`
      const where = { merchantId, siteId, method: 'qr', amount: vnd('1000'), fee: vnd('10') }
      const site = { merchantId, name: 'Một', sector: 'supermarket', district: 'Ba Đình', address: '' }
      const registered = { ...site, registeredAt: '2024-10-01T03:00:00.000Z' }
      const paid = (id: string, day: string): NewEvent => ({
        ...{ type: 'PaymentPaid', id, metadata: {} },
        data: { ...where, paidAt: `${day}T03:00:00.000Z` },
      })
      return [
        [`site-${siteId}`, [{ type: 'SiteRegistered', data: registered, id: `${siteId}-0`, metadata: {} }]],
        [
          `payment-pay_${n}`,
          [paid(`${siteId}-1`, dayOf(n)), ...(n % 2 === 0 ? [paid(`${siteId}-2`, dayOf(n + 30))] : [])],
        ],
      ]
    }).flat(),
  )
  const found = await answer('adopters', streams, ({ adopters }) => adopters(dayOf(0), dayOf(days)))
  expect(found).toEqual(
    numbered(days, (n) => ({ firstPaidOn: dayOf(n), merchantId, sites: 1, kept: [n % 2 === 0 ? 1 : 0, 0] })),
  )
})

test('the mandates of 150 customers are found at once', async () => {
  const billerId = 'mer_9QZXW'
  const requestedAt = '2026-11-22T03:00:00.000Z'
  const streams = Object.fromEntries(
    numbered(many, (n): [string, NewEvent[]] => [
      `mandate-man_${n}`,
      [
        {
          ...{ type: 'MandateRequested', id: `${n}-1`, metadata: {} },
          data: { billerId, customerCode: `C${n}`, requestedAt },
        },
        { type: 'MandateActivated', data: {}, id: `${n}-2`, metadata: {} },
      ],
    ]),
  )
  const codes = numbered(many, (n) => `C${n}`)
  const found = await answer('mandates', streams, ({ activeMandates }) => activeMandates(billerId, codes))
  expect(found).toEqual(new Map(codes.map((code, n) => [code, [`man_${n}`]])))
})
