// Matches a credit again that no payment could be found for, once its notification is read better. Run twice, it changes nothing.
import { toData } from '../core/money.ts'
import type { CreditEvent } from './credit.ts'
import { leaveUnapplied, MatchingBusy, offer, type Ports } from './matchCredit.ts'
import { paymentIdOf } from './reference.ts'

/**
 * Offers an unmatched credit, read again, to the payments it names. Where none takes it, it stays as it was. Done
 * again after a crash between the two records, the payment gives the same answer and the credit records what it lacks.
 */
export async function rematchCredit(ports: Ports, creditId: string): Promise<void> {
  const { state: credit } = await ports.credits.load(creditId)
  if (credit.status === 'new' || credit.reason !== 'unmatched') return
  for (const reference of credit.references) {
    const paymentId = paymentIdOf(reference)
    const offered = await offer(ports, creditId, credit, paymentId)
    if (!offered || 'refused' in offered) continue // a payment that has refused a credit once refuses it for ever
    const data = { paymentId, applied: toData(offered.applied) }
    const outcome = await ports.credits.handle(
      creditId,
      { type: 'MatchUnapplied', data },
      { actor: 'matchCredits' },
    )
    if (!outcome.ok) throw new MatchingBusy(`${creditId}: ${outcome.rejection}`)
    return
  }
}

type Matched = Extract<CreditEvent, { type: 'CreditMatched' }>['data']

/** A payment may have ended, and let go of the credit, before the credit recorded that it was taken. */
export async function recheckMatched(
  ports: Ports,
  creditId: string,
  { paymentId, applied }: Matched,
): Promise<void> {
  const { state } = await ports.payments.load(paymentId)
  if (state.status !== 'new' && state.released.has(creditId))
    await leaveUnapplied(ports, creditId, 'underpaid', applied, paymentId)
}
