// Complaints for tests: of a payment of 125,000 đồng that was paid to an electricity company.
import type { ComplaintCommand, ComplaintEvent } from '../../../src/domain/complaints/complaintEvents.ts'

export const complaintId = 'cpl_7K3MA9QZXW4F2P8R607K3MA9QZ'
export const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const

const opening = {
  complaintId,
  merchantId: 'mer_7K3MA',
  kind: 'account_not_updated',
  by: 'merchant',
  openedAt: '2026-11-23T03:00:00.000Z',
  deadline: '2026-11-28T03:00:00.000Z',
} as const
const ofPayment = { paid: true, rest: vnd('125000'), openableFrom: '2026-11-23T03:00:00.000Z' } as const

type Data<T extends ComplaintCommand['type']> = Extract<ComplaintCommand, { type: T }>['data']
type EventData<T extends ComplaintEvent['type']> = Extract<ComplaintEvent, { type: T }>['data']

export const open = (changes: Partial<Data<'OpenComplaint'>> = {}) =>
  ({ type: 'OpenComplaint', data: { ...opening, ...ofPayment, ...changes } }) as const
export const opened = (changes: Partial<EventData<'ComplaintOpened'>> = {}) =>
  ({ type: 'ComplaintOpened', data: { ...opening, claim: vnd('125000'), ...changes } }) as const
export const openedForNothing = {
  type: 'ComplaintOpened',
  data: { ...opening, kind: 'service_cut' },
} as const

export const at = '2026-11-24T03:00:00.000Z'
const by = 'merchant' as const

export const resolve = (changes: Partial<Data<'ResolveComplaint'>> = {}) =>
  ({
    type: 'ResolveComplaint',
    data: { complaintId, remedy: 'refund', rest: vnd('125000'), by, at, ...changes },
  }) as const
export const resolved = (changes: Partial<EventData<'ComplaintResolved'>> = {}) =>
  ({
    type: 'ComplaintResolved',
    data: { complaintId, remedy: 'refund', refund: vnd('125000'), by, resolvedAt: at, ...changes },
  }) as const
export const corrected = {
  type: 'ComplaintResolved',
  data: { complaintId, remedy: 'corrected', by, resolvedAt: at },
} as const

export const refuse = (changes: Partial<Data<'RejectComplaint'>> = {}) =>
  ({ type: 'RejectComplaint', data: { complaintId, reason: 'Ours is updated', by, at, ...changes } }) as const
export const refused = {
  type: 'ComplaintRejected',
  data: { complaintId, reason: 'Ours is updated', by, rejectedAt: at },
} as const

export const say = (changes: Partial<Data<'AddEvidence'>> = {}) =>
  ({ type: 'AddEvidence', data: { complaintId, text: 'FT2611230001', by, at, ...changes } }) as const
export const said = (text = 'FT2611230001') =>
  ({ type: 'ComplaintEvidenceAdded', data: { complaintId, text, by, addedAt: at } }) as const

export const late = '2026-11-28T03:00:00.000Z'
export const byDefault = (when = late) =>
  ({ type: 'ResolveByDefault', data: { complaintId, at: when } }) as const
export const defaultResolved = {
  type: 'ComplaintDefaultResolved',
  data: { complaintId, refund: vnd('125000'), resolvedAt: late },
} as const

export const recordRefunded = { type: 'RecordRefunded', data: { complaintId, at } } as const
export const refunded = { type: 'ComplaintRefunded', data: { complaintId, refundedAt: at } } as const
export const recordFailed = (isRefused = false) =>
  ({
    type: 'RecordRefundFailed',
    data: { complaintId, reason: 'refund_failed', refused: isRefused, at },
  }) as const
export const refundFailed = (isRefused = false) =>
  ({
    type: 'ComplaintRefundFailed',
    data: { complaintId, reason: 'refund_failed', refused: isRefused, failedAt: at },
  }) as const
