// A webhook endpoint: where a merchant wants to be told of what, and how the messages are signed.
import { accept, type Decision, reject } from '../core/decider.ts'

export const payloads = ['thin', 'full'] as const
export const signatures = ['v1', 'v1a'] as const
export type SignatureScheme = (typeof signatures)[number]

type Target = {
  readonly url: string
  /** Public message types. "All" is recorded as the list of that day: later types must be asked for. */
  readonly events: readonly string[]
}
type Registered = Target & {
  readonly merchantId: string
  readonly payload: (typeof payloads)[number]
  readonly signature: SignatureScheme
  readonly registeredAt: string
}
type Changed = Target & { readonly changedAt: string }
/** `gone`: the receiver answered 410. `failing`: the last attempt of the schedule failed too. */
export const disabledReasons = ['requested', 'gone', 'failing'] as const
type Disabled = { readonly reason: (typeof disabledReasons)[number]; readonly disabledAt: string }
type Range = { readonly from: number; readonly to: number; readonly requestedAt: string }

export type WebhookEndpointCommand =
  | { type: 'RegisterWebhookEndpoint'; data: Registered }
  | { type: 'ChangeWebhookEndpoint'; data: Changed }
  | { type: 'RotateWebhookSecret'; data: { rotatedAt: string } }
  | { type: 'DisableWebhookEndpoint'; data: Disabled }
  | { type: 'EnableWebhookEndpoint'; data: { enabledAt: string } }
  | { type: 'RequestWebhookReplay'; data: Range }

export type WebhookEndpointEvent =
  | { type: 'WebhookEndpointRegistered'; data: Registered }
  | { type: 'WebhookEndpointChanged'; data: Changed }
  /** The secret of a generation derives from the master key. Those before sign too, each until its time. */
  | { type: 'WebhookSecretRotated'; data: { generation: number; rotatedAt: string; previousUntil: string } }
  | { type: 'WebhookEndpointDisabled'; data: Disabled }
  | { type: 'WebhookEndpointEnabled'; data: { enabledAt: string } }
  | { type: 'WebhookReplayRequested'; data: Range }

export type WebhookEndpointRejection =
  | 'webhook_endpoint_exists'
  | 'webhook_endpoint_not_found'
  | 'webhook_endpoint_disabled'
  | 'webhook_secrets_exceeded'

type Retiring = { readonly generation: number; readonly until: string }

export type RegisteredWebhookEndpoint = Registered & {
  readonly status: 'enabled' | 'disabled'
  readonly disabled?: Disabled
  readonly generation: number
  readonly retiring: readonly Retiring[]
}
export type WebhookEndpoint = { readonly status: 'new' } | RegisteredWebhookEndpoint
type WebhookDecision = Decision<WebhookEndpointEvent, WebhookEndpointRejection>

/** How long messages carry the signatures of both secrets after a rotation. */
const overlapMs = 24 * 3_600_000
const retiringMax = 3 // each costs every message a signature

export const initialState = (): WebhookEndpoint => ({ status: 'new' })

export function decide({ type, data }: WebhookEndpointCommand, state: WebhookEndpoint): WebhookDecision {
  if (type === 'RegisterWebhookEndpoint')
    return state.status === 'new'
      ? accept({ type: 'WebhookEndpointRegistered', data })
      : reject('webhook_endpoint_exists')
  if (state.status === 'new') return reject('webhook_endpoint_not_found')
  switch (type) {
    case 'ChangeWebhookEndpoint':
      return sameTarget(state, data) ? accept() : accept({ type: 'WebhookEndpointChanged', data })
    case 'RotateWebhookSecret':
      return rotate(data.rotatedAt, state)
    case 'DisableWebhookEndpoint':
      return state.status === 'disabled' ? accept() : accept({ type: 'WebhookEndpointDisabled', data })
    case 'EnableWebhookEndpoint':
      return state.status === 'enabled' ? accept() : accept({ type: 'WebhookEndpointEnabled', data })
    case 'RequestWebhookReplay':
      return state.status === 'disabled'
        ? reject('webhook_endpoint_disabled')
        : accept({ type: 'WebhookReplayRequested', data })
  }
}

const sameTarget = (a: Target, b: Target): boolean =>
  a.url === b.url && a.events.length === b.events.length && a.events.every((type) => b.events.includes(type))

function rotate(rotatedAt: string, state: RegisteredWebhookEndpoint): WebhookDecision {
  if (stillSigning(state, rotatedAt).length >= retiringMax) return reject('webhook_secrets_exceeded')
  const previousUntil = new Date(Date.parse(rotatedAt) + overlapMs).toISOString()
  const data = { generation: state.generation + 1, rotatedAt, previousUntil }
  return accept({ type: 'WebhookSecretRotated', data })
}

/** Older secrets that sign beside the newest at an instant, newest first. */
export const stillSigning = ({ retiring }: RegisteredWebhookEndpoint, at: string): readonly Retiring[] =>
  retiring.filter(({ until }) => Date.parse(until) > Date.parse(at))

export function evolve(state: WebhookEndpoint, event: WebhookEndpointEvent): WebhookEndpoint {
  if (event.type === 'WebhookEndpointRegistered')
    return { ...event.data, status: 'enabled', generation: 1, retiring: [] }
  if (state.status === 'new') return state
  switch (event.type) {
    case 'WebhookEndpointChanged':
      return { ...state, url: event.data.url, events: event.data.events }
    case 'WebhookSecretRotated':
      return rotated(state, event.data)
    case 'WebhookEndpointDisabled':
      return { ...state, status: 'disabled', disabled: event.data }
    case 'WebhookEndpointEnabled': {
      const { disabled: _, ...rest } = state
      return { ...rest, status: 'enabled' }
    }
    default:
      return state
  }
}

const rotated = (
  state: RegisteredWebhookEndpoint,
  { generation, rotatedAt, previousUntil }: { generation: number; rotatedAt: string; previousUntil: string },
): RegisteredWebhookEndpoint => ({
  ...state,
  generation,
  retiring: [{ generation: state.generation, until: previousUntil }, ...stillSigning(state, rotatedAt)],
})
