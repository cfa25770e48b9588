// The card network over ISO 8583: every question has a timer, is repeated once, and is given up; what is answered after that is told as late.
import type { CardNetwork, LateAnswer, NetworkAnswer } from '../../../domain/pos/cardNetwork.ts'
import { isApproval } from '../../../domain/pos/responseCodes.ts'
import type { Message } from '../message.ts'
import { keyOf, type LinkOptions, openLink } from './link.ts'
import {
  answerIn,
  authorizationMessage,
  completionMessage,
  noAnswer,
  refundMessage,
  reversalMessage,
} from './messages.ts'

export type AcquirerOptions = Omit<
  LinkOptions,
  'answerMs' | 'echoEveryMs' | 'reconnectMs' | 'heard' | 'up'
> & {
  /** Milliseconds, where they are not the usual ones. */
  readonly times?: Partial<typeof usual>
}

export type AcquirerNetwork = CardNetwork & {
  readonly isUp: () => boolean
  /** Hangs up. Questions that are out get no answer. */
  readonly close: () => Promise<void>
}

/** `repeatMs`: how much longer, after a request was repeated. `lateMs`: how long a late answer is still listened for. */
const usual = {
  requestMs: 15_000,
  repeatMs: 10_000,
  lateMs: 600_000,
  echoEveryMs: 60_000,
  reconnectFirstMs: 500,
  reconnectLastMs: 30_000,
}
const inFlightMax = 2_000
const lateMax = 10_000

type Question = {
  /** Asks again, whether the first was heard or not: whoever had it answers as it did then. */
  readonly repeat: () => void
  readonly hear: (answer: Message) => void
  readonly giveUp: () => void
}

/** "Issuer not available": nothing was sent, so nothing can be held, and there is nothing to reverse. */
const notSent: NetworkAnswer = { status: 'answered', responseCode: '91' }

export function openAcquirer({ times, ...line }: AcquirerOptions): AcquirerNetwork {
  const { requestMs, repeatMs, lateMs, echoEveryMs, reconnectFirstMs, reconnectLastMs } = {
    ...usual,
    ...times,
  }
  const out = new Map<string, Question>()
  const late = new Map<string, (answer: Message) => void>()
  const link = openLink({
    ...line,
    answerMs: requestMs,
    echoEveryMs,
    reconnectMs: { first: reconnectFirstMs, last: reconnectLastMs },
    heard: (answer) => {
      const key = keyOf(answer)
      const hear = out.get(key)?.hear ?? late.get(key)
      hear?.(answer)
    },
    up: () => {
      for (const { repeat } of out.values()) repeat() // the answers may have gone with the line
    },
  })

  /** The answer, or none in time. A request is repeated half-way; an advice is repeated by who sent it. */
  function ask(message: Message, tellLate?: LateAnswer): Promise<NetworkAnswer> {
    const key = keyOf(message)
    const askedIn = message.fields[49]!
    return new Promise((resolve) => {
      let timer = setTimeout(tellLate ? halfWay : giveUp, requestMs)
      let repeats = false
      function repeat(): void {
        repeats = link.send(repeated(message)) || repeats
      }
      function halfWay(): void {
        repeat()
        timer = setTimeout(giveUp, repeatMs)
      }
      function giveUp(): void {
        end(noAnswer)
      }
      function end(answer: NetworkAnswer): void {
        clearTimeout(timer)
        out.delete(key)
        if (tellLate && mayBeFollowed(answer, repeats)) listenLonger(key, askedIn, tellLate)
        resolve(answer)
      }
      out.set(key, { repeat, hear: (one) => end(answerIn(one, askedIn)), giveUp })
    })
  }

  /** For answers after the one that counted. Nothing of the question is kept for it: that may hold card data. */
  function listenLonger(key: string, askedIn: string, tellLate: LateAnswer): void {
    late.set(key, (message) => {
      const answer = answerIn(message, askedIn)
      if (answer.status === 'answered') tellLate(answer)
    })
    if (late.size > lateMax) late.delete(late.keys().next().value!)
    setTimeout(() => late.delete(key), lateMs).unref()
  }

  async function request(message: Message, tellLate: LateAnswer): Promise<NetworkAnswer> {
    if (out.has(keyOf(message))) return noAnswer // what the first of the same comes to is not known yet
    if (out.size >= inFlightMax || !link.send(message)) return notSent
    return ask(message, tellLate)
  }

  async function advise(message: Message): Promise<NetworkAnswer> {
    if (out.size >= inFlightMax || out.has(keyOf(message)) || !link.send(message)) return noAnswer
    return ask(message)
  }

  return {
    authorize: (one, late) => request(authorizationMessage(one, line.codec.profile), late),
    complete: (one) => advise(completionMessage(one)),
    reverse: (one) => advise(reversalMessage(one)),
    refund: (one) => advise(refundMessage(one)),
    isUp: link.isUp,
    close: async () => {
      link.close()
      for (const { giveUp } of [...out.values()]) giveUp()
    },
  }
}

/** A repeated question can be answered twice, and a no to the repeat says little about the first. */
const mayBeFollowed = (answer: NetworkAnswer, repeats: boolean): boolean =>
  answer.status === 'no_answer' || (repeats && !isApproval(answer.responseCode))

/** The repeat of a request or an advice: its fourth digit is 1. */
const repeated = (message: Message): Message => ({ ...message, mti: `${message.mti.slice(0, 3)}1` })
