// Matching a credit again, with the payment ending at the worst moment: between its record and the credit's.
import { beforeEach, expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../../src/domain/gateway.ts'
import { concernsCredits, creditProcess } from '../../../src/domain/payments/creditProcess.ts'
import { creditMatcher, leaveUnapplied } from '../../../src/domain/payments/matchCredit.ts'
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
  const handle = creditProcess({ ...gateway, matchCredit: creditMatcher(gateway) })
  for (const event of (await store.readAll('', 100)).filter(concernsCredits)) await handle(event)
}
const credit = async () => (await gateway.credits.load(creditId)).state

test('the payment ends after both records: the part is unapplied as underpaid', async () => {
  await rematchCredit(gateway, creditId)
  expect(await credit()).toMatchObject({ unapplied: { minor: 0n }, reason: undefined })
  await cancel()
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 25000n }, reason: 'underpaid' })
})

test('the payment ends, and lets go, before the credit records that it was taken: it is unapplied all the same', async () => {
  const interrupted = {
    ...gateway,
    credits: {
      ...gateway.credits,
      handle: async (...command: Parameters<Gateway['credits']['handle']>) => {
        if (command[1].type === 'MatchUnapplied') {
          await cancel()
          await finish() // the release finds the credit unmatched, and leaves it
        }
        return gateway.credits.handle(...command)
      },
    },
  }
  await rematchCredit(interrupted, creditId)
  expect(await credit()).toMatchObject({ unapplied: { minor: 0n }, reason: undefined })
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 25000n }, reason: 'underpaid' })
})

test('cut off between the two records, the process makes the second', async () => {
  const dying = {
    ...gateway,
    credits: { ...gateway.credits, handle: () => Promise.reject(new Error('killed')) },
  }
  await expect(rematchCredit(dying as Gateway, creditId)).rejects.toThrow('killed')
  expect(await credit()).toMatchObject({ reason: 'unmatched' })
  await finish()
  expect(await credit()).toMatchObject({ unapplied: { minor: 0n }, matchedTo: paymentId })
  const before = await store.head()
  await finish()
  expect(await store.head()).toBe(before)
})
