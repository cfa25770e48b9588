// Which payments a caller may see.
import type { OpenedPayment } from '../domain/payments/payment.ts'
import type { Agent } from '../domain/payments/qrPayment.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'

type Visible = { readonly state: OpenedPayment; readonly version: number }

/** The payment, if it exists and the caller may see it. Anyone may who was given its unguessable id, where `caller` is undefined. */
export const visiblePayment = (
  paymentId: string,
  caller: Caller | undefined,
  services: Services,
): Promise<Visible> => visibleTo(paymentId, caller, services, ({ merchantId }) => [merchantId])

/** The same, also for the merchant that takes it for another: who sees it and may cancel it, and never has its money. */
export const visibleToAgent = (
  paymentId: string,
  caller: Caller | undefined,
  services: Services,
): Promise<Visible> =>
  visibleTo(paymentId, caller, services, (payment) => [payment.merchantId, agentOf(payment)?.merchantId])

async function visibleTo(
  paymentId: string,
  caller: Caller | undefined,
  { gateway }: Services,
  whose: (payment: OpenedPayment) => readonly (string | undefined)[],
): Promise<Visible> {
  const { state, version } = await gateway.payments.load(paymentId)
  const merchantId = caller?.merchantId
  if (state.status === 'new' || (merchantId !== undefined && !whose(state).includes(merchantId)))
    throw new Problem('not_found')
  return { state, version }
}

const agentOf = (payment: OpenedPayment): Agent | undefined =>
  payment.method === 'qr' ? payment.agent : undefined
