// What became of payments on each business day, over all sites: a decline or an expiry says no site.
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { PaymentEvent } from '../src/domain/payments/payment.ts'
import { projection } from './projection.ts'

export type PaymentOutcomeRow = {
  readonly businessDate: string
  readonly outcome: string
  /** `qr`, `card`, or '' where the event does not say it. */
  readonly method: string
  /** '' where no amount comes with it. */
  readonly currency: string
  readonly count: number
  readonly value: bigint
}

const handles = [
  'PaymentRequested',
  'PaymentPaid',
  'PaymentDeclined',
  'AuthorizationOutcomeUnknown',
  'PaymentExpired',
  'PaymentCanceled',
  'PaymentReversed',
  'RefundCompleted',
] as const
type Handled = Extract<PaymentEvent, { type: (typeof handles)[number] }>
type Outcome = {
  readonly outcome: string
  readonly method: string
  readonly at: string
  readonly money?: { readonly amount: string; readonly currency: string }
}

export const paymentOutcomes = projection<Handled, PaymentOutcomeRow>({
  name: 'payment_outcomes_v1',
  columns: {
    businessDate: 'text',
    outcome: 'text',
    method: 'text',
    currency: 'text',
    count: 'integer',
    value: 'money',
  },
  key: ['businessDate', 'outcome', 'method', 'currency'],
  indexes: [],
  handles,
  keyOf: (event) => {
    const { outcome, method, at, money } = outcomeOf(event)
    return [businessDate(at), outcome, method, money?.currency ?? '']
  },
  evolve: (row, event) => {
    const { outcome, method, at, money } = outcomeOf(event)
    const amount = money ? BigInt(money.amount) : 0n
    if (row) return { ...row, count: row.count + 1, value: row.value + amount }
    const currency = money?.currency ?? ''
    return { businessDate: businessDate(at), outcome, method, currency, count: 1, value: amount }
  },
})

function outcomeOf({ type, data }: Handled): Outcome {
  switch (type) {
    case 'PaymentRequested':
      return { outcome: 'asked', method: data.method, at: data.requestedAt, money: data.amount }
    case 'PaymentPaid':
      return { outcome: 'paid', method: data.method, at: data.paidAt, money: data.amount }
    case 'PaymentDeclined':
      return { outcome: 'declined', method: 'card', at: data.declinedAt }
    case 'AuthorizationOutcomeUnknown':
      return { outcome: 'timed-out', method: 'card', at: data.noticedAt }
    case 'PaymentExpired':
      return { outcome: 'expired', method: 'qr', at: data.endedAt }
    case 'PaymentCanceled':
      return { outcome: 'canceled', method: 'qr', at: data.endedAt }
    case 'PaymentReversed':
      return { outcome: 'reversed', method: 'card', at: data.reversedAt }
    case 'RefundCompleted':
      return { outcome: 'refunded', method: '', at: data.completedAt, money: data.amount }
  }
}
