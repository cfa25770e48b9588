// A terminal: a till, QR display, pump or machine that takes payments at a site; activated once, then known by its key.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { TerminalKind } from '../merchants/sectors.ts'
import { latest, presenceAt } from './presence.ts'

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
type Rotation = {
  readonly keyId: string
  readonly rotatedAt: string
  /** How long the key before goes on working; 0 where it may be in wrong hands. */
  readonly overlapSeconds: number
  /** The key that asks, where the terminal itself does. */
  readonly byKeyId?: string
}
type KeyRotated = { readonly keyId: string; readonly rotatedAt: string; readonly previousUntil: string }
/** `generation` counts the terminal's MAC keys from 1; only the last one works. */
type MacKeyIssued = { readonly generation: number; readonly issuedAt: string }
type Side = 'merchant' | 'operator'
type Blocked = { readonly by: Side; readonly blockedAt: string }
type Unblocked = { readonly by: Side; readonly unblockedAt: string }
/** `quietSince`: when it was last seen, or could be, before this. */
type Heartbeat = { readonly seenAt: string; readonly quietSince: string; readonly softwareVersion?: string }
/** `absentSince`: where it was silent or lost, when it was last seen before. */
type Seen = { readonly seenAt: string; readonly absentSince?: string; readonly softwareVersion?: string }
type Lost = { readonly lastSeenAt: string; readonly lostAt: string }

export type TerminalCommand =
  | { type: 'RegisterTerminal'; data: Registered }
  | { type: 'ActivateTerminal'; data: Activated }
  | { type: 'RotateTerminalKey'; data: Rotation }
  | { type: 'IssueMacKey'; data: { issuedAt: string } }
  | { type: 'BlockTerminal'; data: Blocked }
  | { type: 'UnblockTerminal'; data: Unblocked }
  | { type: 'RevokeTerminal'; data: { revokedAt: string } }
  | { type: 'NoteHeartbeat'; data: Heartbeat }
  | { type: 'LoseTerminal'; data: Lost }
export type TerminalEvent =
  | { type: 'TerminalRegistered'; data: Registered }
  | { type: 'TerminalActivated'; data: Activated }
  | { type: 'TerminalKeyRotated'; data: KeyRotated }
  | { type: 'TerminalMacKeyIssued'; data: MacKeyIssued }
  | { type: 'TerminalBlocked'; data: Blocked }
  | { type: 'TerminalUnblocked'; data: Unblocked }
  | { type: 'TerminalRevoked'; data: { revokedAt: string } }
  | { type: 'TerminalSeen'; data: Seen }
  | { type: 'TerminalLost'; data: Lost }
export type TerminalRejection =
  | 'terminal_exists'
  | 'terminal_not_found'
  | 'terminal_already_activated'
  | 'terminal_not_activated'
  | 'terminal_blocked'
  | 'terminal_blocked_by_operator'
  | 'terminal_revoked'
  | 'terminal_key_replaced'

export const terminalStatuses = ['registered', 'active', 'blocked', 'revoked'] as const
export type RegisteredTerminal = Registered & {
  readonly status: (typeof terminalStatuses)[number]
  readonly keyId?: string
  readonly activatedAt?: string
  /** The key before the newest, and until when it works. */
  readonly previous?: { readonly keyId: string; readonly until: string }
  readonly block?: Blocked
  /** Which of its MAC keys works; absent: its messages are not signed. */
  readonly macGeneration?: number
  /** When the log says it was seen last: heartbeats in which nothing changes are not recorded. */
  readonly seenAt?: string
  readonly softwareVersion?: string
  /** While lost: when it was last seen. */
  readonly lostSince?: string
}
export type Terminal = { readonly status: 'new' } | RegisteredTerminal
type TerminalDecision = Decision<TerminalEvent, TerminalRejection>

export const initialState = (): Terminal => ({ status: 'new' })

export function decide({ type, data }: TerminalCommand, state: Terminal): TerminalDecision {
  if (type === 'RegisterTerminal')
    return state.status === 'new' ? accept({ type: 'TerminalRegistered', data }) : reject('terminal_exists')
  if (state.status === 'new') return reject('terminal_not_found')
  if (state.status === 'revoked') return type === 'RevokeTerminal' ? accept() : reject('terminal_revoked')
  switch (type) {
    case 'ActivateTerminal':
      return activate(data, state)
    case 'RotateTerminalKey':
      return rotate(data, state)
    case 'IssueMacKey':
      return issueMacKey(data, state)
    case 'BlockTerminal':
      return block(data, state)
    case 'UnblockTerminal':
      return unblock(data, state)
    case 'RevokeTerminal':
      return accept({ type: 'TerminalRevoked', data })
    case 'NoteHeartbeat':
      return heartbeat(data, state)
    case 'LoseTerminal':
      return lose(data, state)
  }
}

function activate(data: Activated, { keyId, status }: RegisteredTerminal): TerminalDecision {
  if (keyId !== undefined) return reject('terminal_already_activated') // also for the same key: the code is good for one use
  return status === 'blocked' ? reject('terminal_blocked') : accept({ type: 'TerminalActivated', data })
}

/** A blocked terminal's key may be replaced: that is what to do before it is unblocked. */
function rotate(data: Rotation, state: RegisteredTerminal): TerminalDecision {
  const { keyId, rotatedAt, overlapSeconds, byKeyId } = data
  if (state.keyId === undefined) return reject('terminal_not_activated')
  if (byKeyId !== undefined && byKeyId !== state.keyId) return reject('terminal_key_replaced')
  const previousUntil = new Date(Date.parse(rotatedAt) + overlapSeconds * 1_000).toISOString()
  return accept({ type: 'TerminalKeyRotated', data: { keyId, rotatedAt, previousUntil } })
}

const issueMacKey = (
  { issuedAt }: { readonly issuedAt: string },
  { macGeneration = 0 }: RegisteredTerminal,
): TerminalDecision =>
  accept({ type: 'TerminalMacKeyIssued', data: { generation: macGeneration + 1, issuedAt } })

/** The operator's block stands over the merchant's. */
function block(data: Blocked, state: RegisteredTerminal): TerminalDecision {
  const stands = state.block?.by === 'operator' || state.block?.by === data.by
  return stands ? accept() : accept({ type: 'TerminalBlocked', data })
}

function unblock(data: Unblocked, state: RegisteredTerminal): TerminalDecision {
  if (!state.block) return accept()
  if (state.block.by === 'operator' && data.by === 'merchant') return reject('terminal_blocked_by_operator')
  return accept({ type: 'TerminalUnblocked', data })
}

/** Only what changes is recorded: first contact, back again, other software. */
function heartbeat(data: Heartbeat, state: RegisteredTerminal): TerminalDecision {
  const { seenAt, quietSince, softwareVersion } = data
  const first = state.seenAt === undefined
  const absentSince =
    state.lostSince ?? (first || presenceAt(quietSince, seenAt) === 'active' ? undefined : quietSince)
  const updated = softwareVersion !== undefined && softwareVersion !== state.softwareVersion
  if (!first && absentSince === undefined && !updated) return accept()
  const seen = {
    seenAt,
    ...(absentSince !== undefined && { absentSince }),
    ...(softwareVersion !== undefined && { softwareVersion }),
  }
  return accept({ type: 'TerminalSeen', data: seen })
}

function lose({ lastSeenAt, lostAt }: Lost, state: RegisteredTerminal): TerminalDecision {
  if (state.seenAt === undefined || state.lostSince !== undefined) return accept()
  const last = latest(lastSeenAt, state.seenAt)! // it may have come back a moment ago
  return presenceAt(last, lostAt) === 'lost'
    ? accept({ type: 'TerminalLost', data: { lastSeenAt: last, lostAt } })
    : accept()
}

export function evolve(state: Terminal, event: TerminalEvent): Terminal {
  if (event.type === 'TerminalRegistered') return { ...event.data, status: 'registered' }
  if (state.status === 'new') return state
  switch (event.type) {
    case 'TerminalActivated':
      return { ...state, ...event.data, status: 'active' }
    case 'TerminalKeyRotated':
      return rotated(state, event.data)
    case 'TerminalMacKeyIssued':
      return { ...state, macGeneration: event.data.generation }
    case 'TerminalBlocked':
      return { ...state, status: 'blocked', block: event.data }
    case 'TerminalUnblocked': {
      const { block: _, ...rest } = state
      return { ...rest, status: state.keyId === undefined ? 'registered' : 'active' }
    }
    case 'TerminalRevoked':
      return { ...state, status: 'revoked' }
    case 'TerminalSeen':
      return seen(state, event.data)
    case 'TerminalLost':
      return { ...state, lostSince: event.data.lastSeenAt }
    default:
      return state
  }
}

function rotated(state: RegisteredTerminal, { keyId, previousUntil }: KeyRotated): Terminal {
  if (state.keyId === undefined) return { ...state, keyId }
  return { ...state, keyId, previous: { keyId: state.keyId, until: previousUntil } }
}

function seen(state: RegisteredTerminal, { seenAt, softwareVersion }: Seen): Terminal {
  const { lostSince: _, ...rest } = state
  return { ...rest, seenAt, ...(softwareVersion !== undefined && { softwareVersion }) }
}

/** Whether a key is the terminal's at an instant: the newest, or the one before it while both work. */
export const isKeyOf = ({ keyId, previous }: RegisteredTerminal, key: string, at: Date): boolean =>
  key === keyId || (key === previous?.keyId && at.getTime() < Date.parse(previous.until))
