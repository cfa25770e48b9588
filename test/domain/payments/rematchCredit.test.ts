// Matching a credit again, with the payment ending at the worst moment, a person acting meanwhile, and a process that dies.
import { beforeEach, expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../../src/domain/gateway.ts'
import { concernsCredits, creditProcess } from '../../../src/domain/payments/creditProcess.ts'
import { creditMatcher, leaveUnapplied } from '../../../src/domain/payments/matchCredit.ts'
import { asQrPayment } from '../../../src/domain/payments/payment.ts'
import { rematchCredit } from '../../../src/domain/payments/rematchCredit.ts'

const reference = '7K3MA9QZXW4F2P8R60'
const paymentId = `pay_${reference}`
const creditId = 'crd_1'
const at = '2026-11-22T03:00:00.000Z'
const account = { bankBin: '970422', accountNumber: '0123456789' }
const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const

let store: EventStore
let gateway: Gateway
beforeEach(async () => {
  store = memoryEventStore({ now: () => new Date(at) })
  let ids = 0
  const cache = { get: () => undefined, set: () => {} }
  gateway = openGateway({ store, newEventId: () => `event-${++ids}`, cache })
  const request = {
    merchantId: 'mer_7K3MA',
    siteId: 'sit_7K3MA9QZXW4F2',
    method: 'qr',
    amount: vnd('125000'),
    fee: vnd('0'),
    payTo: account,
    latePolicy: { mode: 'hold' },
    expiresAt: '2026-11-22T03:15:00.000Z',
    requestedAt: at,
    payload: '000201',
  } as const
  const credit = {
    connectorId: 'con_7K3MA9QZXW4F',
    transactionId: 'FT1',
    ...account,
    amount: vnd('25000'),
    references: [],
    sealed: '',
    occurredAt: at,
    receivedAt: at,
  }
  await gateway.payments.handle(paymentId, { type: 'RequestPayment', data: request }, {})
  await gateway.credits.handle(creditId, { type: 'ReceiveCredit', data: credit }, {})
  await leaveUnapplied(gateway, creditId, 'unmatched', vnd('25000'))
  const reread = { references: [reference], rereadAt: at }
  await gateway.credits.handle(creditId, { type: 'RereadCredit', data: reread }, {})
})

const cancel = () => gateway.payments.handle(paymentId, { type: 'CancelPayment', data: { at } }, {})
const finish = async () => {
  const handle = creditProcess({
    ...gateway,
    matchCredit: creditMatcher(gateway),
    now: () => new Date(at),
    canSend: false,
  })
  for (const event of (await store.readAll('', 100)).filter(concernsCredits)) await handle(event)
}
const credit = async () => (await gateway.credits.load(creditId)).state

const received = async () => {
  const { state } = await gateway.payments.load(paymentId)
  return asQrPayment(state)?.received.minor
}

test('the payment that is named now takes it, once', async () => {
  await rematchCredit(gateway, creditId)
  await rematchCredit(gateway, creditId)
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 0n } })
  expect(await received()).toBe(25000n)
})

test('the payment ends afterwards: the part is unapplied again', async () => {
  await rematchCredit(gateway, creditId)
  await cancel()
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 25000n } })
})

test('the payment has ended before: the money stays where it is', async () => {
  await cancel()
  await rematchCredit(gateway, creditId)
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 25000n } })
})

test('of a person who applies it elsewhere and the rereading one wins', async () => {
  const elsewhere = { applicationId: 'A1', paymentId: 'pay_ABCDE9QZXW4F2P8R6A', requestedAt: at }
  await gateway.credits.handle(creditId, { type: 'RequestApplication', data: elsewhere }, {})
  await rematchCredit(gateway, creditId)
  expect(await received()).toBe(0n)
})

test.each([1, 2])('cut off at record %i of the credit, the process finishes it', async (dies) => {
  let records = 0
  const dying = {
    ...gateway,
    credits: {
      ...gateway.credits,
      handle: (...command: Parameters<Gateway['credits']['handle']>) =>
        ++records === dies ? Promise.reject(new Error('killed')) : gateway.credits.handle(...command),
    },
  }
  await expect(rematchCredit(dying, creditId)).rejects.toThrow('killed')
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 0n } })
  expect(await received()).toBe(25000n)
  const before = await store.head()
  await finish()
  expect(await store.head()).toBe(before)
})
