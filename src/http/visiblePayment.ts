// Which payments a caller may see.
import type { OpenedPayment } from '../domain/payments/payment.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'

/** The payment, if it exists and the caller may see it. Anyone may who was given its unguessable id, where `caller` is undefined. */
export async function visiblePayment(
  paymentId: string,
  caller: Caller | undefined,
  { gateway }: Services,
): Promise<{ state: OpenedPayment; version: number }> {
  const { state, version } = await gateway.payments.load(paymentId)
  const foreign =
    caller?.merchantId !== undefined && state.status !== 'new' && caller.merchantId !== state.merchantId
  if (state.status === 'new' || foreign) throw new Problem('not_found')
  return { state, version }
}
