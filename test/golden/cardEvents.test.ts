// Golden files of a card payment's events: one per type, and a second shape of those that a payment by QR also has.
import { expect, test } from 'vitest'
import type { PaymentEvent } from '../../src/domain/payments/payment.ts'
import type { CardPaymentEvent } from '../../src/domain/pos/cardPaymentEvents.ts'
import * as s from '../domain/pos/cardSamples.ts'
import * as d from '../domain/pos/disputeSamples.ts'

const events: readonly CardPaymentEvent[] = [
  s.requested({ description: 'Xăng RON 95', metadata: { pump: '3' } }),
  s.authorized(),
  s.declined,
  s.outcomeUnknown(),
  s.incrementRequested,
  s.incremented,
  s.incrementDeclined,
  s.lateApproval(),
  s.captured(),
  s.paid(),
  s.completionRequested(),
  s.completionAcknowledged,
  s.completionRefused,
  s.voided,
  s.expired,
  s.reversal('no_answer', 2),
  s.acknowledged(),
  s.reversed(),
  s.refundRequested('350000'),
  s.refundCompleted('350000'),
  s.refundFailed('350000'),
  d.opened('350000'),
  d.submitted,
  d.won('350000'),
  d.lost('350000'),
]

/** Also events of a payment by QR, there with its own golden file. */
const shared = new Set([
  'PaymentRequested',
  'PaymentPaid',
  'RefundRequested',
  'RefundCompleted',
  'RefundFailed',
])

test('PaymentReversed of a sale that was paid', async () => {
  const text = `${JSON.stringify(s.saleReversed, null, 2)}\n`
  await expect(text).toMatchFileSnapshot('events/PaymentReversed.paid.v1.json')
})

test('DisputeOpened with all that can be said', async () => {
  const text = `${JSON.stringify(d.openedFully, null, 2)}\n`
  await expect(text).toMatchFileSnapshot('events/DisputeOpened.full.v1.json')
})

test('PaymentForestalled', async () => {
  const data = { merchantId: 'mer_7K3MA', terminalId: 'ter_9QZXW4F2', forestalledAt: s.at(3) }
  const forestalled: PaymentEvent = { type: 'PaymentForestalled', data }
  const text = `${JSON.stringify(forestalled, null, 2)}\n`
  await expect(text).toMatchFileSnapshot('events/PaymentForestalled.v1.json')
})

test.each(events)('$type', async (event) => {
  const name = shared.has(event.type) ? `${event.type}.card` : event.type
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
