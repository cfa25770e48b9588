// How far an endpoint's messages have been delivered, and what one attempt changes about that. Pure.
import { attemptsMax, delayAfter, retryAfterOf } from './schedule.ts'

/**
 * A row of messages that is delivered strictly in order: the endpoint's own (`live`, without an end), or a replay, named
 * by the position of the event that asked for it.
 */
export type Lane = {
  readonly name: string
  /** The message to deliver next, and how often that has failed. */
  readonly next: number
  readonly failed: number
  /** Not before this instant, milliseconds since 1970. */
  readonly notBefore: number
  /** The last message, where there is one. */
  readonly last: number | null
  readonly lastFailure: string | null
  /** The position of the event that last gave `next` all its attempts anew, '' for none. */
  readonly revived: string
}
export type EndpointLane = Lane & { readonly endpointId: string }

export const live = ''

export const newLane = (name: string, next: number, last: number | null): Lane => ({
  name,
  next,
  last,
  failed: 0,
  notBefore: 0,
  lastFailure: null,
  revived: '',
})

/** What came of an attempt: the receiver's answer, or why there is none. */
export type Attempt =
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly failure: 'timeout' | 'unreachable' | 'address_refused' }

export type AttemptOutcome = 'delivered' | 'refused' | 'timeout' | 'unreachable' | 'address_refused'

export const outcomeOf = (attempt: Attempt): AttemptOutcome => {
  if ('failure' in attempt) return attempt.failure
  return attempt.status >= 200 && attempt.status < 300 ? 'delivered' : 'refused'
}

const gone = 410

/** The lane after an attempt; `disable` when the endpoint is to be told no more. */
export function afterAttempt(
  lane: Lane,
  attempt: Attempt,
  now: Date,
  chance: number,
): { readonly lane: Lane; readonly disable?: 'gone' | 'failing' } {
  const outcome = outcomeOf(attempt)
  if (outcome === 'delivered')
    return { lane: { ...newLane(lane.name, lane.next + 1, lane.last), revived: lane.revived } }
  const failed = lane.failed + 1
  const lastFailure = 'status' in attempt ? `status ${attempt.status}` : attempt.failure
  const asked = 'status' in attempt ? retryAfterOf(attempt.retryAfter, now) : 0
  const delay = delayAfter(failed, chance, asked)
  const after = { ...lane, failed, lastFailure, notBefore: now.getTime() + (delay ?? 0) }
  if ('status' in attempt && attempt.status === gone) return { lane: after, disable: 'gone' }
  if (delay !== undefined) return { lane: after }
  return lane.last === null
    ? { lane: after, disable: 'failing' }
    : { lane: { ...after, next: lane.last + 1 } }
}

/** Every attempt has been made: only the disabling is still to be recorded (a crash came between). */
export const isExhausted = ({ failed }: Lane): boolean => failed >= attemptsMax

/** Enabled again, or sent elsewhere, by the event at `position`: the message that stood in the way gets all its attempts anew, at once. */
export const revived = (lane: Lane, position: string): Lane =>
  position > lane.revived && position > lane.name
    ? { ...lane, failed: 0, notBefore: 0, revived: position }
    : lane

/** What two gateways know of one lane, put together in whatever order they said it. */
export function furtherOf(a: Lane, b: Lane): Lane {
  const further = isFurther(b, a) ? b : a
  return revived(further, a.revived > b.revived ? a.revived : b.revived)
}

function isFurther(a: Lane, b: Lane): boolean {
  if (a.next !== b.next) return a.next > b.next
  if (a.revived !== b.revived) return a.revived > b.revived
  return a.failed > b.failed
}

/** Sent to the end or given up: nothing is left of it. Only a replay ends; its messages can be asked for again. */
export const isFinished = ({ next, last }: Lane): boolean => last !== null && next > last
