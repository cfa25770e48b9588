// Disputes of a card payment: its issuer takes money back while it decides; the merchant answers with evidence; it is won or lost.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, isZero, type Money, type MoneyData, toData } from '../core/money.ts'
import type { CardPaymentRejection, EventData } from './cardPaymentEvents.ts'
import { isReversing, type OpenedCardPayment, refundableRest, sameMoney } from './cardPaymentState.ts'

export const disputeReasons = [
  'fraud',
  'not_received',
  'not_as_described',
  'duplicate',
  'refund_not_received',
  'other',
] as const
/** A payment's stream is read whole, so it may not grow without end. */
const evidenceMax = 50
export const evidenceKinds = ['receipt', 'delivery', 'correspondence', 'refund', 'other'] as const

type Opened = {
  readonly disputeId: string
  readonly amount: MoneyData
  readonly reason: (typeof disputeReasons)[number]
  /** The business date by which the issuer wants an answer. */
  readonly respondBy?: string
  readonly openedAt: string
}
/** What a document is and its SHA-256: the document itself may hold personal data, and goes to the acquirer. */
type Evidence = {
  readonly kind: (typeof evidenceKinds)[number]
  readonly documentHash: string
  readonly submittedAt: string
}

export type DisputeCommand =
  | { type: 'OpenDispute'; data: Opened }
  | { type: 'SubmitEvidence'; data: Evidence & { readonly disputeId: string } }
  | { type: 'WinDispute'; data: { readonly disputeId: string; readonly at: string } }
  | { type: 'LoseDispute'; data: { readonly disputeId: string; readonly at: string } }

export type DisputeEvent =
  | { type: 'DisputeOpened'; data: Opened }
  | { type: 'DisputeEvidenceSubmitted'; data: Evidence & { readonly disputeId: string } }
  | {
      type: 'DisputeWon'
      data: { readonly disputeId: string; readonly amount: MoneyData; readonly wonAt: string }
    }
  | {
      type: 'DisputeLost'
      data: { readonly disputeId: string; readonly amount: MoneyData; readonly lostAt: string }
    }

export type DisputeRejection =
  | 'dispute_exists'
  | 'dispute_not_found'
  | 'dispute_closed'
  | 'dispute_evidence_full'
  | 'dispute_exceeds_rest'
  | 'dispute_currency_differs'

export type Dispute = Omit<Opened, 'amount'> & {
  readonly amount: Money
  readonly status: 'open' | 'won' | 'lost'
  readonly evidence: readonly Evidence[]
  readonly closedAt?: string
}
export type Disputes = ReadonlyMap<string, Dispute>

type DisputeDecision = Decision<DisputeEvent, CardPaymentRejection>

export function decideDispute(command: DisputeCommand, state: OpenedCardPayment): DisputeDecision {
  if (command.type === 'OpenDispute') return open(command.data, state)
  const dispute = state.disputes.get(command.data.disputeId)
  if (!dispute) return reject('dispute_not_found')
  switch (command.type) {
    case 'SubmitEvidence':
      return submit(command.data, dispute)
    case 'WinDispute':
      return close(dispute, 'won', command.data.at)
    case 'LoseDispute':
      return close(dispute, 'lost', command.data.at)
  }
}

/** Of what was captured and has not gone back, by a refund or by another dispute. */
function open(data: Opened, state: OpenedCardPayment): DisputeDecision {
  const amount = fromData(data.amount)
  const earlier = state.disputes.get(data.disputeId)
  if (earlier) return sameMoney(earlier.amount, amount) ? accept() : reject('dispute_exists')
  if (state.status === 'reversed') return reject('payment_reversed')
  if (isReversing(state)) return reject('payment_reversing')
  if (!state.captured || state.completion === 'refused') return reject('payment_not_paid')
  if (amount.currency !== state.authorized.currency) return reject('dispute_currency_differs')
  if (isZero(amount)) return reject('amount_zero')
  if (exceeds(amount, refundableRest(state))) return reject('dispute_exceeds_rest')
  return accept({ type: 'DisputeOpened', data })
}

/** The same document again is nothing new. */
function submit(data: EventData<'DisputeEvidenceSubmitted'>, { status, evidence }: Dispute): DisputeDecision {
  if (evidence.some(({ documentHash }) => documentHash === data.documentHash)) return accept()
  if (status !== 'open') return reject('dispute_closed')
  if (evidence.length >= evidenceMax) return reject('dispute_evidence_full')
  return accept({ type: 'DisputeEvidenceSubmitted', data })
}

function close({ disputeId, amount, status }: Dispute, ending: 'won' | 'lost', at: string): DisputeDecision {
  if (status === ending) return accept()
  if (status !== 'open') return reject('dispute_closed')
  const what = { disputeId, amount: toData(amount) }
  return ending === 'won'
    ? accept({ type: 'DisputeWon', data: { ...what, wonAt: at } })
    : accept({ type: 'DisputeLost', data: { ...what, lostAt: at } })
}

const commands = new Set<string>(['OpenDispute', 'SubmitEvidence', 'WinDispute', 'LoseDispute'])
export const isDisputeCommand = (command: { readonly type: string }): command is DisputeCommand =>
  commands.has(command.type)

const events = new Set<string>(['DisputeOpened', 'DisputeEvidenceSubmitted', 'DisputeWon', 'DisputeLost'])
export const isDisputeEvent = (event: { readonly type: string }): event is DisputeEvent =>
  events.has(event.type)

export function evolveDisputes(disputes: Disputes, { type, data }: DisputeEvent): Disputes {
  const put = (dispute: Dispute): Disputes => new Map(disputes).set(dispute.disputeId, dispute)
  if (type === 'DisputeOpened')
    return put({ ...data, amount: fromData(data.amount), status: 'open', evidence: [] })
  const dispute = disputes.get(data.disputeId)
  if (!dispute) return disputes
  switch (type) {
    case 'DisputeEvidenceSubmitted': {
      const { kind, documentHash, submittedAt } = data
      return put({ ...dispute, evidence: [...dispute.evidence, { kind, documentHash, submittedAt }] })
    }
    case 'DisputeWon':
      return put({ ...dispute, status: 'won', closedAt: data.wonAt })
    case 'DisputeLost':
      return put({ ...dispute, status: 'lost', closedAt: data.lostAt })
  }
}
