// What a crash cut off between a report and the money going back is finished, once, however often the process runs.
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { gatewayOver } from '../../src/adapters/node/gatewayOver.ts'
import type { CreditCommand } from '../../src/domain/payments/credit.ts'
import type { PaymentCommand } from '../../src/domain/payments/payment.ts'
import { concernsFulfillment, fulfillmentProcess } from '../../src/domain/pos/dispenseOrRefund.ts'
import * as s from '../domain/pos/cardSamples.ts'
import * as f from '../domain/pos/fulfillmentSamples.ts'

const byQr = 'pay_7K3MA9QZXW4F2P8R60'
const byCard = 'pay_7K3MA9QZXW4F2P8R71'

const received: CreditCommand = {
  type: 'ReceiveCredit',
  data: {
    connectorId: 'con_1',
    transactionId: 't1',
    bankBin: '970422',
    accountNumber: '0123456789',
    amount: s.vnd('125000'),
    payerHash: 'x',
    references: [],
    sealed: '',
    occurredAt: s.at(1),
    receivedAt: s.at(1),
  },
}

/** A log that ends with reports, as a crash leaves it: no process has come by. */
async function cutOff() {
  const now = () => new Date(s.at(20))
  const store = memoryEventStore({ now })
  const gateway = gatewayOver(store)
  const send = async (id: string, ...commands: PaymentCommand[]) => {
    for (const command of commands) {
      const outcome = await gateway.payments.handle(id, command, { actor: 'test' })
      if (!outcome.ok) throw new Error(outcome.rejection)
    }
  }
  await gateway.credits.handle('crd_1', received, { actor: 'test' })
  await send(byQr, f.qrRequest(f.machine), f.credit, f.report('partial', { amount: s.vnd('50000') }))
  const sale = s.request({ fulfillment: f.pump, capture: 'automatic' })
  await send(byCard, sale, s.approve(), f.timeOut(s.at(11)))
  const run = async (
    ports: { canSend: boolean; takesCards: boolean } = { canSend: true, takesCards: true },
  ) => {
    const handle = fulfillmentProcess({ ...gateway, now, ...ports })
    for (const event of (await store.readAll('', 1_000)).filter(concernsFulfillment)) await handle(event)
  }
  const added = async (type: string) =>
    (await store.readAll('', 1_000)).filter((event) => event.type === type).map(({ data }) => data)
  return { run, added, send }
}

test('the process finishes it, and changes nothing when it runs from the start again', async () => {
  const { run, added } = await cutOff()
  expect(await added('RefundRequested')).toEqual([])
  for (const _ of [1, 2, 3]) await run()
  expect(await added('RefundRequested')).toMatchObject([
    { refundId: 'ref_7K3MA9QZXW4F2P8R6000000000', amount: s.vnd('75000') },
    { method: 'card', amount: s.vnd('2000000'), reason: 'No report of the machine in time' },
  ])
  expect(await added('RefundTransferRequested')).toHaveLength(1)
})

test('two processes at once give back once', async () => {
  const { run, added } = await cutOff()
  await Promise.all([run(), run(), run()])
  expect(await added('RefundRequested')).toHaveLength(2)
})

test('where there is no way back a person is told, once, and it stays with that person', async () => {
  const { run, added } = await cutOff()
  await run({ canSend: false, takesCards: false })
  await run()
  expect(await added('FulfillmentUnsettled')).toMatchObject([
    { reason: 'transfers_unavailable', amount: s.vnd('75000') },
    { reason: 'cards_unavailable', amount: s.vnd('2000000') },
  ])
  expect(await added('RefundRequested')).toEqual([])
})

test('a refund that the bank does not take is told to a person, once', async () => {
  const { run, added, send } = await cutOff()
  await run()
  const { transferId } = ((await added('RefundTransferRequested')) as { transferId: string }[])[0]!
  await send(byQr, { type: 'AbandonTransfer', data: { transferId, at: s.at(21), reason: 'account closed' } })
  for (const _ of [1, 2]) await run()
  expect(await added('FulfillmentUnsettled')).toMatchObject([
    { reason: 'refund_failed', amount: s.vnd('75000') },
  ])
})
