// From what handling a command gave to a reply, the same way for every resource.
import type { Outcome } from '../domain/core/commandHandling.ts'
import type { Reply } from './endpoint.ts'
import { Problem, type ProblemCode } from './problem.ts'
import { etag } from './schemas.ts'

type Done<State> = Extract<Outcome<State, never>, { ok: true }>

/** The outcome when it went well; else its rejection as a problem. */
export function accepted<State>(outcome: Outcome<State, ProblemCode & string>): Done<State> {
  if (outcome.ok) return outcome
  throw refusal(outcome)
}

/** A rejection as a problem; where the version differs, with the real one. */
export function refusal({ rejection, version }: { rejection: ProblemCode; version: number }): Problem {
  return rejection === 'version_differs' ? versionDiffers(version) : new Problem(rejection)
}

/** What If-Match gets that names another version than the resource has. */
export const versionDiffers = (version: number): Problem =>
  new Problem('version_differs', { version, headers: { etag: etag(version) } })

/** A reply with the resource's version, marked when the request had been answered before. */
export const reply = (
  status: number,
  body: object,
  { version, replayed }: { version: number; replayed?: boolean },
): Reply => ({
  status,
  body,
  headers: { etag: etag(version), ...(replayed && { 'idempotent-replayed': 'true' }) },
})

/** The state of an aggregate that a command has just left in being; anything else is a bug. */
export function existing<State extends { readonly status: string }>(
  state: State,
): Exclude<State, { readonly status: 'new' }> {
  if (state.status === 'new') throw new Error('handled a command and is still new')
  return state as Exclude<State, { readonly status: 'new' }>
}
