// A card network for tests: approves, unless a test has said what it answers next; and remembers what it was told.
import type {
  AuthorizationRequest,
  CardNetwork,
  Completion,
  LateAnswer,
  NetworkAnswer,
  RefundAdvice,
  ReversalAdvice,
} from '../../src/domain/pos/cardNetwork.ts'
import type { CardFacts } from '../../src/domain/pos/cardPaymentEvents.ts'

type Kind = keyof CardNetwork
type Told = {
  readonly authorize: AuthorizationRequest[]
  readonly complete: Completion[]
  readonly reverse: ReversalAdvice[]
  readonly refund: RefundAdvice[]
}

export const approved = (approvalCode = 'A1B2C3'): NetworkAnswer => ({
  status: 'answered',
  responseCode: '00',
  approvalCode,
})
export const refusedWith = (responseCode: string): NetworkAnswer => ({ status: 'answered', responseCode })
export const noAnswer: NetworkAnswer = { status: 'no_answer' }

export type PretendNetwork = {
  readonly network: CardNetwork
  readonly cardOf: (token: string) => CardFacts | undefined
  readonly told: Told
  /** What it answers next to that kind of message; afterwards it approves again. */
  readonly answerNext: (kind: Kind, ...answers: (NetworkAnswer | Promise<NetworkAnswer>)[]) => void
  /** What it answers from now on where nothing else was said; undefined: it approves. */
  readonly answerAlways: (kind: Kind, answer: NetworkAnswer | undefined) => void
  /** Answers the last request after all. */
  readonly answerLate: LateAnswer
}

export function pretendNetwork(): PretendNetwork {
  const told: Told = { authorize: [], complete: [], reverse: [], refund: [] }
  const next: Record<Kind, (NetworkAnswer | Promise<NetworkAnswer>)[]> = {
    authorize: [],
    complete: [],
    reverse: [],
    refund: [],
  }
  const always: Partial<Record<Kind, NetworkAnswer>> = {}
  let late: LateAnswer = () => {}
  const answer = async (kind: Kind) => (await next[kind].shift()) ?? always[kind] ?? approved()
  const card = { scheme: 'visa', first6: '411111', last4: '1111' } as const
  return {
    network: {
      authorize: (request, tellLate) => {
        told.authorize.push(request)
        late = tellLate
        return answer('authorize')
      },
      complete: (advice) => {
        told.complete.push(advice)
        return answer('complete')
      },
      reverse: (advice) => {
        told.reverse.push(advice)
        return answer('reverse')
      },
      refund: (advice) => {
        told.refund.push(advice)
        return answer('refund')
      },
    },
    cardOf: (token) => (token.startsWith('tok_') ? { ...card, token } : undefined),
    told,
    answerNext: (kind, ...answers) => void next[kind].push(...answers),
    answerAlways: (kind, one) => {
      if (one) always[kind] = one
      else delete always[kind]
    },
    answerLate: (one) => late(one),
  }
}
