// What a batch counts of a stretch of the log, and which records only one side has.
import { describe, expect, test } from 'vitest'
import {
  type BatchRecord,
  type CountedEntry,
  entriesBetween,
  referenceOf,
} from '../../../src/domain/pos/batchEntries.ts'
import { compareRecords } from '../../../src/domain/pos/batchRecords.ts'

const sale = 'pay_7K3MA9QZXW4F2P8R60'
const refund = 'ref_7K3MA9QZXW4F2P8R607K3MA9QZ'
const record = (changes: Partial<BatchRecord>): BatchRecord => ({
  id: sale,
  terminalId: 'ter_9QZXW4F2',
  currency: 'VND',
  amount: 100n,
  authorizedAt: null,
  recordedAt: null,
  reversedAt: null,
  reversalReason: null,
  ...changes,
})
/** Places in the log: the batch is of what came after 10, up to 20. */
const kindsOf = (changes: Partial<BatchRecord>): string[] =>
  entriesBetween([record(changes)], '10', '20').map(({ kind }) => kind)

describe('a batch counts', () => {
  test.each<[string, Partial<BatchRecord>, string[]]>([
    ['a sale within it', { recordedAt: '11' }, ['purchase']],
    ['a sale at its end', { recordedAt: '20' }, ['purchase']],
    ['no sale of the batch before it', { recordedAt: '10' }, []],
    ['no sale after it', { recordedAt: '21' }, []],
    ['an authorization', { authorizedAt: '11' }, ['authorization']],
    ['its completion as a sale', { authorizedAt: '11', recordedAt: '12' }, ['authorization', 'purchase']],
    ['a completion of what was held before', { authorizedAt: '05', recordedAt: '12' }, ['purchase']],
    [
      'a sale that was undone, and that it was',
      { recordedAt: '11', reversedAt: '12', reversalReason: 'customer_canceled' },
      ['purchase', 'purchase_reversal'],
    ],
    [
      'a sale that is undone after it',
      { recordedAt: '11', reversedAt: '21', reversalReason: 'no_answer' },
      ['purchase'],
    ],
    [
      'nothing of what the terminal never saw',
      { recordedAt: '11', reversedAt: '12', reversalReason: 'no_answer' },
      [],
    ],
    [
      'the reversal of what the batch before it counted, for whatever reason',
      { recordedAt: '05', reversedAt: '12', reversalReason: 'no_answer' },
      ['purchase_reversal'],
    ],
    [
      'an authorization that was released',
      { authorizedAt: '11', reversedAt: '12', reversalReason: 'voided' },
      ['authorization'],
    ],
    [
      'no authorization that the terminal never saw',
      { authorizedAt: '11', reversedAt: '12', reversalReason: 'no_answer' },
      [],
    ],
    ['a refund within it', { id: refund, recordedAt: '11' }, ['refund']],
    ['no refund before it', { id: refund, recordedAt: '10' }, []],
  ])('%s', (_what, changes, kinds) => expect(kindsOf(changes)).toEqual(kinds))
})

describe('records', () => {
  const ours: CountedEntry[] = [
    { id: sale, kind: 'purchase', amount: 100n },
    { id: refund, kind: 'refund', amount: 10n },
    { id: sale, kind: 'authorization', amount: 100n },
  ]
  const reference = '9QZXW4F2P8R6'
  const uploaded = (kind: 'purchase' | 'refund', amount: string, stan = '000001') => ({
    recordId: stan,
    kind,
    amount,
    reference,
    stan,
    at: '2026-03-01T16:00:00.000Z',
  })

  test('of a refund are called as the sale was', () => {
    expect(ours.map(referenceOf)).toEqual([reference, reference, reference])
  })
  test('that both sides have are named by neither, and authorizations are not asked for', () => {
    const theirs = [uploaded('refund', '10'), uploaded('purchase', '100')]
    expect(compareRecords(ours, theirs)).toEqual({ unknown: [], missing: [] })
  })
  test('that one side has are named, also the second of two that look alike', () => {
    const theirs = [uploaded('purchase', '100'), uploaded('purchase', '100', '000002')]
    expect(compareRecords(ours, theirs)).toEqual({ unknown: [theirs[1]], missing: [ours[1]] })
  })
  test('of another amount are two: theirs and ours', () => {
    const theirs = [uploaded('purchase', '101')]
    expect(compareRecords(ours, theirs)).toEqual({ unknown: theirs, missing: [ours[0], ours[1]] })
  })
})
