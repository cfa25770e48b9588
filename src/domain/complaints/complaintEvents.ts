// The words of complaints: what may be asked of them, what can have happened to them, and why something was not done.
import type { Money, MoneyData } from '../core/money.ts'
import type { ComplaintKind } from './complaintTerms.ts'

/** `agent`: who took the payment for the merchant, and answers nothing. */
export type ComplaintParty = 'payer' | 'agent' | 'terminal' | 'merchant' | 'operator'

/** `refund`: money goes back. `corrected`: it was put right without: the account is updated, the service is back. */
export type Remedy = 'refund' | 'corrected'

type Named = { readonly complaintId: string }
type Said = { readonly text: string; readonly by: ComplaintParty }

type Opening = Named & {
  readonly merchantId: string
  readonly terminalId?: string
  readonly kind: ComplaintKind
  /** What was said, without personal data. */
  readonly text?: string
  readonly by: ComplaintParty
  readonly openedAt: string
  /** Until when the merchant must answer; then it is resolved for the payer. */
  readonly deadline: string
}

/** `rest`: what of the payment's money is there and not on its way back. */
type OfPayment = { readonly paid: boolean; readonly rest: MoneyData; readonly openableFrom: string }

export type ComplaintCommand =
  /** `amount`: what the payer wants back, where that is not all. */
  | { type: 'OpenComplaint'; data: Opening & OfPayment & { readonly amount?: MoneyData } }
  | { type: 'AddEvidence'; data: Named & Said & { readonly at: string } }
  | {
      type: 'ResolveComplaint'
      data: Named & {
        readonly remedy: Remedy
        /** Of a refund; absent: what was claimed. */
        readonly amount?: MoneyData
        readonly rest: MoneyData
        readonly note?: string
        readonly by: ComplaintParty
        readonly at: string
      }
    }
  | {
      type: 'RejectComplaint'
      data: Named & { readonly reason: string; readonly by: ComplaintParty; readonly at: string }
    }
  | { type: 'ResolveByDefault'; data: Named & { readonly at: string } }
  | { type: 'RecordRefunded'; data: Named & { readonly at: string } }
  /** `refused`: there is no refund, for it could not be asked for. */
  | {
      type: 'RecordRefundFailed'
      data: Named & { readonly reason: string; readonly refused: boolean; readonly at: string }
    }

export type ComplaintEvent =
  /** `claim`: what goes back if the payer is right; absent: nothing of this payment. */
  | { type: 'ComplaintOpened'; data: Opening & { readonly claim?: MoneyData } }
  | { type: 'ComplaintEvidenceAdded'; data: Named & Said & { readonly addedAt: string } }
  /** `refund`: to be asked for on the payment, under the complaint's id. */
  | {
      type: 'ComplaintResolved'
      data: Named & {
        readonly remedy: Remedy
        readonly refund?: MoneyData
        readonly note?: string
        readonly by: ComplaintParty
        readonly resolvedAt: string
      }
    }
  | {
      type: 'ComplaintRejected'
      data: Named & { readonly reason: string; readonly by: ComplaintParty; readonly rejectedAt: string }
    }
  /** Nobody answered in time. */
  | {
      type: 'ComplaintDefaultResolved'
      data: Named & { readonly refund?: MoneyData; readonly resolvedAt: string }
    }
  | { type: 'ComplaintRefunded'; data: Named & { readonly refundedAt: string } }
  | {
      type: 'ComplaintRefundFailed'
      data: Named & { readonly reason: string; readonly refused: boolean; readonly failedAt: string }
    }

export type ComplaintRejection =
  | 'complaint_not_found'
  | 'complaint_differs'
  | 'complaint_open'
  | 'complaints_exceeded'
  | 'complaint_payment_unpaid'
  | 'complaint_payment_paid'
  | 'complaint_too_early'
  | 'complaint_amount_missing'
  | 'complaint_amount_unexpected'
  | 'complaint_currency_differs'
  | 'complaint_exceeds_payment'
  | 'complaint_closed'
  | 'complaint_overdue'
  | 'complaint_not_due'
  | 'complaint_evidence_exceeded'

export const complaintStatuses = [
  'assigned',
  'resolved',
  'rejected',
  'default_resolved',
  'pending_refund',
  'refunded',
  'failed',
] as const
export type ComplaintStatus = (typeof complaintStatuses)[number]

export type Complaint = Opening & {
  readonly status: ComplaintStatus
  readonly claim?: Money
  readonly evidence: readonly (Said & { readonly addedAt: string })[]
  /** How it was answered; `by` is absent where nobody did. */
  readonly answer?: {
    readonly outcome: 'resolved' | 'rejected' | 'default_resolved'
    readonly remedy?: Remedy
    readonly refund?: Money
    readonly text?: string
    readonly by?: ComplaintParty
    readonly at: string
  }
  readonly failure?: { readonly reason: string; readonly refused: boolean }
}

/** All complaints about one payment. */
export type Complaints =
  | { readonly status: 'new' }
  | { readonly status: 'opened'; readonly byId: ReadonlyMap<string, Complaint> }
