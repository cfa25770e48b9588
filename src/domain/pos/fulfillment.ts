// What is handed out for a payment by a machine, a pump or at a pick-up: reported once, or timed out. One state machine for all of them.
import { accept, type Decision, reject } from '../core/decider.ts'
import { fromData, isZero, type Money, subtract, toData, zero } from '../core/money.ts'
import type {
  DataOf,
  Fulfillment,
  FulfillmentCommand,
  FulfillmentEvent,
  FulfillmentRejection,
} from './fulfillmentEvents.ts'
import { type ReadReport, readReport, sameReport } from './fulfillmentReport.ts'

/** What the rules ask of the payment, however it is paid. */
export type Paying = {
  /** The money is still held or paid, and not on its way back. */
  readonly moneyThere: boolean
  /** The terminal that the payment was asked for at. */
  readonly terminalId?: string | undefined
}

type FulfillmentDecision = Decision<FulfillmentEvent, FulfillmentRejection>

export function decide(
  { type, data }: FulfillmentCommand,
  state: Fulfillment,
  paying: Paying,
): FulfillmentDecision {
  switch (type) {
    case 'ReportFulfillment':
      return report(data, state, paying)
    case 'TimeOutFulfillment':
      return timeOut(data.at, state)
    case 'ClaimPickup':
      return claim(data, state, paying)
    case 'ResolveFulfillment':
      return resolve(data, state)
  }
}

/** The machine has been told to hand out, and nothing ended it yet. */
export const isOpen = ({ since, withdrawn, report, timedOut }: Fulfillment): boolean =>
  since !== undefined && !withdrawn && !report && !timedOut

/** Until when the machine is waited for; undefined before the money is there. */
export const deadlineOf = ({ since, timeoutSeconds }: Fulfillment): string | undefined =>
  since === undefined ? undefined : new Date(Date.parse(since) + timeoutSeconds * 1000).toISOString()

/** Who hands it out: the payment's terminal, or the one that a pick-up was claimed at. */
export const handedOutBy = ({ mode, claimedBy }: Fulfillment, terminalId?: string): string | undefined =>
  mode === 'pickup' ? claimedBy : terminalId

export const isAfter = (deadline: string | undefined, at: string): boolean =>
  deadline !== undefined && Date.parse(at) >= Date.parse(deadline)

function report(
  data: DataOf<'ReportFulfillment'>,
  state: Fulfillment,
  { moneyThere, terminalId }: Paying,
): FulfillmentDecision {
  if (!state.worth) return reject('fulfillment_not_due')
  if (data.terminalId !== handedOutBy(state, terminalId)) return reject('fulfillment_elsewhere')
  const read = readReport(data, fromData(state.worth), state)
  if (typeof read === 'string') return reject(read)
  if (state.report && sameReport(state.report, read)) return accept()
  if (state.report && state.report.outcome !== 'failed') return reject('fulfillment_differs')
  const nothing = isZero(read.amount)
  if (isOpen(state) && (moneyThere || nothing)) return accept(reported(read, data, fromData(state.worth)))
  if (nothing) return accept() // nothing came out, and nothing was taken
  if (state.dispute) return sameReport(state.dispute, read) ? accept() : reject('fulfillment_differs')
  return accept(disputed(read, data, state))
}

const factsOf = (
  { outcome, amount, delivery }: ReadReport,
  { detail, terminalId, reportedAt }: DataOf<'ReportFulfillment'>,
) => ({
  outcome,
  amount: toData(amount),
  ...(delivery && { delivery }),
  ...(detail !== undefined && { detail }),
  terminalId,
  reportedAt,
})

const reported = (read: ReadReport, data: DataOf<'ReportFulfillment'>, worth: Money): FulfillmentEvent => ({
  type: 'FulfillmentReported',
  data: { ...factsOf(read, data), rest: toData(subtract(worth, read.amount)) },
})

/** Something came out after the money was given back, or without it: people must look, and no money moves by itself. */
const disputed = (
  read: ReadReport,
  data: DataOf<'ReportFulfillment'>,
  { report, timedOut }: Fulfillment,
): FulfillmentEvent => {
  const reason = report ? 'reported_failed' : timedOut ? 'timed_out' : 'money_gone'
  return { type: 'FulfillmentDisputed', data: { ...factsOf(read, data), reason } }
}

function timeOut(at: string, state: Fulfillment): FulfillmentDecision {
  if (!isOpen(state)) return accept()
  if (!isAfter(deadlineOf(state), at)) return reject('payment_not_due')
  return accept({ type: 'FulfillmentTimedOut', data: { rest: state.worth!, timedOutAt: at } })
}

function claim(data: DataOf<'ClaimPickup'>, state: Fulfillment, { moneyThere }: Paying): FulfillmentDecision {
  if (state.mode !== 'pickup') return reject('fulfillment_elsewhere')
  if (state.claimedBy !== undefined)
    return state.claimedBy === data.terminalId ? accept() : reject('pickup_claimed')
  if (!isOpen(state) || !moneyThere || isAfter(deadlineOf(state), data.claimedAt))
    return reject('fulfillment_not_due')
  return accept({ type: 'PickupClaimed', data })
}

function resolve(data: DataOf<'ResolveFulfillment'>, state: Fulfillment): FulfillmentDecision {
  if (!state.dispute && !state.unsettled) return reject('fulfillment_exception_not_found')
  return state.resolvedAt === undefined ? accept({ type: 'FulfillmentExceptionResolved', data }) : accept()
}

/** What was handed out, in money; undefined until that is known. */
export function takenBy({ worth, report, timedOut }: Fulfillment): Money | undefined {
  if (report) return fromData(report.amount)
  return timedOut && zero(worth!.currency)
}
