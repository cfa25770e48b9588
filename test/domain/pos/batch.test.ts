// The close of a batch: agreement, disagreement, upload and second close, and a repeat that gets its first answer.
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import { ascii87 } from '../../../src/adapters/iso8583/profile.ts'
import { totalsFromFields, totalsToFields } from '../../../src/adapters/iso8583/reconciliation.ts'
import type { BatchCommand, BatchEvent } from '../../../src/domain/pos/batch.ts'
import * as batch from '../../../src/domain/pos/batch.ts'
import {
  type BatchEntry,
  type BatchTotals,
  differencesOf,
  isConsistent,
  totalsOf,
} from '../../../src/domain/pos/batchTotals.ts'
import { scenarios } from '../../support/given.ts'
import file from '../../vectors/iso8583-vectors.json' with { type: 'json' }

const given = scenarios(batch)
const at = '2026-03-01T16:00:00.000Z'

const sale = (amount: bigint): BatchEntry => ({ kind: 'purchase', amount })
const counted = totalsOf([sale(150_000n), sale(90_000n), { kind: 'refund', amount: 50_000n }])
const short = totalsOf([sale(150_000n), { kind: 'refund', amount: 50_000n }])
const confused: BatchTotals = { ...counted, net: '190001' }

const opening = {
  merchantId: 'mer_7K3MA',
  siteId: 'sit_7K3MA9QZXW4F2',
  terminalId: 'ter_9QZXW4F2',
  batchNumber: '000001',
  currency: 'VND',
  openedAt: at,
} as const
const comparison = (closeId: string, claimed: BatchTotals, ours = counted) => ({
  closeId,
  claimed,
  counted: ours,
  at,
})
const close = (closeId: string, claimed: BatchTotals, ours = counted): BatchCommand => ({
  type: 'CloseBatch',
  data: comparison(closeId, claimed, ours),
})
const record = { recordId: '000102', kind: 'purchase', amount: '90000', at } as const
const upload: BatchCommand = { type: 'UploadRecord', data: record }

const opened: BatchEvent = { type: 'BatchOpened', data: opening }
const balanced: BatchEvent = { type: 'BatchBalanced', data: comparison('1', counted) }
const differing = (claimed: BatchTotals, closeId = '1') => ({
  ...comparison(closeId, claimed),
  differences: differencesOf(claimed, counted),
})
const outOfBalance: BatchEvent = { type: 'BatchOutOfBalance', data: differing(short) }
const uploaded: BatchEvent = { type: 'BatchRecordUploaded', data: record }
const failed: BatchEvent = { type: 'BatchCloseFailed', data: comparison('1', confused) }
const closedOut: BatchEvent = { type: 'BatchClosedOutOfBalance', data: differing(short, '2') }
const resultOf = (closeId: string, ...events: BatchEvent[]) =>
  batch.answerTo(events.reduce(batch.evolve, batch.initialState()), closeId)?.result

describe('totals', () => {
  test('count purchases as debits, refunds as credits, and reversals apart', () => {
    const entries: BatchEntry[] = [
      ...Array.from({ length: 25 }, () => sale(180_000n)),
      { kind: 'purchase_reversal', amount: 150_000n },
      { kind: 'refund', amount: 50_000n },
      { kind: 'authorization', amount: 2_000_000n },
    ]
    expect(totalsOf(entries)).toEqual({
      creditCount: '1',
      creditReversalCount: '0',
      debitCount: '25',
      debitReversalCount: '1',
      authorizationCount: '1',
      creditAmount: '50000',
      creditReversalAmount: '0',
      debitAmount: '4500000',
      debitReversalAmount: '150000',
      net: '4300000',
    })
    expect(totalsOf([{ kind: 'refund', amount: 7n }]).net).toBe('-7')
    expect(totalsOf([{ kind: 'refund_reversal', amount: 7n }]).net).toBe('7')
    expect(isConsistent(totalsOf(entries))).toBe(true)
  })

  test('are the elements of a published form of message, both ways', () => {
    const { ascii } = file.constructed.find(({ id }) => id === 'batch-0530-in-balance')!
    const read = messageCodec(ascii87).decode(Buffer.from(ascii, 'latin1'))
    if (!read.ok) throw new Error(read.code)
    const totals = totalsFromFields(read.message.fields)!
    expect(totals).toMatchObject({ debitCount: '25', creditAmount: '50000', net: '4300000' })
    expect(isConsistent(totals)).toBe(true)
    expect(read.message.fields).toMatchObject(
      Object.fromEntries(Object.entries(totalsToFields(totals)).filter(([de]) => de !== '81')),
    )
    const negative = totalsOf([{ kind: 'refund', amount: 7n }])
    expect(totalsToFields(negative)).toMatchObject({ 97: 'C0000000000000007' })
    expect(totalsFromFields(totalsToFields(negative))).toEqual(negative)
    expect(totalsFromFields({ 74: '1' })).toBeUndefined()
  })

  test('differ line by line', () => {
    expect(differencesOf(short, counted)).toEqual([
      { total: 'debitCount', claimed: '1', counted: '2' },
      { total: 'debitAmount', claimed: '150000', counted: '240000' },
      { total: 'net', claimed: '100000', counted: '190000' },
    ])
    expect(differencesOf({ ...counted, debitCount: '0002' }, counted)).toEqual([])
  })
})

describe('a batch', () => {
  test('opens once', () => {
    given().when({ type: 'OpenBatch', data: opening }).thenEvents(opened)
    given(opened).when({ type: 'OpenBatch', data: opening }).thenRejected('batch_exists')
    given().when(close('1', counted)).thenRejected('batch_not_found')
    given().when(upload).thenRejected('batch_not_found')
  })

  test('closes in balance, once, and a repeat gets the earlier answer though we count otherwise by now', () => {
    given(opened).when(close('1', counted)).thenEvents(balanced)
    given(opened, balanced).when(close('1', counted)).thenNothing()
    given(opened, balanced)
      .when(close('1', counted, short))
      .thenNothing()
    expect(resultOf('1', opened, balanced)).toBe('in_balance')
    given(opened, balanced).when(close('1', short)).thenRejected('close_differs')
    given(opened, balanced).when(close('2', counted)).thenRejected('batch_closed')
    given(opened, balanced).when(upload).thenRejected('batch_closed')
  })

  test('out of balance is asked for its records, each taken once', () => {
    given(opened).when(close('1', short)).thenEvents(outOfBalance)
    given(opened, outOfBalance).when(close('1', short)).thenNothing()
    expect(resultOf('1', opened, outOfBalance)).toBe('out_of_balance')
    given(opened).when(upload).thenRejected('upload_not_asked_for')
    given(opened, outOfBalance).when(upload).thenEvents(uploaded)
    given(opened, outOfBalance, uploaded).when(upload).thenNothing()
    const changed: BatchCommand = { type: 'UploadRecord', data: { ...record, amount: '90001' } }
    given(opened, outOfBalance, uploaded).when(changed).thenRejected('record_differs')
  })

  test('takes so many records and no more', () => {
    const uploads = Array.from({ length: batch.recordsMax }, (_, index): BatchEvent => {
      return { type: 'BatchRecordUploaded', data: { ...record, recordId: String(index).padStart(6, '0') } }
    })
    const full = { ...batch.evolve(batch.evolve(batch.initialState(), opened), outOfBalance) }
    const records = new Map(
      uploads.map(({ data }) => [(data as typeof record).recordId, data as typeof record]),
    )
    const state = { ...full, records } as batch.Batch
    expect(batch.decide(upload, state)).toEqual({ accepted: true, events: [] }) // one that is there
    const more = { ...upload, data: { ...record, recordId: 'one more' } } as BatchCommand
    expect(batch.decide(more, state)).toEqual({ accepted: false, rejection: 'records_exceeded' })
  })

  test('closes again after the upload: in balance, or out of it for good', () => {
    const asked = [opened, outOfBalance, uploaded]
    given(...asked)
      .when(close('2', counted))
      .thenEvents({ type: 'BatchBalanced', data: comparison('2', counted) })
    given(...asked)
      .when(close('2', short))
      .thenEvents(closedOut)
    given(...asked, closedOut)
      .when(close('2', short))
      .thenNothing()
    given(...asked, closedOut)
      .when(close('3', counted))
      .thenRejected('batch_closed')
    expect(resultOf('1', ...asked, closedOut)).toBe('out_of_balance')
    expect(resultOf('2', ...asked, closedOut)).toBe('out_of_balance')
  })

  test('whose totals contradict themselves is answered with an error, and may close again', () => {
    given(opened).when(close('1', confused)).thenEvents(failed)
    given(opened, failed).when(close('1', confused)).thenNothing()
    expect(resultOf('1', opened, failed)).toBe('error')
    expect(resultOf('9', opened, failed)).toBeUndefined()
    given(opened, failed)
      .when(close('2', counted))
      .thenEvents({ type: 'BatchBalanced', data: comparison('2', counted) })
  })
})

test.each([opened, balanced, outOfBalance, closedOut, failed, uploaded])('golden: $type', async (event) => {
  const text = `${JSON.stringify(event, null, 2)}\n`
  await expect(text).toMatchFileSnapshot(`../../golden/events/${event.type}.v1.json`)
})

const recordedFacts: BatchEvent[] = [
  { type: 'BatchBalanced', data: { ...comparison('20260301-000901', counted), upTo: '0000000000000042' } },
  {
    type: 'BatchRecordUploaded',
    data: { ...record, recordId: 'purchase 0123456789AB 000102', reference: '0123456789AB', stan: '000102' },
  },
]
test.each(recordedFacts)('golden: $type with where it ends and whose it is', async (event) => {
  const text = `${JSON.stringify(event, null, 2)}\n`
  await expect(text).toMatchFileSnapshot(`../../golden/events/${event.type}.v1.full.json`)
})

test('a closed batch knows where it ends', () => {
  const [closing] = recordedFacts
  const events: BatchEvent[] = [opened, closing!]
  expect(events.reduce(batch.evolve, batch.initialState())).toMatchObject({
    upTo: '0000000000000042',
    closedAt: at,
  })
})
