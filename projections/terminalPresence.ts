// What happened to a terminal's presence in a month, in order: from it the uptime of all terminals is counted.
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { TerminalEvent } from '../src/domain/pos/terminal.ts'
import type { PresenceEvent } from '../src/domain/pos/uptime.ts'
import { projection, streamId } from './projection.ts'

export type TerminalPresenceRow = {
  readonly terminalId: string
  readonly month: string
  /** `PresenceEvent[]` as JSON. */
  readonly events: string
}

type Handled = Extract<TerminalEvent, { type: 'TerminalSeen' | 'TerminalLost' | 'TerminalRevoked' }>

/** The month in which it was recorded: what is known of an absence only afterwards stands there. */
export const terminalPresence = projection<Handled, TerminalPresenceRow>({
  name: 'terminal_presence_v1',
  columns: { terminalId: 'text', month: 'text', events: 'text' },
  key: ['terminalId', 'month'],
  indexes: [],
  handles: ['TerminalSeen', 'TerminalLost', 'TerminalRevoked'],
  keyOf: (event) => [streamId(event), monthOf(event)],
  evolve: (row, event) => {
    const before = row ? (JSON.parse(row.events) as PresenceEvent[]) : []
    const events = JSON.stringify([...before, presenceOf(event)])
    return { terminalId: streamId(event), month: monthOf(event), events }
  },
})

const monthOf = ({ type, data }: Handled): string => {
  const at = type === 'TerminalSeen' ? data.seenAt : type === 'TerminalLost' ? data.lostAt : data.revokedAt
  return businessDate(at).slice(0, 7)
}

function presenceOf({ type, data }: Handled): PresenceEvent {
  if (type === 'TerminalLost') return { type, data: { lastSeenAt: data.lastSeenAt } }
  if (type === 'TerminalRevoked') return { type, data: { revokedAt: data.revokedAt } }
  const { seenAt, absentSince } = data
  return { type, data: { seenAt, ...(absentSince !== undefined && { absentSince }) } }
}
