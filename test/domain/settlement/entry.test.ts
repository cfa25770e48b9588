// What each event adds to a settlement, or takes from it.
import { expect, test } from 'vitest'
import { entryOf, netOf } from '../../../src/domain/settlement/entry.ts'

const at = '2026-11-22T03:00:00.000Z'
const recorded = (type: string, data: object) => ({
  type,
  data,
  stream: 'payment-pay_7K3MA9QZXW4F2P8R60',
  version: 3,
  position: '0000000000000042',
  recordedAt: '2026-11-22T03:00:01.000Z',
  id: 'id',
  metadata: {},
  hash: '',
})
const vnd = (amount: string) => ({ amount, currency: 'VND' })
const paid = { merchantId: 'mer_7K3MA', amount: vnd('100000'), fee: vnd('1000'), vat: vnd('80') }
const transfer = { transferId: 'ref_1-1', amount: vnd('25000') }
const dispute = { disputeId: 'dsp_1', amount: vnd('100000') }

test.each([
  [
    'PaymentPaid',
    { ...paid, paidAt: at },
    'payment',
    null,
    { gross: 100_000n, fees: 1_000n, vat: 80n },
    98_920n,
  ],
  [
    'PaymentReversed',
    { undone: paid, reversedAt: at },
    'reversal',
    null,
    { gross: -100_000n, fees: -1_000n, vat: -80n },
    -98_920n,
  ],
  [
    'RefundTransferRequested',
    { ...transfer, requestedAt: at },
    'refund',
    'ref_1-1',
    { refunds: 25_000n },
    -25_000n,
  ],
  ['RefundFailed', { ...transfer, failedAt: at }, 'refund_failed', 'ref_1-1', { refunds: -25_000n }, 25_000n],
  [
    'DisputeOpened',
    { ...dispute, openedAt: at },
    'dispute_opened',
    'dsp_1',
    { reserve: 100_000n },
    -100_000n,
  ],
  ['DisputeWon', { ...dispute, wonAt: at }, 'dispute_won', 'dsp_1', { reserve: -100_000n }, 100_000n],
  [
    'DisputeLost',
    { ...dispute, lostAt: at },
    'dispute_lost',
    'dsp_1',
    { reserve: -100_000n, chargebacks: 100_000n },
    0n,
  ],
] as const)('%s', (type, data, kind, reference, sums, net) => {
  const entry = entryOf(recorded(type, data))!
  expect(entry).toEqual({
    merchantId: 'mer_7K3MA',
    position: '0000000000000042',
    currency: 'VND',
    kind,
    paymentId: 'pay_7K3MA9QZXW4F2P8R60',
    reference,
    ...{ gross: 0n, refunds: 0n, chargebacks: 0n, fees: 0n, vat: 0n, reserve: 0n },
    ...sums,
    occurredAt: at,
    recordedAt: '2026-11-22T03:00:01.000Z',
  })
  expect(netOf(entry)).toBe(net)
})

test('what moves no money of a merchant is no entry', () => {
  expect(entryOf(recorded('PaymentReversed', { reversedAt: at }))).toBeUndefined()
  expect(entryOf(recorded('RefundRequested', { amount: vnd('1'), requestedAt: at }))).toBeUndefined()
  const payout = { merchantId: 'mer_7K3MA', amount: vnd('1') }
  for (const type of ['PayoutRequested', 'PayoutSettled', 'PayoutRejected'])
    expect(entryOf(recorded(type, payout))).toBeUndefined()
  expect(entryOf(recorded('CreditApplied', { applied: vnd('1') }))).toBeUndefined()
})
