// A credit that names its payment is recorded and applied in one commit, where the store has such: one wait for the disk, not two.
import type { Metadata } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import type { CreditCommand, CreditState } from './credit.ts'
import { applyCredit } from './matchCredit.ts'
import { paymentIdOf } from './reference.ts'

type Ports = Pick<Gateway, 'credits' | 'payments' | 'appendInOrder'>
type ReceiveCredit = Extract<CreditCommand, { type: 'ReceiveCredit' }>

/**
 * A head start for the usual case. The credit, if it is recorded now; undefined where anything is not as usual (known
 * already, no payment, nothing due): then the ordinary way decides. Whether the payment took it is for matching to say.
 */
export async function receiveWithPayment(
  { credits, payments, appendInOrder }: Ports,
  creditId: string,
  receive: ReceiveCredit,
  metadata: Metadata,
): Promise<{ readonly state: CreditState; readonly replayed: false } | undefined> {
  const [reference] = receive.data.references
  if (reference === undefined) return undefined
  const payment = await payments.propose(paymentIdOf(reference), ...applyCredit(creditId, receive.data))
  const credit = payment && (await credits.propose(creditId, receive, metadata, { expectNew: true }))
  if (!credit) return undefined
  const [received, applied] = await appendInOrder([credit.append, payment.append])
  if (received?.status !== 'appended') return undefined
  if (applied?.status === 'appended') payment.done()
  return { state: credit.done().state, replayed: false }
}
