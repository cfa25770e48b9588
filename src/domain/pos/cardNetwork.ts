// The port to the card network: what an acquirer must do for us, whether over ISO 8583 or pretended by the sandbox.
import type { Money } from '../core/money.ts'
import type { CardFacts, ReversalReason } from './cardPaymentEvents.ts'
import type { NetworkTrace } from './networkTrace.ts'

/**
 * What a terminal read from a card. Only ever in memory, on its way to the acquirer: no event, no read model, no log and
 * no error holds any of it.
 */
export type CardData = {
  readonly pan: string
  /** YYMM. */
  readonly expiry?: string
  readonly trackTwo?: string
  /** DE22. */
  readonly entryMode?: string
  /** DE23. */
  readonly sequenceNumber?: string
  /** DE52, hex. */
  readonly pinBlock?: string
  /** DE55, hex. */
  readonly iccData?: string
}

/** The point of sale as the card network knows it: DE41 and DE42. */
export type Acceptor = { readonly terminalId: string; readonly cardAcceptorId: string }

type Transaction = Acceptor & {
  /** DE37, twelve characters: one payment's, in all of its messages. */
  readonly reference: string
  readonly trace: NetworkTrace
  readonly card: CardFacts
}

export type AuthorizationRequest = Transaction & {
  /** `sale`: approval is also capture (0200). The others hold money (0100). */
  readonly kind: 'sale' | 'authorization' | 'increment'
  readonly amount: Money
  readonly acceptsPartial: boolean
  /** Absent for a card that is known by its token only, and for increments. */
  readonly cardData?: CardData
  /** The authorization that an increment adds to. */
  readonly original?: NetworkTrace
}

/** An answer to a request. `no_answer`: none came in time, or one that is neither yes nor no; money may be held. */
export type NetworkAnswer =
  | {
      readonly status: 'answered'
      /** DE39. */
      readonly responseCode: string
      /** DE38, where it approves. */
      readonly approvalCode?: string
      /** What was approved, where that is not what was asked for. */
      readonly amount?: Money
      /** DE55 for the chip, hex: for the terminal, in memory only. */
      readonly iccData?: string
    }
  | { readonly status: 'no_answer' }

/** Told of an answer that comes after `no_answer` was given, or after a no to a request that was repeated. May be told twice. */
export type LateAnswer = (answer: Extract<NetworkAnswer, { status: 'answered' }>) => void

export type Completion = Transaction & {
  readonly original: NetworkTrace
  readonly approvalCode: string
  readonly authorized: Money
  readonly amount: Money
  readonly repeat: boolean
}

export type ReversalAdvice = Transaction & {
  /** The request that is undone, and of what kind it was. */
  readonly original: NetworkTrace
  readonly kind: AuthorizationRequest['kind']
  readonly amount: Money
  readonly reason: ReversalReason
  readonly repeat: boolean
}

export type RefundAdvice = Transaction & {
  readonly original: NetworkTrace
  readonly amount: Money
  readonly repeat: boolean
}

/**
 * None of these throws for a network that fails: that is `no_answer`. Each ends within the network's own time limits.
 * Advices are told again, with `repeat`, until one is answered; the trace of a repeat is that of the first.
 */
export type CardNetwork = {
  /** Asks; where no answer comes, asks once more whether there was one (a repeat is never a new transaction); then gives up. */
  readonly authorize: (request: AuthorizationRequest, late: LateAnswer) => Promise<NetworkAnswer>
  readonly complete: (advice: Completion) => Promise<NetworkAnswer>
  readonly reverse: (advice: ReversalAdvice) => Promise<NetworkAnswer>
  readonly refund: (advice: RefundAdvice) => Promise<NetworkAnswer>
}
