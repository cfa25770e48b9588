// An API key: whom it speaks for, and the hash of its secret. The secret itself is shown once and kept nowhere.
import { accept, type Decision, reject } from '../core/decider.ts'

export const roles = ['operator', 'merchant', 'terminal', 'regulator'] as const
export type Role = (typeof roles)[number]

type Issued = {
  readonly role: Role
  readonly merchantId?: string
  readonly terminalId?: string
  /** Who holds it, where it is not a merchant or a terminal. */
  readonly name?: string
  readonly secretHash: string
  readonly issuedAt: string
}

export type ApiKeyCommand =
  | { type: 'IssueKey'; data: Issued }
  | { type: 'RevokeKey'; data: { revokedAt: string } }
export type ApiKeyEvent =
  | { type: 'KeyIssued'; data: Issued }
  | { type: 'KeyRevoked'; data: { revokedAt: string } }
export type ApiKeyRejection = 'key_exists' | 'key_not_found'
type IssuedKey = Issued & { readonly status: 'active' | 'revoked' }
export type ApiKey = { readonly status: 'new' } | IssuedKey

export const initialState = (): ApiKey => ({ status: 'new' })

export function decide({ type, data }: ApiKeyCommand, state: ApiKey): Decision<ApiKeyEvent, ApiKeyRejection> {
  if (type === 'IssueKey')
    return state.status === 'new' ? accept({ type: 'KeyIssued', data }) : reject('key_exists')
  if (state.status === 'new') return reject('key_not_found')
  return state.status === 'revoked' ? accept() : accept({ type: 'KeyRevoked', data })
}

export function evolve(state: ApiKey, event: ApiKeyEvent): ApiKey {
  if (event.type === 'KeyIssued') return { ...event.data, status: 'active' }
  return state.status === 'new' ? state : { ...state, status: 'revoked' }
}
