// 0200 sale and 0100 authorization: asked of the card network once, however often the till asks.
import { fromData, type Money, toData } from '../../../domain/core/money.ts'
import { asCardPayment, type Payment } from '../../../domain/payments/payment.ts'
import { retrievalReference } from '../../../domain/payments/reference.ts'
import type { CardRequest } from '../../../domain/pos/authorizeCard.ts'
import { isReversing, type OpenedCardPayment, sameMoney } from '../../../domain/pos/cardPaymentState.ts'
import { amountDigits, amountIn, currencyIn } from '../amounts.ts'
import type { Message } from '../message.ts'
import { cardIn } from './card.ts'
import { code } from './codes.ts'
import { paymentIdOf, traceIn } from './naming.ts'
import { type HostAnswer, type HostPorts, merchantOf, type Till } from './ports.ts'

/** DE25: the till can take the rest another way. */
const partialAccepted = '41'

export async function authorize({ mti, fields }: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const { cards, now } = ports
  const trace = traceIn(fields, now())
  if (!trace || fields[4] === undefined) return { responseCode: code.formatError }
  if (!currencyIn(fields)) return { responseCode: code.invalidTransaction }
  const amount = amountIn(fields)!
  if (amount.minor === 0n) return { responseCode: code.invalidAmount }
  const card = cardIn(fields, ports)
  if (typeof card === 'string') return { responseCode: card }
  if (!cards) return { responseCode: code.noIssuer }
  const { merchantId, siteId } = till.terminal
  const payee = { ...(await merchantOf(till, ports)), merchantId }
  const { terms } = await ports.fees.termsFor(payee, 'card', amount.currency)
  const request: CardRequest = {
    merchantId,
    siteId,
    terminalId: till.id,
    amount: toData(amount),
    feePlan: terms,
    card: card.facts,
    capture: mti.startsWith('01') ? 'manual' : 'automatic',
    acceptsPartial: fields[25] === partialAccepted,
  }
  const paymentId = paymentIdOf(till, trace, ports)
  const { outcome, iccData } = await cards.authorize(paymentId, request, { actor: till.id }, card.data)
  if (outcome.ok) return answerOf(paymentId, outcome.state, iccData)
  switch (outcome.rejection) {
    case 'payment_exists':
      return repeated(paymentId, request, amount, await decided(paymentId, till, ports))
    case 'payment_forestalled':
      return { responseCode: code.invalidTransaction }
    default:
      return { responseCode: code.malfunction }
  }
}

/**
 * The payment as it is once nobody in this process waits for its answer. If it has none then, the process that asked is
 * another or dead: the till is told that nobody knows, and a reversal makes that stay true.
 */
async function decided(paymentId: string, till: Till, { payments, cards, now }: HostPorts): Promise<Payment> {
  const state = await cards!.settled(paymentId)
  if (state.status !== 'pending' || state.method !== 'card' || isReversing(state)) return state
  const data = { reason: 'no_answer', at: now().toISOString() } as const
  const command = { type: 'RequestReversal', data } as const
  const outcome = await payments.handle(paymentId, command, { actor: till.id })
  return outcome.ok ? outcome.state : (await payments.load(paymentId)).state
}

/** The same again is answered as it was; the same number for something else is a fault of the till. */
function repeated(
  paymentId: string,
  { card, capture }: CardRequest,
  amount: Money,
  state: Payment,
): HostAnswer {
  const first = asCardPayment(state)
  const same =
    first?.card.token === card.token && first.capture === capture && sameMoney(amount, fromData(first.amount))
  return same ? answerOf(paymentId, state) : { responseCode: code.duplicate }
}

function answerOf(paymentId: string, state: Payment, iccData?: string): HostAnswer {
  const payment = asCardPayment(state)
  if (!payment) throw new Error(`${paymentId} was authorized and is no payment by card`)
  const { responseCode, approvalCode, approved } = answered(payment)
  return {
    responseCode,
    fields: {
      37: retrievalReference(paymentId),
      ...(approvalCode !== undefined && { 38: approvalCode }),
      ...(approved && { 4: amountDigits(approved.minor) }),
      ...(iccData !== undefined && { 55: iccData }),
    },
  }
}

type Answered = { readonly responseCode: string; readonly approvalCode?: string; readonly approved?: Money }

/**
 * What the till is told. Where nobody knows the outcome it must hand out nothing, and need not reverse: the gateway does,
 * until the network acknowledges.
 */
function answered(payment: OpenedCardPayment): Answered {
  const { outcome, approved, approvalCode, responseCode } = payment.attempts.get(payment.attemptId)!
  if (outcome === 'declined') return { responseCode: responseCode! }
  if (outcome !== 'approved') return { responseCode: code.outcomeUnknown }
  const short = !payment.acceptsPartial && !sameMoney(fromData(payment.amount), approved)
  if (short) return { responseCode: code.insufficientFunds } // a part that the till does not take is given back
  if (isReversing(payment)) return { responseCode: code.invalidTransaction } // the till has reversed it itself
  return { responseCode: responseCode!, approvalCode: approvalCode!, approved: approved! }
}
