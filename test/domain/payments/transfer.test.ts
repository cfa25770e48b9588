// The life of an outgoing transfer, as refunds and returns both live it.
import { describe, expect, test } from 'vitest'
import {
  holdsMoney,
  ownerOf,
  requestedTransfer,
  type TransferCommand,
  type TransferEvent,
  type TransferOutcome,
  transferLife,
} from '../../../src/domain/payments/transfer.ts'

const names = { sent: 'Sent', unknown: 'Unknown', completed: 'Completed', failed: 'Failed' } as const
const { decide, evolve } = transferLife(names, (transferId) => ({ owner: ownerOf(transferId) }))
type Told = TransferEvent<typeof names, { owner: string }>

const amount = { amount: '5000', currency: 'VND' } as const
const transferId = 'crd_A-1'
const order = { transferId, creditId: 'crd_A', amount }
const at = '2026-11-22T03:00:00.000Z'
const about = { owner: 'crd_A', transferId }

const sent: Told = { type: 'Sent', data: { ...about, sentAt: at, askAt: '2026-11-22T03:01:00.000Z' } }
const completed: Told = { type: 'Completed', data: { ...about, amount, completedAt: at } }
const failed: Told = { type: 'Failed', data: { ...about, amount, reason: 'account closed', failedAt: at } }
const unknown = (asks: number, askAt: string, unknownAt = at): Told => ({
  type: 'Unknown',
  data: { ...about, asks, unknownAt, askAt },
})

const send: TransferCommand = { type: 'SendTransfer', data: { transferId, at } }
const abandon: TransferCommand = {
  type: 'AbandonTransfer',
  data: { transferId, at, reason: 'account closed' },
}
const outcome = (result: TransferOutcome, when = at): TransferCommand => ({
  type: 'RecordOutcome',
  data: { transferId, at: when, outcome: result },
})
const isCompleted = outcome({ status: 'completed' })
const isFailed = outcome({ status: 'failed', reason: 'account closed' })
const isUnknown = (when?: string) => outcome({ status: 'unknown' }, when)

const having = (...events: Told[]) => events.reduce(evolve, requestedTransfer(order))
const events = (...expected: Told[]) => ({ accepted: true, events: expected })
const rejected = (rejection: string) => ({ accepted: false, rejection })

describe('sending', () => {
  test('is recorded first, with when to ask', () => expect(decide(send, having())).toEqual(events(sent)))
  test.each([[[sent]], [[sent, unknown(1, at)]], [[sent, completed]], [[sent, failed]]])(
    'happens once: %#',
    (before) => expect(decide(send, having(...before))).toEqual(rejected('transfer_already_sent')),
  )
  test('of nothing known is refused', () =>
    expect(decide(send, undefined)).toEqual(rejected('transfer_not_found')))
  test('is given up before it, not after', () => {
    expect(decide(abandon, having())).toEqual(events(failed))
    expect(decide(abandon, having(sent))).toEqual(rejected('transfer_already_sent'))
  })
})

describe('an outcome', () => {
  test.each([
    [isCompleted, completed],
    [isFailed, failed],
  ])('is recorded: %#', (command, event) => {
    expect(decide(command, having(sent))).toEqual(events(event))
    expect(decide(command, having(sent, unknown(1, at)))).toEqual(events(event))
  })
  test('once known stands, whatever is said later', () => {
    for (const known of [completed, failed])
      for (const command of [isCompleted, isFailed, isUnknown()])
        expect(decide(command, having(sent, known))).toEqual(events())
  })
  test('of what was not sent is a bug', () => expect(() => decide(isCompleted, having())).toThrow('not sent'))
})

describe('no answer', () => {
  test('is asked about after 2, 4, 8 seconds, and so on, at last every 6 hours', () => {
    let transfer = having(sent)
    let when = Date.parse(at)
    const waits: number[] = []
    for (let ask = 0; ask < 16; ask++) {
      const decision = decide(isUnknown(new Date(when).toISOString()), transfer)
      if (!decision.accepted) throw new Error(decision.rejection)
      transfer = evolve(transfer, decision.events[0]!)
      waits.push((Date.parse(transfer.askAt!) - when) / 1000)
      when = Date.parse(transfer.askAt!)
    }
    expect(waits.slice(0, 5)).toEqual([2, 4, 8, 16, 32])
    expect(waits.slice(-2)).toEqual([21_600, 21_600])
    expect(transfer).toMatchObject({ status: 'unknown', asks: 16 })
  })
  test('heard by two that asked at once counts once', () => {
    const askAt = '2026-11-22T03:00:02.000Z'
    expect(decide(isUnknown(), having(sent))).toEqual(events(unknown(1, askAt)))
    expect(decide(isUnknown(), having(sent, unknown(1, askAt)))).toEqual(events())
  })
})

test('a transfer holds its money unless it failed', () => {
  expect([having(), having(sent), having(sent, completed), having(sent, failed)].map(holdsMoney)).toEqual([
    true,
    true,
    true,
    false,
  ])
})
