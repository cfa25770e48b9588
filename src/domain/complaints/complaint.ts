// The complaints about one payment: opened for the payer, answered by the merchant or by the clock, and what became of the money.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, isZero, type Money, type MoneyData, toData } from '../core/money.ts'
import type {
  Complaint,
  ComplaintCommand,
  ComplaintEvent,
  ComplaintRejection,
  Complaints,
} from './complaintEvents.ts'
import { type ComplaintKind, isOfUnpaid, owedFor } from './complaintTerms.ts'

type ComplaintDecision = Decision<ComplaintEvent, ComplaintRejection>
type DataOf<T extends ComplaintCommand['type']> = Extract<ComplaintCommand, { type: T }>['data']

const complaintsMax = 20
const evidenceMax = 20

export const initialState = (): Complaints => ({ status: 'new' })

export const complaintIn = (state: Complaints, complaintId: string): Complaint | undefined =>
  state.status === 'new' ? undefined : state.byId.get(complaintId)

export function decide(command: ComplaintCommand, state: Complaints): ComplaintDecision {
  if (command.type === 'OpenComplaint') return open(command.data, state)
  const complaint = complaintIn(state, command.data.complaintId)
  if (!complaint) return reject('complaint_not_found')
  switch (command.type) {
    case 'AddEvidence':
      return addEvidence(command.data, complaint)
    case 'ResolveComplaint':
      return resolve(command.data, complaint)
    case 'RejectComplaint':
      return rejectIt(command.data, complaint)
    case 'ResolveByDefault':
      return resolveByDefault(command.data, complaint)
    case 'RecordRefunded':
      return recordRefunded(command.data, complaint)
    case 'RecordRefundFailed':
      return recordRefundFailed(command.data, complaint)
  }
}

/** One complaint of a kind at a time: the same wish twice must not be paid twice. */
function open(data: DataOf<'OpenComplaint'>, state: Complaints): ComplaintDecision {
  const { amount, paid, rest, openableFrom, ...opening } = data
  const all = state.status === 'new' ? [] : [...state.byId.values()]
  const earlier = complaintIn(state, data.complaintId)
  if (earlier) return earlier.kind === data.kind ? accept() : reject('complaint_differs')
  if (paid && isOfUnpaid(data.kind)) return reject('complaint_payment_paid')
  if (!paid && !isOfUnpaid(data.kind)) return reject('complaint_payment_unpaid')
  if (Date.parse(data.openedAt) < Date.parse(openableFrom)) return reject('complaint_too_early')
  if (all.some((one) => one.kind === data.kind && isOpen(one))) return reject('complaint_open')
  if (all.length >= complaintsMax) return reject('complaints_exceeded')
  const claim = claimOf(data.kind, amount, fromData(rest))
  if (typeof claim === 'string') return reject(claim)
  return accept({ type: 'ComplaintOpened', data: { ...opening, ...(claim && { claim: toData(claim) }) } })
}

const isOpen = ({ status }: Complaint): boolean => status === 'assigned' || status === 'pending_refund'

/** What goes back if the payer is right: undefined where nothing does. */
function claimOf(
  kind: ComplaintKind,
  amount: MoneyData | undefined,
  rest: Money,
): Money | ComplaintRejection | undefined {
  const owed = owedFor(kind)
  if (!amount) return owed === 'said' ? 'complaint_amount_missing' : owed === 'all' ? some(rest) : undefined
  return owed === 'nothing' ? 'complaint_amount_unexpected' : within(fromData(amount), rest)
}

const some = (money: Money): Money | undefined => (isZero(money) ? undefined : money)

function within(amount: Money, rest: Money): Money | ComplaintRejection {
  if (amount.currency !== rest.currency) return 'complaint_currency_differs'
  return exceeds(amount, rest) ? 'complaint_exceeds_payment' : amount
}

function addEvidence({ at, ...said }: DataOf<'AddEvidence'>, complaint: Complaint): ComplaintDecision {
  if (complaint.evidence.some(({ text, by }) => text === said.text && by === said.by)) return accept()
  if (complaint.status !== 'assigned') return reject('complaint_closed')
  if (complaint.evidence.length >= evidenceMax) return reject('complaint_evidence_exceeded')
  return accept({ type: 'ComplaintEvidenceAdded', data: { ...said, addedAt: at } })
}

/** Also after the deadline, and again where the refund could not be asked for. */
function resolve(data: DataOf<'ResolveComplaint'>, complaint: Complaint): ComplaintDecision {
  const { complaintId, remedy, note, by, at, rest } = data
  const refund = remedy === 'refund' ? refundOf(data.amount, fromData(rest), complaint) : undefined
  const canAnswer = complaint.status === 'assigned' || complaint.failure?.refused === true
  if (!canAnswer) return isSameAnswer(data, complaint) ? accept() : reject('complaint_closed')
  if (remedy === 'corrected' && data.amount) return reject('complaint_amount_unexpected')
  if (typeof refund === 'string') return reject(refund)
  return accept({
    type: 'ComplaintResolved',
    data: {
      complaintId,
      remedy,
      ...(refund && { refund: toData(refund) }),
      ...(note !== undefined && { note }),
      by,
      resolvedAt: at,
    },
  })
}

function refundOf(
  amount: MoneyData | undefined,
  rest: Money,
  { claim }: Complaint,
): Money | ComplaintRejection {
  const wanted = amount ? fromData(amount) : claim
  return wanted ? within(wanted, rest) : 'complaint_amount_missing'
}

function isSameAnswer({ remedy, amount }: DataOf<'ResolveComplaint'>, { answer, claim }: Complaint): boolean {
  if (answer?.outcome !== 'resolved' || answer.remedy !== remedy) return false
  const wanted = amount ? fromData(amount) : claim
  return remedy === 'corrected' || answer.refund?.minor === wanted?.minor
}

function rejectIt({ at, ...data }: DataOf<'RejectComplaint'>, complaint: Complaint): ComplaintDecision {
  const { status, answer } = complaint
  if (status === 'rejected' && answer?.text === data.reason) return accept()
  if (status !== 'assigned') return reject('complaint_closed')
  if (isOverdue(complaint, at)) return reject('complaint_overdue')
  return accept({ type: 'ComplaintRejected', data: { ...data, rejectedAt: at } })
}

function resolveByDefault(
  { complaintId, at }: DataOf<'ResolveByDefault'>,
  complaint: Complaint,
): ComplaintDecision {
  if (complaint.status !== 'assigned') return accept() // answered meanwhile
  if (!isOverdue(complaint, at)) return reject('complaint_not_due')
  const { claim } = complaint
  const data = { complaintId, ...(claim && { refund: toData(claim) }), resolvedAt: at }
  return accept({ type: 'ComplaintDefaultResolved', data })
}

const isOverdue = ({ deadline }: Complaint, at: string): boolean => Date.parse(at) >= Date.parse(deadline)

/** Also of a refund that had failed and was tried again. */
function recordRefunded(
  { complaintId, at }: DataOf<'RecordRefunded'>,
  { status }: Complaint,
): ComplaintDecision {
  if (status === 'refunded') return accept()
  if (status !== 'pending_refund' && status !== 'failed') return reject('complaint_closed')
  return accept({ type: 'ComplaintRefunded', data: { complaintId, refundedAt: at } })
}

function recordRefundFailed(
  { at, ...data }: DataOf<'RecordRefundFailed'>,
  { status }: Complaint,
): ComplaintDecision {
  if (status === 'failed') return accept()
  if (status !== 'pending_refund') return reject('complaint_closed')
  return accept({ type: 'ComplaintRefundFailed', data: { ...data, failedAt: at } })
}

export function evolve(state: Complaints, event: ComplaintEvent): Complaints {
  const before = state.status === 'new' ? new Map<string, Complaint>() : state.byId
  const complaint = event.type === 'ComplaintOpened' ? opened(event.data) : before.get(event.data.complaintId)
  if (!complaint) return state
  const after = happened(complaint, event)
  return { status: 'opened', byId: new Map(before).set(after.complaintId, after) }
}

type DataOfEvent<T extends ComplaintEvent['type']> = Extract<ComplaintEvent, { type: T }>['data']

const opened = ({ claim, ...opening }: DataOfEvent<'ComplaintOpened'>): Complaint => ({
  ...opening,
  ...(claim && { claim: fromData(claim) }),
  status: 'assigned',
  evidence: [],
})

function happened(complaint: Complaint, event: ComplaintEvent): Complaint {
  switch (event.type) {
    case 'ComplaintOpened':
      return complaint
    case 'ComplaintEvidenceAdded': {
      const { complaintId: _, ...said } = event.data
      return { ...complaint, evidence: [...complaint.evidence, said] }
    }
    case 'ComplaintResolved':
      return resolved(complaint, event.data)
    case 'ComplaintRejected': {
      const { reason: text, by, rejectedAt: at } = event.data
      return { ...complaint, status: 'rejected', answer: { outcome: 'rejected', text, by, at } }
    }
    case 'ComplaintDefaultResolved': {
      const { refund, resolvedAt: at } = event.data
      const answer = { outcome: 'default_resolved', ...(refund && { refund: fromData(refund) }), at } as const
      return { ...complaint, status: refund ? 'pending_refund' : 'default_resolved', answer }
    }
    case 'ComplaintRefunded': {
      const { failure: _, ...rest } = complaint
      return { ...rest, status: 'refunded' }
    }
    case 'ComplaintRefundFailed': {
      const { reason, refused } = event.data
      return { ...complaint, status: 'failed', failure: { reason, refused } }
    }
  }
}

function resolved(
  { failure: _, ...complaint }: Complaint,
  { remedy, refund, note, by, resolvedAt: at }: DataOfEvent<'ComplaintResolved'>,
): Complaint {
  const answer = {
    outcome: 'resolved',
    remedy,
    ...(refund && { refund: fromData(refund) }),
    ...(note !== undefined && { text: note }),
    by,
    at,
  } as const
  return { ...complaint, status: refund ? 'pending_refund' : 'resolved', answer }
}
