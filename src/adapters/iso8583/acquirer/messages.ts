// What is said to an acquirer, and what its answers mean: the port's requests as ISO 8583 messages, and back.
import { currencies } from '../../../domain/core/money.ts'
import type {
  AuthorizationRequest,
  CardData,
  Completion,
  NetworkAnswer,
  RefundAdvice,
  ReversalAdvice,
} from '../../../domain/pos/cardNetwork.ts'
import type { ReversalReason } from '../../../domain/pos/cardPaymentEvents.ts'
import type { NetworkTrace } from '../../../domain/pos/networkTrace.ts'
import { meaningOfResponse } from '../../../domain/pos/responseCodes.ts'
import { amountDigits, currencyNumbered } from '../amounts.ts'
import type { Fields, Message } from '../message.ts'
import type { Digits, Profile } from '../profile.ts'
import { writeOriginalData, writeReplacementAmounts } from '../subelements.ts'

const sale = '000000'
const refundTo = '200000'

type Told = Pick<
  AuthorizationRequest,
  'terminalId' | 'cardAcceptorId' | 'reference' | 'trace' | 'card' | 'amount'
>

/** What every message of a payment has. The card is named by its token in DE48: its number is not kept. */
const common = ({ terminalId, cardAcceptorId, reference, trace, card, amount }: Told): Fields => ({
  4: amountDigits(amount.minor),
  7: trace.transmittedAt,
  11: trace.stan,
  37: reference,
  41: terminalId,
  42: cardAcceptorId,
  48: card.token,
  49: currencies[amount.currency].numeric,
})

/** DE90. */
const about = (mti: string, { stan, transmittedAt }: NetworkTrace): string =>
  writeOriginalData({ mti, stan, transmittedAt, acquirer: '', forwarder: '' })

/** 0200 for a sale, else 0100; an increment names the authorization that it adds to. */
export function authorizationMessage(
  request: AuthorizationRequest,
  { digits: written }: Pick<Profile, 'digits'>,
): Message {
  const { kind, acceptsPartial, cardData, original } = request
  return {
    mti: kind === 'sale' ? '0200' : '0100',
    fields: {
      ...common(request),
      3: sale,
      25: acceptsPartial ? '41' : '00',
      ...(cardData && cardFields(cardData, written)),
      ...(original && { 90: about('0100', original) }),
    },
  }
}

const cardElements = {
  pan: 2,
  expiry: 14,
  entryMode: 22,
  sequenceNumber: 23,
  trackTwo: 35,
  pinBlock: 52,
  iccData: 55,
} as const satisfies Record<keyof CardData, number>

function cardFields(card: CardData, written: Digits): Fields {
  const entries = Object.entries(card).map(([name, value]) => [cardElements[name as keyof CardData], value])
  const fields: Fields = Object.fromEntries(entries)
  const { 35: trackTwo } = fields
  if (trackTwo === undefined || written === 'ascii') return fields
  return { ...fields, 35: trackTwo.replace('=', 'D') } // BCD has no "="
}

/** 0220: DE4 what was authorized, DE95 what is taken of it. */
export const completionMessage = (advice: Completion): Message => ({
  mti: advice.repeat ? '0221' : '0220',
  fields: {
    ...common({ ...advice, amount: advice.authorized }),
    3: sale,
    38: advice.approvalCode,
    90: about('0100', advice.original),
    95: writeReplacementAmounts(advice.amount.minor),
  },
})

/** DE56. */
const reasons: Readonly<Record<ReversalReason, string>> = {
  no_answer: '4021',
  late_approval: '4021',
  partial_not_accepted: '4004',
  malfunction: '4017',
  customer_canceled: '4000',
  voided: '4000',
}

/** 0420: nothing of the original stays (DE95). */
export const reversalMessage = (advice: ReversalAdvice): Message => ({
  mti: advice.repeat ? '0421' : '0420',
  fields: {
    ...common(advice),
    3: sale,
    56: reasons[advice.reason],
    90: about(advice.kind === 'sale' ? '0200' : '0100', advice.original),
    95: writeReplacementAmounts(0n),
  },
})

/** 0220 with processing code 20: an advice, because it is told until it is answered. */
export const refundMessage = (advice: RefundAdvice): Message => ({
  mti: advice.repeat ? '0221' : '0220',
  fields: { ...common(advice), 3: refundTo, 90: about('0200', advice.original) },
})

const partialApproval = '10'
export const noAnswer: NetworkAnswer = { status: 'no_answer' }

/**
 * What a host's answer says. None where it says neither yes nor no, and where it approves a request without an approval code or,
 * approving a part, without how much. DE4 says what was approved; its currency is the one asked in (numeric) unless DE49 is there.
 * The approval code keeps its six characters, also spaces: it goes to the till, and back in a completion, as it came.
 */
export function answerIn({ mti, fields }: Message, askedIn: string): NetworkAnswer {
  const { 4: minor, 38: approvalCode = '', 39: responseCode, 49: numeric = askedIn, 55: iccData } = fields
  if (responseCode === undefined) return noAnswer
  const { class: meaning } = meaningOfResponse(responseCode)
  if (meaning === 'unknown') return noAnswer
  const plain = { status: 'answered', responseCode } as const
  const toAdvice = mti[2] === '3'
  if (toAdvice) return plain
  const forChip = iccData === undefined ? plain : { ...plain, iccData }
  if (meaning !== 'approved') return forChip
  const currency = currencyNumbered(numeric)
  const saysHowMuch = minor !== undefined || responseCode !== partialApproval
  if (!currency || !saysHowMuch || approvalCode.trim() === '') return noAnswer
  const amount = minor === undefined ? {} : { amount: { minor: BigInt(minor), currency } }
  return { ...forChip, approvalCode, ...amount }
}
