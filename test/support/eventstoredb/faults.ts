// What the double of EventStoreDB is told to do wrong, call by call.
import { Metadata, type ServerWritableStream, type ServiceError, status } from '@grpc/grpc-js'

export type Call = {
  readonly method: 'append' | 'read' | 'subscribe'
  /** Which node is asked, from 0. */
  readonly node: number
  /** How many calls of this method there were, from 1. */
  readonly number: number
}

/**
 * `unavailable`: refused. `silent`: never answered. `committed…`: done, and then refused or never answered. `cut`: the
 * answer breaks off after some events, by an error or, with `code` 0, by an end as if there were no more.
 */
export type Fault =
  | { readonly kind: 'unavailable' | 'silent' | 'committedThenUnavailable' | 'committedThenSilent' }
  | { readonly kind: 'cut'; readonly afterEvents: number; readonly code: number }

export type Faults = {
  /** Asked at each call. */
  script: (call: Call) => Fault | undefined
  /** Calls so far, by method. */
  readonly calls: Record<Call['method'], number>
  /** How many records were sent to readers, subscriptions left out. */
  sent: number
  /** At which record of the log each subscription began. */
  readonly begun: number[]
  /** Subscriptions that are open. */
  readonly open: Set<ServerWritableStream<unknown, unknown>>
  /** Called when a subscription has told that it has caught up. */
  caughtUp: () => void
}

export const createFaults = (): Faults => ({
  script: () => undefined,
  calls: { append: 0, read: 0, subscribe: 0 },
  sent: 0,
  begun: [],
  open: new Set(),
  caughtUp: () => {},
})

export function faultOf(faults: Faults, method: Call['method'], node: number): Fault | undefined {
  faults.calls[method] += 1
  return faults.script({ method, node, number: faults.calls[method] })
}

export function grpcError(
  code: number,
  details: string,
  metadata: Readonly<Record<string, string>> = {},
): ServiceError {
  const all = new Metadata()
  for (const [name, value] of Object.entries(metadata)) all.set(name, value)
  return Object.assign(new Error(details), { code, details, metadata: all })
}

export const unavailable = (): ServiceError => grpcError(status.UNAVAILABLE, 'scripted')

export const notLeader = (port: number): ServiceError =>
  grpcError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': '127.0.0.1',
    'leader-endpoint-port': String(port),
  })

export const accessDenied = (): ServiceError =>
  grpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' })
