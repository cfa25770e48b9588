// The card network of the sandbox, in this process: the pretend issuer behind the port, without a socket.
import type { AuthorizationRequest, CardNetwork, NetworkAnswer } from './cardNetwork.ts'
import { attemptIdOf, type NetworkTrace } from './networkTrace.ts'
import { approvalCodeFor, type IssuerAnswer, issuerAnswer } from './sandboxIssuer.ts'
import { type SandboxLedger, sandboxLedger } from './sandboxLedger.ts'

type Options = {
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<unknown>
  /** How long a request that nobody answers is waited for, and how much later a late answer comes. */
  readonly patienceMs?: number
  readonly ledger?: SandboxLedger
}

const yes: NetworkAnswer = { status: 'answered', responseCode: '00' }
const noAnswer: NetworkAnswer = { status: 'no_answer' }

export function sandboxNetwork({ wait, patienceMs = 2_000, ledger = sandboxLedger() }: Options): CardNetwork {
  return {
    authorize: async (request, late) => {
      const { kind, amount, card } = request
      const message = {
        key: keyOf(request, request.trace),
        reference: request.reference,
        amount,
        sale: kind === 'sale',
      }
      const answer = ledger.request(message, () => issuerAnswer(card.token, amount))
      if (answer.kind !== 'silence' && answer.kind !== 'late') return said(request, answer)
      await wait(patienceMs)
      if (answer.kind === 'late') void wait(patienceMs).then(() => late(said(request, answer)))
      return noAnswer
    },
    complete: async (advice) => {
      ledger.complete({ ...advice, key: `completed ${keyOf(advice, advice.trace)}` })
      return yes
    },
    reverse: async (advice) => {
      const original = keyOf(advice, advice.original)
      ledger.reverse({ ...advice, key: original, original })
      return yes
    },
    refund: async (advice) => {
      ledger.refund({ ...advice, key: `refunded ${keyOf(advice, advice.trace)}` })
      return yes
    },
  }
}

type Answered = Extract<NetworkAnswer, { status: 'answered' }>

function said(
  { amount, reference, trace }: AuthorizationRequest,
  answer: Exclude<IssuerAnswer, { kind: 'silence' }>,
): Answered {
  if (answer.kind === 'declined') return { status: 'answered', responseCode: answer.responseCode }
  const approvalCode = approvalCodeFor(reference, trace.stan)
  return answer.amount.minor === amount.minor
    ? { status: 'answered', responseCode: '00', approvalCode }
    : { status: 'answered', responseCode: '10', approvalCode, amount: answer.amount }
}

/** A request of a terminal is named by its payment and its trace. */
const keyOf = ({ reference }: { readonly reference: string }, trace: NetworkTrace): string =>
  `${reference} ${attemptIdOf(trace)}`
