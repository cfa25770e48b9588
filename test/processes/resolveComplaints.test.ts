// What a crash cut off between an answer and the end of its refund is finished, once, however often the process runs.
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { gatewayOver } from '../../src/adapters/node/gatewayOver.ts'
import type { ComplaintCommand } from '../../src/domain/complaints/complaintEvents.ts'
import { complaintProcess, concernsComplaints } from '../../src/domain/complaints/resolveComplaints.ts'
import type { PaymentCommand } from '../../src/domain/payments/payment.ts'
import * as c from '../domain/complaints/samples.ts'
import * as s from '../domain/pos/cardSamples.ts'

const paymentId = 'pay_7K3MA9QZXW4F2P8R60'
const refundId = 'ref_7K3MA9QZXW4F2P8R607K3MA9QZ'

/** A card payment of 125,000 đồng with a complaint that was resolved; no process has come by. */
async function cutOff() {
  const now = () => new Date(c.at)
  const store = memoryEventStore({ now })
  const gateway = gatewayOver(store)
  const sendPayment = async (...commands: PaymentCommand[]) => {
    for (const command of commands) {
      const outcome = await gateway.payments.handle(paymentId, command, { actor: 'test' })
      if (!outcome.ok) throw new Error(outcome.rejection)
    }
  }
  const send = async (...commands: ComplaintCommand[]) => {
    for (const command of commands) {
      const outcome = await gateway.complaints.handle(paymentId, command, { actor: 'test' })
      if (!outcome.ok) throw new Error(outcome.rejection)
    }
  }
  await sendPayment(s.request({ capture: 'automatic' }), s.approve())
  await send(c.open(), c.resolve({ amount: c.vnd('5000') }))
  const run = async (takesCards = true, of = (_type: string) => true) => {
    const handle = complaintProcess({ ...gateway, now, canSend: true, takesCards })
    const events = (await store.readAll('', 1_000)).filter(concernsComplaints)
    for (const event of events.filter(({ type }) => of(type))) await handle(event)
  }
  const added = async (...types: string[]) =>
    (await store.readAll('', 1_000)).filter(({ type }) => types.includes(type)).map(({ type }) => type)
  return { gateway, run, added, send, sendPayment }
}
const ends = ['RefundRequested', 'ComplaintRefunded', 'ComplaintRefundFailed']
const complete = { type: 'CompleteRefund', data: { refundId, at: c.at } } as const
const fail = { type: 'FailRefund', data: { refundId, reason: 'no', at: c.at } } as const

test('the refund is asked for once, and its end is recorded once', async () => {
  const { run, added, sendPayment } = await cutOff()
  for (const _ of [1, 2, 3]) await run()
  expect(await added(...ends)).toEqual(['RefundRequested'])
  await sendPayment(complete)
  for (const _ of [1, 2, 3]) await run()
  expect(await added(...ends)).toEqual(['RefundRequested', 'ComplaintRefunded'])
})

test('events that come twice or in another order lead to the same', async () => {
  const { run, added, sendPayment } = await cutOff()
  await run()
  await sendPayment(complete)
  await run(true, (type) => type === 'RefundCompleted')
  await run(true, (type) => type === 'ComplaintResolved')
  expect(await added(...ends)).toEqual(['RefundRequested', 'ComplaintRefunded'])
})

test('two that run at once ask once', async () => {
  const { run, added } = await cutOff()
  await Promise.all([run(), run(), run()])
  expect(await added(...ends)).toEqual(['RefundRequested'])
})

test('a refund that fails is recorded, once', async () => {
  const { run, added, sendPayment } = await cutOff()
  await run()
  await sendPayment(fail)
  for (const _ of [1, 2]) await run()
  expect(await added(...ends)).toEqual(['RefundRequested', 'ComplaintRefundFailed'])
})

test('what cannot be asked for is recorded, and asked for when it is resolved again', async () => {
  const { run, added, send } = await cutOff()
  for (const _ of [1, 2]) await run(false)
  await run() // there is a way now, and a person has been told that there was none
  expect(await added(...ends)).toEqual(['ComplaintRefundFailed'])
  await send(c.resolve({ amount: c.vnd('5000') }))
  for (const _ of [1, 2]) await run()
  expect(await added(...ends)).toEqual(['ComplaintRefundFailed', 'RefundRequested'])
})

test('a refund that nobody complained for is not looked at', async () => {
  const { run, added, sendPayment, gateway } = await cutOff()
  const other = 'ref_7K3MA9QZXW4F2P8R600000000Z'
  const request = { refundId: other, amount: c.vnd('7'), reason: 'x', requestedAt: c.at }
  await sendPayment(
    { type: 'RequestRefund', data: request },
    { type: 'CompleteRefund', data: { refundId: other, at: c.at } },
  )
  await run(true, (type) => type === 'RefundCompleted')
  expect(await added('ComplaintRefunded', 'ComplaintRefundFailed')).toEqual([])
  expect((await gateway.complaints.load(paymentId)).version).toBe(2)
})
