// Bills and the payment that is to pay them, recorded together: each bill is locked by it, and only then is it asked for.
import type { Outcome } from '../core/commandHandling.ts'
import type { Metadata, StreamAppend } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import type { Payment, PaymentRejection } from '../payments/payment.ts'
import type { QrPaymentCommand } from '../payments/qrPayment.ts'
import { type BillRejection, decide } from './bill.ts'

type Ports = Pick<Gateway, 'bills' | 'payments' | 'appendInOrder'>
type Request = Extract<QrPaymentCommand, { type: 'RequestPayment' }>

/** A bill that cannot be locked: nothing was asked for. */
export type LockRefusal = { readonly billId: string; readonly refusal: BillRejection }

const attemptsMax = 8

/**
 * Locks, then asks. A crash between the two leaves locks that end by themselves when the payment would have expired;
 * where one bill cannot be locked, those that were are free again.
 */
export async function lockAndRequest(
  ports: Ports,
  paymentId: string,
  request: Request,
  metadata: Metadata,
): Promise<Outcome<Payment, PaymentRejection> | LockRefusal> {
  const billIds = request.data.bills?.shares.map(({ billId }) => billId) ?? []
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const earlier = await ports.payments.answered(paymentId, metadata)
    if (earlier) return earlier
    const locks = await proposeLocks(ports, paymentId, billIds, request, metadata)
    if ('refusal' in locks) {
      await unlock(ports, paymentId, billIds, request, metadata)
      return locks
    }
    const asked = await ports.payments.propose(paymentId, request, metadata, { expectNew: true })
    const results = await ports.appendInOrder([...locks, asked!.append])
    if (results.some(({ status }) => status === 'conflict')) continue
    return { ok: true, ...asked!.done(), replayed: false }
  }
  await unlock(ports, paymentId, billIds, request, metadata)
  return { ok: false, rejection: 'stream_busy', version: 0 }
}

async function proposeLocks(
  { bills }: Ports,
  paymentId: string,
  billIds: readonly string[],
  { data: { requestedAt: at, expiresAt: until } }: Request,
  metadata: Metadata,
): Promise<StreamAppend[] | LockRefusal> {
  const lock = { type: 'LockBill', data: { paymentId, until, at } } as const
  const locks: StreamAppend[] = []
  for (const billId of billIds) {
    const loaded = await bills.load(billId)
    const decision = decide(lock, loaded.state)
    if (!decision.accepted) return { billId, refusal: decision.rejection }
    // On the same state: a second look could find it locked by another, and nothing to append.
    const proposal = await bills.propose(billId, lock, ofPayment(paymentId, metadata), { loaded })
    if (proposal) locks.push(proposal.append)
  }
  return locks
}

async function unlock(
  { bills }: Ports,
  paymentId: string,
  billIds: readonly string[],
  { data: { requestedAt: at } }: Request,
  metadata: Metadata,
): Promise<void> {
  const command = { type: 'UnlockBill', data: { paymentId, at } } as const
  for (const billId of billIds) await bills.handle(billId, command, ofPayment(paymentId, metadata))
}

/** The command's own id stays with the payment: that is where a repeated request is looked for. */
const ofPayment = (paymentId: string, { actor }: Metadata): Metadata => ({
  ...(actor !== undefined && { actor }),
  correlationId: paymentId,
})
