// What the card network has yet to be told: completions, reversals and refunds to cards that it has not acknowledged.
import type { CardPaymentEvent } from '../src/domain/pos/cardPaymentEvents.ts'
import { refundOf } from '../src/domain/pos/cardRefunds.ts'
import { projection, streamId } from './projection.ts'

/** There while it is open. */
export type CardAdviceRow = {
  readonly paymentId: string
  /** `completion`, `reversal 1`, `refund ref_…`. */
  readonly advice: string
  readonly dueAt: string
}

const handles = [
  'CompletionRequested',
  'CompletionAcknowledged',
  'CompletionRefused',
  'ReversalRequested',
  'ReversalAcknowledged',
  'RefundRequested',
  'RefundCompleted',
  'RefundFailed',
] as const
type Handled = Extract<CardPaymentEvent, { type: (typeof handles)[number] }>

export const cardAdvices = projection<Handled, CardAdviceRow>({
  name: 'card_advices_v1',
  columns: { paymentId: 'text', advice: 'text', dueAt: 'text' },
  key: ['paymentId', 'advice'],
  indexes: [{ columns: ['dueAt', 'paymentId'] }],
  handles,
  keyOf: (event) => [streamId(event), adviceOf(event)],
  evolve: (row, event) => {
    switch (event.type) {
      case 'CompletionRequested':
      case 'ReversalRequested':
        return opened(streamId(event), adviceOf(event), event.data.requestedAt)
      case 'RefundRequested': // those of payments by QR go back by bank, and name no method
        return event.data.method === 'card'
          ? opened(streamId(event), adviceOf(event), event.data.requestedAt)
          : row
      default:
        return undefined
    }
  },
})

const opened = (paymentId: string, advice: string, dueAt: string): CardAdviceRow => ({
  paymentId,
  advice,
  dueAt,
})

function adviceOf({ type, data }: Handled): string {
  switch (type) {
    case 'CompletionRequested':
    case 'CompletionAcknowledged':
    case 'CompletionRefused':
      return 'completion'
    case 'ReversalRequested':
    case 'ReversalAcknowledged':
      return `reversal ${data.reversal}`
    case 'RefundRequested':
      return `refund ${data.refundId}`
    case 'RefundCompleted':
    case 'RefundFailed':
      return `refund ${refundOf(data.transferId)}`
  }
}
