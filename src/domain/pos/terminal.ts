// A terminal: a till, QR display, pump or machine that takes payments at a site, activated once by a code.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { TerminalKind } from '../merchants/sectors.ts'

type Registered = {
  readonly merchantId: string
  readonly siteId: string
  readonly kind: TerminalKind
  readonly serialNumber: string
  /** ISO 8583 DE41 and DE42. */
  readonly terminalId: string
  readonly cardAcceptorId: string
  readonly activationCodeHash: string
  readonly registeredAt: string
}
type Activated = { readonly keyId: string; readonly activatedAt: string }

export type TerminalCommand =
  | { type: 'RegisterTerminal'; data: Registered }
  | { type: 'ActivateTerminal'; data: Activated }
export type TerminalEvent =
  | { type: 'TerminalRegistered'; data: Registered }
  | { type: 'TerminalActivated'; data: Activated }
export type TerminalRejection = 'terminal_exists' | 'terminal_not_found' | 'terminal_already_activated'
export type RegisteredTerminal = Registered & {
  readonly status: 'registered' | 'active'
  readonly keyId?: string
  readonly activatedAt?: string
}
export type Terminal = { readonly status: 'new' } | RegisteredTerminal

export const initialState = (): Terminal => ({ status: 'new' })

export function decide(
  { type, data }: TerminalCommand,
  state: Terminal,
): Decision<TerminalEvent, TerminalRejection> {
  if (type === 'RegisterTerminal')
    return state.status === 'new' ? accept({ type: 'TerminalRegistered', data }) : reject('terminal_exists')
  if (state.status === 'new') return reject('terminal_not_found')
  return state.status === 'active'
    ? reject('terminal_already_activated') // also for the same key: the code is good for one use
    : accept({ type: 'TerminalActivated', data })
}

export function evolve(state: Terminal, event: TerminalEvent): Terminal {
  if (event.type === 'TerminalRegistered') return { ...event.data, status: 'registered' }
  return state.status === 'new' ? state : { ...state, ...event.data, status: 'active' }
}
