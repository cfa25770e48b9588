// What a payment takes of money that is meant for it: never more than is due, from the right account, in time.
import { accept, type Decision, reject } from '../core/decider.ts'
import { add, exceeds, fromData, least, type MoneyData, subtract, toData } from '../core/money.ts'
import type { OpenedQrPayment, QrPaymentEvent, QrPaymentRejection } from './qrPayment.ts'
import { wasPaid } from './refund.ts'
import type { BankAccount } from './transferConnector.ts'

/** Money that arrived naming this payment. `occurredAt` is the bank's clock, `receivedAt` ours. */
export type Credit = BankAccount & {
  readonly creditId: string
  readonly connectorId: string
  readonly amount: MoneyData
  readonly payerHash?: string
  readonly occurredAt: string
  readonly receivedAt: string
}

/** Unapplied money that a person puts here. */
export type Application = Credit & { readonly applicationId: string; readonly appliedAt: string }

type TakeDecision = Decision<QrPaymentEvent, QrPaymentRejection>

export function applyCredit(credit: Credit, state: OpenedQrPayment): TakeDecision {
  if (state.credits.has(credit.creditId)) return accept() // counted already
  if (state.released.has(credit.creditId)) return reject('credit_released')
  if (!isForThisAccount(credit, state)) return reject('credit_mismatch')
  if (state.status === 'canceled') return reject('payment_canceled')
  if (wasPaid(state.status)) return reject('payment_already_paid')
  if (isLate(credit, state) || isTooLittle(credit, state)) return reject('payment_expired')
  return take(credit, state, credit.receivedAt)
}

/** A person says where money belongs: the text and the time do not matter, the account and the currency do. */
export function applyUnapplied(credit: Application, state: OpenedQrPayment): TakeDecision {
  if (state.applications.has(credit.applicationId)) return accept() // counted already
  if (!isForThisAccount(credit, state)) return reject('credit_mismatch')
  if (state.status === 'canceled') return reject('payment_canceled')
  if (wasPaid(state.status)) return reject('payment_already_paid')
  if (isTooLittle(credit, state)) return reject('credit_too_small')
  return take(credit, state, credit.appliedAt)
}

function take(
  { creditId, amount, applicationId, payerHash }: Credit & { readonly applicationId?: string },
  state: OpenedQrPayment,
  at: string,
): TakeDecision {
  const applied = least(subtract(state.due, state.received), fromData(amount))
  const paid = add(state.received, applied).minor === state.due.minor
  const taken = {
    type: 'CreditApplied',
    data: {
      creditId,
      applied: toData(applied),
      ...(applicationId !== undefined && { applicationId }),
      ...(payerHash !== undefined && !paid && { payerHash }),
    },
  } as const
  return paid ? accept<QrPaymentEvent>(taken, paidEvent(state, at)) : accept(taken)
}

const isForThisAccount = (credit: Credit, { connectorId, payTo, due }: OpenedQrPayment): boolean =>
  credit.amount.currency === due.currency &&
  (connectorId === undefined
    ? credit.bankBin === payTo.bankBin && credit.accountNumber === payTo.accountNumber
    : credit.connectorId === connectorId)

/** The bank's own time decides, where it is credible: a payer who paid in time is not late because the notification was. */
function isLate(credit: Credit, state: OpenedQrPayment): boolean {
  const grace = state.latePolicy.mode === 'accept' ? state.latePolicy.graceSeconds * 1000 : 0
  const deadline = Date.parse(state.expiresAt) + grace
  const paidAt = Date.parse(credit.occurredAt)
  const credible = paidAt >= Date.parse(state.requestedAt)
  return Date.parse(credit.receivedAt) > deadline && !(credible && paidAt <= deadline)
}

/** An expired payment can still be paid, but only at one stroke: it will not expire again, so a part would be stuck. */
const isTooLittle = ({ amount }: Credit, { status, due }: OpenedQrPayment): boolean =>
  status === 'expired' && exceeds(due, fromData(amount))

const paidEvent = (state: OpenedQrPayment, paidAt: string): QrPaymentEvent => {
  const { merchantId, siteId, terminalId, method, amount, fee, vat, bills } = state
  const where = terminalId === undefined ? { siteId } : { siteId, terminalId }
  const what = { method, amount, fee, ...(vat && { vat }), ...(bills && { bills }) }
  return { type: 'PaymentPaid', data: { merchantId, ...where, ...what, paidAt } }
}
