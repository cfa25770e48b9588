// A payment and what is handed out for it: the rules of the fulfillment, and the movement of money that follows.
import { accept, type Decision, reject } from '../core/decider.ts'
import { toData } from '../core/money.ts'
import * as card from '../pos/cardPayment.ts'
import type { CardPaymentEvent } from '../pos/cardPaymentEvents.ts'
import type { OpenedCardPayment } from '../pos/cardPaymentState.ts'
import * as fulfillment from '../pos/fulfillment.ts'
import { type Consequence, consequenceOf } from '../pos/fulfillmentConsequence.ts'
import type {
  Fulfillment,
  FulfillmentCommand,
  FulfillmentEvent,
  FulfillmentRejection,
} from '../pos/fulfillmentEvents.ts'
import { evolve } from '../pos/fulfillmentProgress.ts'
import { fundsOf } from './funds.ts'
import type { OpenedPayment } from './payment.ts'
import type { QrPaymentEvent } from './qrPayment.ts'
import { type Settlement, settle } from './settleFulfillment.ts'

export type FulfillmentPaymentCommand =
  | FulfillmentCommand
  /** Gives back what did not come out, or tells a person. */
  | { type: 'SettleFulfillment'; data: Settlement }
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
  const end = decision.events.find(endsIt)
  if (!end) return decision
  const consequence = consequenceOf(evolve(payment.fulfillment, end), funds)
  const at = end.type === 'FulfillmentTimedOut' ? end.data.timedOutAt : end.data.reportedAt
  return accept(...decision.events, ...concludeHold(consequence!, payment as OpenedCardPayment, at))
}

type End = Extract<FulfillmentEvent, { type: 'FulfillmentReported' | 'FulfillmentTimedOut' }>

const endsIt = (event: FulfillmentEvent): event is End =>
  event.type === 'FulfillmentReported' || event.type === 'FulfillmentTimedOut'

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
