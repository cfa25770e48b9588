// A payment and what is handed out for it: the rules of the fulfillment, and the movement of money that follows.
import { accept, type Decision, reject } from '../core/decider.ts'
import { isZero, type Money, subtract, toData } from '../core/money.ts'
import * as card from '../pos/cardPayment.ts'
import type { CardPaymentEvent } from '../pos/cardPaymentEvents.ts'
import { isReversing, type OpenedCardPayment, refundableRest } from '../pos/cardPaymentState.ts'
import * as fulfillment from '../pos/fulfillment.ts'
import { type Consequence, consequenceOf, type Funds } from '../pos/fulfillmentConsequence.ts'
import type {
  Fulfillment,
  FulfillmentCommand,
  FulfillmentEvent,
  FulfillmentRejection,
} from '../pos/fulfillmentEvents.ts'
import { evolve } from '../pos/fulfillmentProgress.ts'
import type { OpenedPayment } from './payment.ts'
import type { OpenedQrPayment, QrPaymentEvent, QrPaymentRejection } from './qrPayment.ts'
import * as qr from './qrPayment.ts'
import { holdsMoney } from './transfer.ts'

export type FulfillmentPaymentCommand =
  | FulfillmentCommand
  /** Gives back what did not come out. `senders`: of a payment by QR, the credits whose sender's account is known. */
  | {
      type: 'SettleFulfillment'
      data: {
        readonly refundId: string
        readonly senders: readonly string[]
        /** Whether money can go back at all, the way this payment came. */
        readonly wayBack: boolean
        readonly at: string
      }
    }
export type FulfillmentPaymentRejection = FulfillmentRejection | 'fulfillment_not_requested'

type FulfillmentDecision = Decision<
  QrPaymentEvent | CardPaymentEvent | FulfillmentEvent,
  FulfillmentPaymentRejection
>
type WithFulfillment = OpenedPayment & { readonly fulfillment: Fulfillment }

const own: ReadonlySet<string> = new Set([
  'ReportFulfillment',
  'TimeOutFulfillment',
  'ClaimPickup',
  'ResolveFulfillment',
  'SettleFulfillment',
] satisfies FulfillmentPaymentCommand['type'][])

export const isFulfillmentCommand = (command: {
  readonly type: string
}): command is FulfillmentPaymentCommand => own.has(command.type)

/** What there is of the payer's money, undefined where it is not there, not there yet, or on its way back. */
export function fundsOf(payment: OpenedPayment): Funds | undefined {
  if (payment.method === 'qr') return existing(qrFunds(payment))
  if (isReversing(payment)) return undefined
  if (payment.status === 'authorized') return { amount: payment.authorized, held: true }
  return payment.captured && payment.status !== 'reversed' ? existing(refundableRest(payment)) : undefined
}

const existing = (amount: Money | undefined): Funds | undefined =>
  amount && !isZero(amount) ? { amount, held: false } : undefined

const qrFunds = ({ paidAt, received, refunds }: OpenedQrPayment): Money | undefined =>
  paidAt === undefined
    ? undefined
    : [...refunds.values()]
        .flatMap(({ transfers }) => transfers)
        .filter(holdsMoney)
        .reduce((rest, { amount }) => subtract(rest, amount), received)

/** What is held is captured or released in the same breath; what is paid goes back by `SettleFulfillment`. */
export function decideFulfillment(
  command: FulfillmentPaymentCommand,
  payment: OpenedPayment,
): FulfillmentDecision {
  if (!payment.fulfillment) return reject('fulfillment_not_requested')
  if (command.type === 'SettleFulfillment') return settle(command.data, payment as WithFulfillment)
  const funds = fundsOf(payment)
  const paying = { moneyThere: funds !== undefined, terminalId: payment.terminalId }
  const decision = fulfillment.decide(command, payment.fulfillment, paying)
  if (!decision.accepted || !funds?.held) return decision
  const after = decision.events.reduce<Fulfillment>(
    (state, event) => evolve(state, event),
    payment.fulfillment,
  )
  const consequence = consequenceOf(after, funds)
  if (!consequence) return decision
  const at = command.type === 'TimeOutFulfillment' ? command.data.at : reportedAt(after)
  return accept(...decision.events, ...concludeHold(consequence, payment as OpenedCardPayment, at))
}

const reportedAt = ({ report }: Fulfillment): string => report!.reportedAt

/** A payment is fulfilled once, so its capture needs no other name. */
const captureId = 'cap_fulfillment'

function concludeHold(
  consequence: Consequence,
  payment: OpenedCardPayment,
  at: string,
): readonly (CardPaymentEvent | FulfillmentEvent)[] {
  const amount = toData(consequence.kind === 'void' ? payment.authorized : consequence.amount)
  const decision = card.decide(
    consequence.kind === 'void'
      ? { type: 'VoidPayment', data: { at } }
      : { type: 'CapturePayment', data: { captureId, amount, capturedAt: at } },
    payment,
  )
  if (decision.accepted) return decision.events
  return [{ type: 'FulfillmentUnsettled', data: { reason: decision.rejection, amount, noticedAt: at } }]
}

/** Once a person has been asked to act, nothing moves by itself any more. */
function settle(
  {
    refundId,
    senders,
    wayBack,
    at,
  }: Extract<FulfillmentPaymentCommand, { type: 'SettleFulfillment' }>['data'],
  payment: WithFulfillment,
): FulfillmentDecision {
  const consequence = consequenceOf(payment.fulfillment, fundsOf(payment))
  if (consequence?.kind !== 'refund' || payment.fulfillment.unsettled) return accept()
  const amount = toData(consequence.amount)
  const unsettled = (reason: string): FulfillmentDecision =>
    accept({ type: 'FulfillmentUnsettled', data: { reason, amount, noticedAt: at } })
  if (!wayBack) return unsettled(payment.method === 'qr' ? 'transfers_unavailable' : 'cards_unavailable')
  const refund = { refundId, amount, reason: reasonOf(payment.fulfillment), requestedAt: at }
  const decision: Decision<QrPaymentEvent | CardPaymentEvent, QrPaymentRejection | string> =
    payment.method === 'qr'
      ? qr.decide({ type: 'RequestRefund', data: { ...refund, senders } }, payment)
      : card.decide({ type: 'RequestRefund', data: refund }, payment)
  if (decision.accepted) return decision
  return decision.rejection === 'refund_exists' ? accept() : unsettled(decision.rejection)
}

function reasonOf({ report, timedOut }: Fulfillment): string {
  if (timedOut) return 'No report of the machine in time'
  return report?.outcome === 'failed' ? 'Nothing was dispensed' : 'Dispensed in part'
}
