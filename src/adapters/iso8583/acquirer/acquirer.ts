// The card network over ISO 8583: every question has a timer, is repeated once, and is given up; what is answered after that is told as late.
import type { CardNetwork, LateAnswer, NetworkAnswer } from '../../../domain/pos/cardNetwork.ts'
import type { Message } from '../message.ts'
import { keyOf, type LinkOptions, openLink } from './link.ts'
import {
  answerIn,
  authorizationMessage,
  completionMessage,
  refundMessage,
  reversalMessage,
} from './messages.ts'

export type AcquirerOptions = Pick<LinkOptions, 'host' | 'port' | 'codec' | 'tls' | 'chance' | 'now'> & {
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
  readonly message: Message
  readonly answer: (answer: NetworkAnswer) => void
}

const noAnswer: NetworkAnswer = { status: 'no_answer' }
/** "Issuer not available": nothing was sent, so nothing can be held, and there is nothing to reverse. */
const notSent: NetworkAnswer = { status: 'answered', responseCode: '91' }

export function openAcquirer({ times, ...line }: AcquirerOptions): AcquirerNetwork {
  const { requestMs, repeatMs, lateMs, echoEveryMs, reconnectFirstMs, reconnectLastMs } = {
    ...usual,
    ...times,
  }
  const out = new Map<string, Question>()
  const givenUp = new Map<string, LateAnswer>()
  const link = openLink({
    ...line,
    answerMs: requestMs,
    echoEveryMs,
    reconnectMs: { first: reconnectFirstMs, last: reconnectLastMs },
    heard,
    up: () => {
      for (const { message } of out.values()) link.send(repeated(message)) // the answers may have gone with the line
    },
  })

  function heard(message: Message): void {
    const key = keyOf(message)
    const answer = answerIn(message)
    const isAnswer = message.mti[2] === '1' || message.mti[2] === '3'
    if (!answer || !isAnswer) return
    const late = givenUp.get(key)
    givenUp.delete(key)
    out.get(key)?.answer(answer)
    late?.(answer)
  }

  /** The answer, or none in time. Half-way a request is repeated: whoever had the first answers as it did then. */
  function ask(message: Message, late?: LateAnswer): Promise<NetworkAnswer> {
    const key = keyOf(message)
    return new Promise((resolve) => {
      let timer = setTimeout(repeat, requestMs)
      function repeat(): void {
        if (late) link.send(repeated(message))
        timer = setTimeout(() => answer(noAnswer), late ? repeatMs : 0) // an advice is repeated by who sent it
      }
      function answer(one: NetworkAnswer): void {
        clearTimeout(timer)
        out.delete(key)
        if (one.status === 'no_answer' && late) listenLonger(key, late)
        resolve(one)
      }
      out.set(key, { message, answer })
    })
  }

  function listenLonger(key: string, late: LateAnswer): void {
    givenUp.set(key, late)
    if (givenUp.size > lateMax) givenUp.delete(givenUp.keys().next().value!)
    setTimeout(() => givenUp.delete(key), lateMs).unref()
  }

  async function request(message: Message, late: LateAnswer): Promise<NetworkAnswer> {
    if (out.size >= inFlightMax || out.has(keyOf(message)) || !link.send(message)) return notSent
    return ask(message, late)
  }

  async function advise(message: Message): Promise<NetworkAnswer> {
    if (out.size >= inFlightMax || out.has(keyOf(message)) || !link.send(message)) return noAnswer
    return ask(message)
  }

  return {
    authorize: (one, late) => request(authorizationMessage(one), late),
    complete: (one) => advise(completionMessage(one)),
    reverse: (one) => advise(reversalMessage(one)),
    refund: (one) => advise(refundMessage(one)),
    isUp: link.isUp,
    close: async () => {
      link.close()
      for (const { answer } of [...out.values()]) answer(noAnswer)
    },
  }
}

/** The repeat of a request or an advice: its fourth digit is 1. */
const repeated = (message: Message): Message => ({ ...message, mti: `${message.mti.slice(0, 3)}1` })
