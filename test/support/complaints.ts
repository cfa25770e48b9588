// Complaints in tests: about a payment of 125,000 đồng that a named payer has paid.
import { receiptToken } from '../../src/http/receiptUrl.ts'
import type { Answer, Shop, TestGateway } from './gateway.ts'
import { paidPayment } from './movedMoney.ts'

export const complain = (
  { call }: Pick<TestGateway, 'call'>,
  key: string,
  paymentId: string,
  body: object = { kind: 'service_not_received' },
): Promise<Answer> => call('POST', `/v1/payments/${paymentId}/complaints`, { key, body })

/** One that is open; `paymentId`: what it is about. */
export async function openComplaint(gateway: TestGateway, shop: Shop) {
  const { id: paymentId } = await paidPayment(gateway, shop)
  const { status, body, text } = await complain(gateway, shop.key, paymentId)
  if (status !== 201) throw new Error(`no complaint: ${text}`)
  return { id: body.id as string, paymentId }
}

/** What the link of a payment's receipt has. */
export const tokenOf = ({ services }: Pick<TestGateway, 'services'>, paymentId: string): string =>
  receiptToken(paymentId, services)
