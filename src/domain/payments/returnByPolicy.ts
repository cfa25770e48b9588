// Money that a merchant's policy, frozen in the payment, sends back by itself: what came late, and what was overpaid.
import type { Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import type { CreditEvent } from './credit.ts'
import { MatchingBusy } from './matchCredit.ts'
import { asQrPayment } from './payment.ts'
import type { OpenedQrPayment } from './qrPayment.ts'

type Ports = Pick<Gateway, 'credits' | 'payments'> & { readonly now: () => Date }
type Unapplied = Extract<CreditEvent, { type: 'CreditUnapplied' }>

/**
 * Once only, and first: what was applied or sent back before, or has no known sender, is a person's affair. So an event
 * that is read again much later moves nothing either.
 */
export async function returnByPolicy(
  { credits, payments, now }: Ports,
  creditId: string,
  { id, data: { reason, paymentId } }: Recorded<Unapplied>,
): Promise<void> {
  if (paymentId === undefined || (reason !== 'late' && reason !== 'overpaid')) return
  const payment = asQrPayment((await payments.load(paymentId)).state)
  if (!payment || !goesBack(reason, payment)) return
  const { state: credit } = await credits.load(creditId)
  if (credit.status === 'new' || credit.applications.size > 0 || credit.returns.size > 0) return
  const data = { creditId, reason: `policy: ${reason}`, requestedAt: now().toISOString() }
  const outcome = await credits.handle(
    creditId,
    { type: 'RequestReturn', data },
    { actor: 'returnByPolicy', causationId: id, commandId: `return ${id}` },
  )
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(creditId)
}

const goesBack = (reason: 'late' | 'overpaid', payment: OpenedQrPayment): boolean =>
  reason === 'late' ? payment.latePolicy.mode === 'return' : payment.autoReturnOverpayments === true
