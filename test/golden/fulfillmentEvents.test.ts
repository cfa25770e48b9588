// Golden files of what is handed out: one per event type, a pump's report in full, and requests that ask for it.
import { expect, test } from 'vitest'
import type { PaymentEvent } from '../../src/domain/payments/payment.ts'
import * as s from '../domain/pos/cardSamples.ts'
import * as f from '../domain/pos/fulfillmentSamples.ts'

const late = f.report('dispensed', { reportedAt: s.at(5) })
const machine = f.eventsOf(f.qrRequest(f.machine), f.credit, f.timeOut(s.at(2)), late, f.resolve)
const pump = f.eventsOf(
  s.request({ fulfillment: f.pump }),
  s.approve(),
  f.delivered(40_000, '938000', { detail: 'nozzle 3' }),
)
const nameless = f.eventsOf(f.qrRequest(f.machine), f.credit, f.report('failed'), f.settle({ senders: [] }))
const pickup = f.eventsOf(f.qrRequest(f.pickup), f.credit, f.claim())

const of = (events: readonly PaymentEvent[], type: PaymentEvent['type']): PaymentEvent =>
  events.find((event) => event.type === type)!

const samples: readonly (readonly [string, PaymentEvent])[] = [
  ['PaymentRequested.dispense', of(machine, 'PaymentRequested')],
  ['PaymentRequested.pump', of(pump, 'PaymentRequested')],
  ['FulfillmentReported.pump', of(pump, 'FulfillmentReported')],
  ['FulfillmentReported', of(nameless, 'FulfillmentReported')],
  ['FulfillmentTimedOut', of(machine, 'FulfillmentTimedOut')],
  ['FulfillmentDisputed', of(machine, 'FulfillmentDisputed')],
  ['FulfillmentUnsettled', of(nameless, 'FulfillmentUnsettled')],
  ['FulfillmentExceptionResolved', of(machine, 'FulfillmentExceptionResolved')],
  ['PickupClaimed', of(pickup, 'PickupClaimed')],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
