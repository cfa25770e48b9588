// What the errors of EventStoreDB's client mean: what passes by itself, what the operator must know, what is a conflict.
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

type ClientError = Error & { readonly type?: string; readonly code?: number }

const passing = new Set(['not-leader', 'unavailable', 'deadline-exceeded', 'timeout', 'cancelled'])
/** gRPC's codes for a call that was cut off or not answered; some errors come bare, with nothing but the code. */
const passingCodes = new Set([1, 4, 10, 13, 14])

/** Whether the same call may succeed in a moment: no leader, no connection, no answer in time. */
export function passes(error: unknown): boolean {
  const { type, code, message } = error as ClientError
  return (
    (type !== undefined && passing.has(type)) ||
    (code !== undefined && passingCodes.has(code)) ||
    message?.startsWith('Failed to discover') === true
  )
}

export const isNotFound = (error: unknown): boolean => (error as ClientError).type === 'stream-not-found'

/** The version that a stream is at, where the error says that it was expected at another. */
export function actualVersion(error: unknown): number | undefined {
  const { type, actualVersion } = error as ClientError & { readonly actualVersion?: bigint | string }
  if (type !== 'wrong-expected-version') return undefined
  return typeof actualVersion === 'bigint' ? Number(actualVersion + 1n) : 0
}

const unimplemented = 12

/** What the operator may have to look at, by what the connection says. */
const cures: readonly (readonly [says: RegExp, cure: string])[] = [
  [/certificate/i, 'its certificate is not trusted: name who signed it, tlsCAFile=<file>'],
  [/wrong version number/, 'it does not speak TLS: write tls=false, or turn TLS on there'],
  [/Protocol error/, 'what listens there is no EventStoreDB'],
  [/ECONNREFUSED/, 'nothing listens there'],
  [/Name resolution failed/, 'no host has that name'],
]
const lookAgain = 'are its nodes up, and hosts and tls as they say?'

/** The error as the port has it. One that is neither the network's nor the operator's is a bug and stays as it is. */
export function storeError(error: unknown): unknown {
  const { type, code, message } = error as ClientError
  if (type === 'access-denied')
    return new StoreUnavailable(
      'EventStoreDB refuses the user of EVENTSTORE_URL: look at name and password, and whether it may read $all',
      { cause: error },
    )
  if (code === unimplemented)
    return new StoreUnavailable('EVENTSTORE_URL names no EventStoreDB, or one before 22.6', { cause: error })
  if (!passes(error)) return error
  const cure = cures.find(([says]) => says.test(message))?.[1] ?? lookAgain
  return new StoreUnavailable(`EventStoreDB does not answer at EVENTSTORE_URL: ${cure} (${message.trim()})`, {
    cause: error,
  })
}

export const noAnswer = (what: string): Error =>
  Object.assign(new Error(`${what}: no answer in time`), { type: 'deadline-exceeded' })
