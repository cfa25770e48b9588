// The gateway's side of the card network on Node: traces from a counter, and what went wrong to the log.
import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Gateway } from '../../domain/gateway.ts'
import { type CardAuthorizer, cardAuthorizer } from '../../domain/pos/authorizeCard.ts'
import type { CardNetwork } from '../../domain/pos/cardNetwork.ts'
import { newTrace } from '../../domain/pos/networkTrace.ts'
import { sandboxCard } from '../../domain/pos/sandboxIssuer.ts'
import { sandboxNetwork } from '../../domain/pos/sandboxNetwork.ts'
import type { Services } from '../../http/services.ts'

/** The way to the card network, and what is known of cards by their tokens. */
export type Cards = Pick<Services, 'cardOf'> & {
  readonly network: CardNetwork
  /** The network gives up sooner; what is open longer was cut off, and is reversed. */
  readonly answerMs?: number
}

/** The pretend issuer in this process, and its test cards. */
export const sandboxCards = (): Cards => ({
  network: sandboxNetwork({ wait: (ms) => wait(ms, undefined, { ref: false }) }),
  cardOf: sandboxCard,
})

const usualAnswerMs = 60_000

export function authorizerOver(
  { payments }: Gateway,
  { network, answerMs = usualAnswerMs }: Cards,
  { now, log }: Pick<Services, 'now' | 'log'>,
): CardAuthorizer {
  let counter = randomInt(1_000_000) // a second process, or a second start in the same second, begins elsewhere
  return cardAuthorizer({
    payments,
    network,
    now,
    nextTrace: () => newTrace(now(), counter++),
    answerMs,
    lateFailed: (error) => log.error({ err: error }, 'a late answer of the card network was not recorded'),
  })
}
