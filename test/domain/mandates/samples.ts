// Mandates that tests share: for an electricity customer, up to 2,000,000 đồng a bill, three days' notice.
import type { MoneyData } from '../../../src/domain/core/money.ts'
import type { DebitOutcome, SkipReason } from '../../../src/domain/mandates/debitEvents.ts'
import type {
  MandateCommand,
  MandateEvent,
  MandateTerms,
  RegistrationOutcome,
} from '../../../src/domain/mandates/mandateEvents.ts'

export const at = '2026-11-05T03:00:00.000Z'
export const later = '2026-11-12T00:00:00.000Z'
export const vnd = (amount: string): MoneyData => ({ amount, currency: 'VND' })
export const billId = 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ'
export const otherBill = 'bil_9QZXW4F2P8R607K3MA9QZ7K3MA'
export const paymentId = 'pay_7K3MA9QZXW4F2P8R60'
export const terms: MandateTerms = {
  billerId: 'mer_7K3MA',
  customerCode: 'PD13000123456',
  token: 'dbt_9QZXW4F2P8R7K3MA',
  cap: vnd('2000000'),
  noticeDays: 3,
}
export const parties = { billerId: terms.billerId }
export const agentId = 'mer_9QZXW'

export const request: MandateCommand = { type: 'RequestMandate', data: { ...terms, requestedAt: at } }
export const register = (outcome: RegistrationOutcome, when = at): MandateCommand => ({
  type: 'RecordRegistration',
  data: { outcome, at: when },
})
export const act = (type: 'PauseMandate' | 'ResumeMandate' | 'CancelMandate', when = at): MandateCommand => ({
  type,
  data: { at: when },
})
export const announce = (changes: object = {}): MandateCommand => ({
  type: 'AnnounceDebit',
  data: { billId, amount: vnd('1250000'), dueOn: '2026-11-12', because: at, at, ...changes },
})
export const skip = (reason: SkipReason, when = later): MandateCommand => ({
  type: 'SkipDebit',
  data: { billId, reason, at: when },
})
export const debit = (changes: object = {}): MandateCommand => ({
  type: 'RequestDebit',
  data: { billId, paymentId, amount: vnd('1250000'), at: later, ...changes },
})
export const outcome = (said: DebitOutcome, when = later): MandateCommand => ({
  type: 'RecordDebitOutcome',
  data: { billId, outcome: said, at: when },
})

type EventOf<T extends MandateEvent['type']> = Extract<MandateEvent, { type: T }>
const event = <T extends MandateEvent['type']>(type: T, data: EventOf<T>['data']) =>
  ({ type, data }) as EventOf<T>

export const requested = (changes: object = {}) =>
  event('MandateRequested', { ...terms, requestedAt: at, ...changes })
export const pending = (asks: number, askAt: string, pendingAt = at) =>
  event('MandatePending', { ...parties, asks, pendingAt, askAt })
export const activated = event('MandateActivated', { ...parties, last4: '6789', activatedAt: at })
export const declined = (reason = 'account_closed', declinedAt = at) =>
  event('MandateDeclined', { ...parties, reason, declinedAt })
export const paused = event('MandatePaused', { ...parties, pausedAt: at })
export const resumed = event('MandateResumed', { ...parties, resumedAt: at })
export const canceled = (by: 'merchant' | 'bank' = 'merchant', canceledAt = at) =>
  event('MandateCanceled', { ...parties, by, canceledAt })
export const announced = (changes: object = {}) =>
  event('DebitAnnounced', {
    ...parties,
    billId,
    attempt: 1,
    amount: vnd('1250000'),
    debitOn: '2026-11-12',
    debitAt: '2026-11-12T00:00:00.000Z',
    announcedAt: at,
    ...changes,
  })
export const skipped = (reason: SkipReason, skippedAt = later, changes: object = {}) =>
  event('DebitSkipped', { ...parties, billId, attempt: 1, reason, skippedAt, ...changes })
export const debitRequested = event('DebitRequested', {
  ...parties,
  billId,
  paymentId,
  amount: vnd('1250000'),
  requestedAt: later,
  askAt: '2026-11-12T00:01:00.000Z',
})
export const debitUnknown = (asks: number, askAt: string, unknownAt = later) =>
  event('DebitUnknown', { ...parties, billId, asks, unknownAt, askAt })
export const completed = event('DebitCompleted', {
  ...parties,
  billId,
  paymentId,
  amount: vnd('1250000'),
  completedAt: later,
})
export const debitDeclined = (reason = 'insufficient_funds') =>
  event('DebitDeclined', { ...parties, billId, paymentId, amount: vnd('1250000'), reason, declinedAt: later })

export const active = [requested(), activated] as const
