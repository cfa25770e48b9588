// What each event moves: the whole table, and that nothing else moves anything.
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/domain/core/decider.ts'
import { formatMoney } from '../../../src/domain/core/money.ts'
import {
  type Posting,
  payableTypes,
  postedTypes,
  postingsOf,
} from '../../../src/domain/settlement/postings.ts'

const vnd = (amount: string) => ({ amount, currency: 'VND' })
const payment = 'payment-pay_7K3MA9QZXW4F2P8R60'
const credit = 'credit-crd_1'

/** A posting as a line of text: `debit bank_clearing 125000 VND receipt`. */
const line = ({ account, side, amount, kind, merchantId }: Posting): string =>
  [side, account, formatMoney(amount), amount.currency, kind, merchantId].filter(Boolean).join(' ')

const lines = (stream: string, type: string, data: object): string[] =>
  postingsOf({ stream, type, data }).map(line)

describe('credits', () => {
  test.each([
    [
      'CreditReceived',
      { bankBin: '970422', accountNumber: '1', amount: vnd('125000') },
      ['debit bank_clearing 125000 VND receipt', 'credit credits_to_match 125000 VND receipt'],
    ],
    [
      'CreditReceived',
      { bankBin: '', accountNumber: '', amount: vnd('125000') },
      ['debit provider_receivable 125000 VND receipt', 'credit credits_to_match 125000 VND receipt'],
    ],
    ...['overpaid', 'duplicate', 'late', 'canceled', 'unmatched', 'mismatch', 'underpaid'].map(
      (reason): [string, object, string[]] => [
        'CreditUnapplied',
        { reason, amount: { amount: '1250', currency: 'USD' } },
        ['debit credits_to_match 12.50 USD unapplied', 'credit unapplied_funds 12.50 USD unapplied'],
      ],
    ),
    [
      'CreditApplicationRequested',
      { applicationId: 'A1', paymentId: 'pay_', amount: vnd('700') },
      ['debit unapplied_funds 700 VND match', 'credit credits_to_match 700 VND match'],
    ],
    [
      'CreditApplicationCompleted',
      { applicationId: 'A1', paymentId: 'pay_', applied: vnd('500'), left: vnd('200') },
      ['debit credits_to_match 200 VND unapplied', 'credit unapplied_funds 200 VND unapplied'],
    ],
    [
      'CreditApplicationCompleted',
      { applicationId: 'A1', paymentId: 'pay_', applied: vnd('700'), left: vnd('0') },
      [],
    ],
    [
      'CreditApplicationRefused',
      { applicationId: 'A1', paymentId: 'pay_', left: vnd('700'), refusal: 'payment_canceled' },
      ['debit credits_to_match 700 VND unapplied', 'credit unapplied_funds 700 VND unapplied'],
    ],
    [
      'CreditReturnRequested',
      { transferId: 'crd_1-1', creditId: 'crd_1', amount: vnd('700') },
      ['debit unapplied_funds 700 VND return', 'credit returns_in_flight 700 VND return'],
    ],
    ['CreditReturnSent', { transferId: 'crd_1-1' }, []],
    [
      'CreditReturned',
      { transferId: 'crd_1-1', amount: vnd('700') },
      ['debit returns_in_flight 700 VND return', 'credit bank_clearing 700 VND return'],
    ],
    [
      'CreditReturnFailed',
      { transferId: 'crd_1-1', amount: vnd('700'), reason: 'account closed' },
      ['debit returns_in_flight 700 VND return', 'credit unapplied_funds 700 VND return'],
    ],
    [
      'CreditEscheated',
      { amount: vnd('700'), termDays: 365 },
      ['debit unapplied_funds 700 VND escheat', 'credit escheated_funds 700 VND escheat'],
    ],
  ])('%s %#', (type, data, expected) => {
    expect(lines(credit, type, data)).toEqual(expected)
  })
})

const merchantId = 'mer_7K3MA'
const sale = { merchantId, siteId: 'sit_', method: 'qr', amount: vnd('100000'), fee: vnd('500') }

describe('payments, whose id names the merchant', () => {
  test.each([
    ['PaymentRequested', { ...sale, feePlan: { rate: '0.5', fixed: '0' } }, []],
    [
      'CreditApplied',
      { creditId: 'crd_1', applied: vnd('40000') },
      ['debit credits_to_match 40000 VND match mer_7K3MA', 'credit open_payments 40000 VND match mer_7K3MA'],
    ],
    [
      'PaymentPaid',
      { ...sale, vat: vnd('50') },
      [
        'debit open_payments 100000 VND gross mer_7K3MA',
        'credit merchant_payable 100000 VND gross mer_7K3MA',
        'debit merchant_payable 500 VND fee mer_7K3MA',
        'credit fee_income 500 VND fee mer_7K3MA',
        'debit merchant_payable 50 VND vat mer_7K3MA',
        'credit vat_on_fees 50 VND vat mer_7K3MA',
      ],
    ],
    [
      'PaymentPaid',
      { ...sale, fee: vnd('0') },
      [
        'debit open_payments 100000 VND gross mer_7K3MA',
        'credit merchant_payable 100000 VND gross mer_7K3MA',
      ],
    ],
    ...(['PaymentExpired', 'PaymentCanceled'] as const).map((type): [string, object, string[]] => [
      type,
      {
        released: [
          { creditId: 'crd_1', applied: vnd('40000') },
          { creditId: 'crd_2', applied: vnd('1') },
        ],
      },
      [
        'debit open_payments 40000 VND match mer_7K3MA',
        'credit credits_to_match 40000 VND match mer_7K3MA',
        'debit open_payments 1 VND match mer_7K3MA',
        'credit credits_to_match 1 VND match mer_7K3MA',
      ],
    ]),
    ['RefundRequested', { refundId: 'ref_1', amount: vnd('700'), reason: 'x' }, []],
    [
      'RefundTransferRequested',
      { refundId: 'ref_1', transferId: 'ref_1-1', creditId: 'crd_1', amount: vnd('700'), merchantId },
      [
        'debit merchant_payable 700 VND refund mer_7K3MA',
        'credit refunds_in_flight 700 VND refund mer_7K3MA',
      ],
    ],
    ['RefundSent', { refundId: 'ref_1', transferId: 'ref_1-1' }, []],
    ['RefundUnknown', { refundId: 'ref_1', transferId: 'ref_1-1' }, []],
    [
      'RefundCompleted',
      { refundId: 'ref_1', transferId: 'ref_1-1', amount: vnd('700') },
      ['debit refunds_in_flight 700 VND refund mer_7K3MA', 'credit bank_clearing 700 VND refund mer_7K3MA'],
    ],
    [
      'RefundFailed',
      { refundId: 'ref_1', transferId: 'ref_1-1', amount: vnd('700'), reason: 'account closed' },
      [
        'debit refunds_in_flight 700 VND refund mer_7K3MA',
        'credit merchant_payable 700 VND refund mer_7K3MA',
      ],
    ],
  ])('%s %#', (type, data, expected) => {
    expect(lines(payment, type, data)).toEqual(expected)
  })
})

const paidByCard = { ...sale, method: 'card', vat: vnd('50') }

describe('payments by card', () => {
  test.each([
    ['PaymentAuthorized', { amount: vnd('100000') }, []],
    ['PaymentVoided', { released: vnd('100000') }, []],
    ['AuthorizationExpired', { released: vnd('100000') }, []],
    ['LateApprovalReceived', { amount: vnd('100000') }, []],
    ['CompletionRefused', { captureId: 'c1', responseCode: '05' }, []],
    [
      'PaymentCaptured',
      { captureId: 'c1', amount: vnd('100000'), released: vnd('20000') },
      [
        'debit acquirer_receivable 100000 VND capture mer_7K3MA',
        'credit open_payments 100000 VND capture mer_7K3MA',
      ],
    ],
    ['PaymentReversed', { reversal: 1 }, []],
    [
      'PaymentReversed',
      { reversal: 1, undone: paidByCard },
      [
        'credit acquirer_receivable 100000 VND gross mer_7K3MA',
        'debit merchant_payable 100000 VND gross mer_7K3MA',
        'credit merchant_payable 500 VND fee mer_7K3MA',
        'debit fee_income 500 VND fee mer_7K3MA',
        'credit merchant_payable 50 VND vat mer_7K3MA',
        'debit vat_on_fees 50 VND vat mer_7K3MA',
      ],
    ],
    [
      'RefundRequested',
      { refundId: 'ref_1', amount: vnd('700'), reason: 'x', method: 'card' },
      [
        'debit merchant_payable 700 VND refund mer_7K3MA',
        'credit refunds_in_flight 700 VND refund mer_7K3MA',
      ],
    ],
    [
      'RefundCompleted',
      { transferId: 'ref_1-1', amount: vnd('700') },
      [
        'debit refunds_in_flight 700 VND refund mer_7K3MA',
        'credit acquirer_receivable 700 VND refund mer_7K3MA',
      ],
    ],
    [
      'DisputeOpened',
      { disputeId: 'dsp_1', amount: vnd('700'), reason: 'fraud' },
      [
        'debit merchant_payable 700 VND reserve mer_7K3MA',
        'credit reserves 700 VND reserve mer_7K3MA',
        'debit chargebacks 700 VND chargeback mer_7K3MA',
        'credit acquirer_receivable 700 VND chargeback mer_7K3MA',
      ],
    ],
    ['DisputeEvidenceSubmitted', { disputeId: 'dsp_1', kind: 'receipt' }, []],
    [
      'DisputeWon',
      { disputeId: 'dsp_1', amount: vnd('700') },
      [
        'credit merchant_payable 700 VND reserve mer_7K3MA',
        'debit reserves 700 VND reserve mer_7K3MA',
        'credit chargebacks 700 VND chargeback mer_7K3MA',
        'debit acquirer_receivable 700 VND chargeback mer_7K3MA',
      ],
    ],
    [
      'DisputeLost',
      { disputeId: 'dsp_1', amount: vnd('700') },
      [
        'debit reserves 700 VND reserve mer_7K3MA',
        'credit merchant_payable 700 VND reserve mer_7K3MA',
        'debit merchant_payable 700 VND chargeback mer_7K3MA',
        'credit chargebacks 700 VND chargeback mer_7K3MA',
      ],
    ],
    [
      'RefundFailed',
      { transferId: 'ref_1-1', amount: vnd('700'), reason: '14' },
      [
        'debit refunds_in_flight 700 VND refund mer_7K3MA',
        'credit merchant_payable 700 VND refund mer_7K3MA',
      ],
    ],
  ])('%s %#', (type, data, expected) => {
    expect(lines(payment, type, data)).toEqual(expected)
  })
})

describe('payouts', () => {
  const payout = { endToEndId: 'SET7K3MA20261122VND-1', merchantId: 'mer_7K3MA', amount: vnd('171840') }
  test.each([
    ['PayoutRequested', {}, 'merchant_payable', 'payouts_in_flight'],
    ['PayoutSettled', {}, 'payouts_in_flight', 'bank_clearing'],
    ['PayoutRejected', { reason: 'AC04' }, 'payouts_in_flight', 'merchant_payable'],
    ['PayoutRejected', { reason: 'AC04', returned: true }, 'bank_clearing', 'merchant_payable'],
  ])('%s %#', (type, more, debited, credited) =>
    expect(lines('settlement-set_7K3MA20261122VND', type, { ...payout, ...more })).toEqual([
      `debit ${debited} 171840 VND payout mer_7K3MA`,
      `credit ${credited} 171840 VND payout mer_7K3MA`,
    ]),
  )
})

/** Every event type there is, by its golden file. */
const golden = globSync('test/golden/events/*.json').map((file) => ({
  name: basename(file, '.json'),
  event: JSON.parse(readFileSync(file, 'utf8')) as Event,
}))
const categoryOf = (type: string): string => (/^Credit(?!Applied$)/.test(type) ? credit : payment)

describe('every event ever recorded', () => {
  test('moves money only if it is said to, and all that are said to do', () => {
    const moving = golden.filter(({ event }) => lines(categoryOf(event.type), event.type, event.data).length)
    expect([...new Set(moving.map(({ event }) => event.type))].sort()).toEqual(
      postedTypes.filter((type) => !releasesNothing.has(type)).toSorted(),
    )
  })

  test('and what merchants are owed, only if it is said to; then it names the merchant first', () => {
    const owing = golden.filter(({ event }) =>
      postingsOf({ stream: payment, ...event }).some(({ account }) => account === 'merchant_payable'),
    )
    expect([...new Set(owing.map(({ event }) => event.type))].sort()).toEqual(payableTypes.toSorted())
    for (const { event } of owing)
      expect(postingsOf({ stream: payment, ...event })[0]!.merchantId).toMatch(/^mer_/)
  })

  test.each(golden)('$name debits what it credits, in one currency', ({ event }) => {
    const postings = postingsOf({ stream: categoryOf(event.type), ...event })
    const sum = postings.reduce((all, { side, amount }) => all + sign(side) * amount.minor, 0n)
    expect(sum).toBe(0n)
    expect(new Set(postings.map(({ amount }) => amount.currency)).size).toBeLessThan(2)
    expect(postings.filter(({ amount }) => amount.minor <= 0n)).toEqual([])
  })
})

/** In whose golden files nothing was left or released. */
const releasesNothing = new Set<string>(['PaymentExpired', 'PaymentCanceled'])
const sign = (side: Posting['side']): bigint => (side === 'debit' ? 1n : -1n)
