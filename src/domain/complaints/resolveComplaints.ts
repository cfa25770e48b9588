// The process resolveComplaints: what nobody answered in time is resolved for the payer, and money that is owed goes back.
import type { Recorded } from '../core/eventStore.ts'
import { toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { MatchingBusy } from '../payments/matchCredit.ts'
import type { OpenedPayment, PaymentCommand } from '../payments/payment.ts'
import { complaintOfRefund, paymentOfComplaint, refundOfComplaint } from '../payments/reference.ts'
import { refundStatus } from '../payments/refund.ts'
import { sendersOf } from '../payments/refundSenders.ts'
import { ownerOf } from '../payments/transfer.ts'
import { complaintIn } from './complaint.ts'
import type { Complaint, ComplaintCommand } from './complaintEvents.ts'

const actor = 'resolveComplaints'

type ClockPorts = Pick<Gateway, 'complaints'> & {
  readonly now: () => Date
  /** Ids of complaints whose deadline is at or before an instant; may name some that are answered. */
  readonly dueComplaints: (now: string, limit: number) => Promise<readonly string[]>
}

const batchMax = 100

/** Resolves what is due now, one batch; answers how many it looked at. The list of those due is its only memory. */
export async function resolveOverdueComplaints({
  complaints,
  now,
  dueComplaints,
}: ClockPorts): Promise<number> {
  const at = now().toISOString()
  const due = await dueComplaints(at, batchMax)
  for (const complaintId of due)
    await complaints.handle(
      paymentOfComplaint(complaintId),
      { type: 'ResolveByDefault', data: { complaintId, at } },
      { actor },
    )
  return due.length
}

type Ports = Pick<Gateway, 'complaints' | 'payments' | 'credits'> & {
  readonly now: () => Date
  /** Whether money can be sent out, to accounts and to cards. */
  readonly canSend: boolean
  readonly takesCards: boolean
}

/** A complaint was resolved; or a refund, perhaps of one, has an outcome. */
const concerned: ReadonlySet<string> = new Set([
  'ComplaintResolved',
  'ComplaintDefaultResolved',
  'RefundCompleted',
  'RefundFailed',
])

/** Whether the process has anything to do about an event. */
export const concernsComplaints = ({ type }: Recorded): boolean => concerned.has(type)

/** Asks for the refund, or records how it ended, whichever comes next. Doing it again changes nothing. */
export const complaintProcess =
  (ports: Ports) =>
  async ({ type, data }: Recorded): Promise<void> => {
    const complaintId = type.startsWith('Complaint')
      ? (data as { complaintId: string }).complaintId
      : complaintOfRefund(ownerOf((data as { transferId: string }).transferId))
    const paymentId = paymentOfComplaint(complaintId)
    const complaint = complaintIn((await ports.complaints.load(paymentId)).state, complaintId)
    if (!complaint) return // a refund that nobody complained for
    const { state: payment } = await ports.payments.load(paymentId)
    if (payment.status === 'new') throw new Error(`no such payment: ${paymentId}`)
    if (!payment.refunds.has(refundOfComplaint(complaintId))) await askForRefund(complaint, payment, ports)
    else await recordOutcome(complaint, payment, ports)
  }

async function askForRefund(complaint: Complaint, payment: OpenedPayment, ports: Ports): Promise<void> {
  const amount = complaint.answer?.refund
  if (complaint.status !== 'pending_refund' || !amount) return
  const { complaintId, kind } = complaint
  const refund = {
    refundId: refundOfComplaint(complaintId),
    amount: toData(amount),
    reason: `Complaint: ${kind}`,
    requestedAt: ports.now().toISOString(),
  }
  const command = await refundCommand(refund, payment, ports)
  const refused = (reason: string) => tell(ports, failed(complaintId, reason, true, ports))
  if (typeof command === 'string') return refused(command)
  const paymentId = paymentOfComplaint(complaintId)
  const outcome = await ports.payments.handle(paymentId, command, { actor, correlationId: complaintId })
  if (outcome.ok || outcome.rejection === 'refund_exists') return // how it ends comes as an event of its own
  if (outcome.rejection === 'stream_busy') throw new MatchingBusy(paymentId)
  return refused(outcome.rejection)
}

type Wanted = Pick<
  Extract<PaymentCommand, { type: 'RequestRefund' }>['data'],
  'refundId' | 'amount' | 'reason' | 'requestedAt'
>

/** In the words of the payment's method, or why money cannot go back the way that it came. */
async function refundCommand(
  refund: Wanted,
  payment: OpenedPayment,
  { credits, canSend, takesCards }: Ports,
): Promise<PaymentCommand | 'transfers_unavailable' | 'cards_unavailable'> {
  if (payment.method === 'card')
    return takesCards ? { type: 'RequestRefund', data: refund } : 'cards_unavailable'
  if (!canSend) return 'transfers_unavailable'
  return { type: 'RequestRefund', data: { ...refund, senders: await sendersOf(payment, { credits }) } }
}

async function recordOutcome(
  { complaintId, status }: Complaint,
  payment: OpenedPayment,
  ports: Ports,
): Promise<void> {
  const refund = statusOfRefund(payment, refundOfComplaint(complaintId))
  const at = ports.now().toISOString()
  if (refund === 'completed' && (status === 'pending_refund' || status === 'failed'))
    await tell(ports, { type: 'RecordRefunded', data: { complaintId, at } })
  if (refund === 'failed' && status === 'pending_refund')
    await tell(ports, failed(complaintId, 'refund_failed', false, ports))
}

function statusOfRefund(payment: OpenedPayment, refundId: string): string | undefined {
  if (payment.method === 'card') return payment.refunds.get(refundId)?.status
  const refund = payment.refunds.get(refundId)
  return refund && refundStatus(refund)
}

const failed = (complaintId: string, reason: string, refused: boolean, { now }: Ports): ComplaintCommand => ({
  type: 'RecordRefundFailed',
  data: { complaintId, reason, refused, at: now().toISOString() },
})

async function tell({ complaints }: Ports, command: ComplaintCommand): Promise<void> {
  const paymentId = paymentOfComplaint(command.data.complaintId)
  const outcome = await complaints.handle(paymentId, command, { actor })
  if (outcome.ok) return
  if (outcome.rejection === 'stream_busy') throw new MatchingBusy(paymentId)
  throw new Error(`${command.data.complaintId}: ${outcome.rejection}`)
}
