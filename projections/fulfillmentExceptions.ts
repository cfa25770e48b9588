// Payments that a person must look at: goods came out without money, or money could not go where it should.
import { merchantIdOf, referenceOf } from '../src/domain/payments/reference.ts'
import type { FulfillmentEvent } from '../src/domain/pos/fulfillmentEvents.ts'
import { projection, streamId } from './projection.ts'

/** There until a person is done with it; what happened is in the payment. */
export type FulfillmentExceptionRow = {
  /** Of the payment. */
  readonly id: string
  readonly merchantId: string
  readonly raisedAt: string
}

const handles = ['FulfillmentDisputed', 'FulfillmentUnsettled', 'FulfillmentExceptionResolved'] as const
type Handled = Extract<FulfillmentEvent, { type: (typeof handles)[number] }>

export const fulfillmentExceptions = projection<Handled, FulfillmentExceptionRow>({
  name: 'fulfillment_exceptions_v1',
  columns: { id: 'text', merchantId: 'text', raisedAt: 'text' },
  key: ['id'],
  indexes: [{ columns: ['merchantId', 'raisedAt', 'id'] }, { columns: ['raisedAt', 'id'] }],
  handles,
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    switch (event.type) {
      case 'FulfillmentDisputed':
        return row ?? raised(streamId(event), event.data.reportedAt)
      case 'FulfillmentUnsettled':
        return row ?? raised(streamId(event), event.data.noticedAt)
      case 'FulfillmentExceptionResolved':
        return undefined
    }
  },
})

const raised = (id: string, raisedAt: string): FulfillmentExceptionRow => ({
  id,
  merchantId: merchantIdOf(referenceOf(id)),
  raisedAt,
})
