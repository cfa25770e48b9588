// Matches a credit again that no payment could be found for, once its notification is read better. Run twice, it changes nothing.
import { isZero } from '../core/money.ts'
import { applyUnapplied } from './applyUnapplied.ts'
import { applyCredit, MatchingBusy, type Ports } from './matchCredit.ts'
import { paymentIdOf } from './reference.ts'

/**
 * Applies an unmatched credit, read again, to the first payment it names that would take it as a credit that comes now.
 * It goes the way of an application by hand, so of the two one wins; what a crash cuts off is finished like one. It is
 * named by the payment: a second attempt is the same application.
 */
export async function rematchCredit(ports: Ports, creditId: string): Promise<void> {
  const { state: credit } = await ports.credits.load(creditId)
  if (credit.status === 'new' || credit.reason !== 'unmatched' || isZero(credit.unapplied)) return
  for (const reference of credit.references) {
    const paymentId = paymentIdOf(reference)
    const wouldTake = await ports.payments.propose(paymentId, ...applyCredit(creditId, credit))
    if (!wouldTake) continue
    const wish = { creditId, applicationId: reference, paymentId, requestedAt: credit.receivedAt }
    const outcome = await applyUnapplied(ports, wish, { actor: 'reinterpret' })
    if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(creditId)
    return
  }
}
