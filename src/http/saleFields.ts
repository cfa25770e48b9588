// What every request for payment says, whichever way it is paid.
import { FulfillmentBody } from './fulfillmentTerms.ts'
import { metadata } from './paymentView.ts'
import { amount, currency, id, text } from './schemas.ts'

export const saleFields = {
  siteId: id('sit', 'sit_7K3MA9QZXW4F2'),
  terminalId: id('ter', 'ter_9QZXW4F2').optional(),
  amount,
  currency,
  description: text(140).optional(),
  orderId: text(60).optional(),
  metadata: metadata.optional(),
  fulfillment: FulfillmentBody.optional(),
}
