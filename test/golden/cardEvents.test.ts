// Golden files of a card payment's events: one per type, and a second shape of those that a payment by QR also has.
import { expect, test } from 'vitest'
import type { CardPaymentEvent } from '../../src/domain/pos/cardPaymentEvents.ts'
import * as s from '../domain/pos/cardSamples.ts'

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
  s.voided,
  s.expired,
  s.reversal('no_answer', 2),
  s.acknowledged(),
  s.reversed(),
  s.refundRequested('350000'),
  s.refundCompleted('350000'),
  s.refundFailed('350000'),
]

/** Also events of a payment by QR, there with its own golden file. */
const shared = new Set([
  'PaymentRequested',
  'PaymentPaid',
  'RefundRequested',
  'RefundCompleted',
  'RefundFailed',
])

test.each(events)('$type', async (event) => {
  const name = shared.has(event.type) ? `${event.type}.card` : event.type
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
