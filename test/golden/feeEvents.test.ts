// Golden files of fee plans' and volumes' events, the shortest and the fullest of each, and what they add to payments.
import { expect, test } from 'vitest'
import type { Event } from '../../src/domain/core/decider.ts'
import type { FeePlansEvent } from '../../src/domain/settlement/feePlans.ts'
import type { FeeVolumeEvent } from '../../src/domain/settlement/feeVolume.ts'
import { ask, openBank, openShop, openTestGateway, operatorKey, pay } from '../support/gateway.ts'

const setAt = '2026-11-22T03:00:00.000Z'
const plain = { currency: 'VND', effectiveFrom: '2026-11-01', rate: '0.5', fixed: '0' } as const
const full = {
  currency: 'VND',
  effectiveFrom: '2026-11-01',
  effectiveTo: '2026-12-31',
  rate: '0.55',
  fixed: '200',
  minimum: '500',
  cap: '50000',
  vatRate: '10',
  tiers: [{ volumeFrom: '1000000000', rate: '0.4', fixed: '0', minimum: '300', cap: '30000' }],
} as const
const volumes = [{ method: 'qr', amount: { amount: '1250000000', currency: 'VND' } }] as const

const samples: readonly (readonly [string, FeePlansEvent | FeeVolumeEvent])[] = [
  ['FeePlansSet', { type: 'FeePlansSet', data: { plans: [plain], setAt } }],
  ['FeePlansSet.full', { type: 'FeePlansSet', data: { plans: [full], setAt } }],
  ['FeeVolumeRecorded', { type: 'FeeVolumeRecorded', data: { month: '2026-10', volumes, at: setAt } }],
]
const text = (event: Event): string => `${JSON.stringify(event, null, 2)}\n`

test.each(samples)('%s', async (name, event) => {
  await expect(text(event)).toMatchFileSnapshot(`events/${name}.v1.json`)
})

test('what a fee plan adds to a payment', async () => {
  const gateway = await openTestGateway()
  const [shop, bank] = [await openShop(gateway), await openBank(gateway)]
  const { tiers: _, fixed, minimum, cap, ...terms } = full
  const body = { plans: [{ ...terms, fixed, minimum, cap }] }
  await gateway.call('PUT', '/v1/fee-plans/default/qr', { key: operatorKey, body })
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, 't1')
  const events = await gateway.store.read(`payment-${payment.id}`)
  await gateway.stop()
  for (const { type, data } of events)
    if (type === 'PaymentRequested' || type === 'PaymentPaid')
      await expect(
        text({ type, data }).replace(/"(mer|sit|ter)_[0-9A-Z]+"/g, '"$1_..."'),
      ).toMatchFileSnapshot(`events/${type}.planned.v1.json`)
})
