// Terminals by merchant and site, with how each stands: what the list of terminals chooses from.
import type { TerminalEvent } from '../src/domain/pos/terminal.ts'
import { projection, streamId } from './projection.ts'

export type TerminalRow = {
  readonly id: string
  readonly merchantId: string
  readonly siteId: string
  readonly status: string
  readonly activatedAt: string | null
  /** As the log has it: `unseen`, `seen`, `lost`. */
  readonly presence: string
}

export const terminals = projection<TerminalEvent, TerminalRow>({
  name: 'terminals_v1',
  columns: {
    id: 'text',
    merchantId: 'text',
    siteId: 'text',
    status: 'text',
    activatedAt: 'text',
    presence: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['merchantId', 'id'] }, { columns: ['presence', 'id'] }],
  handles: [
    'TerminalRegistered',
    'TerminalActivated',
    'TerminalBlocked',
    'TerminalUnblocked',
    'TerminalRevoked',
    'TerminalSeen',
    'TerminalLost',
  ],
  begins: 'TerminalRegistered',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    switch (event.type) {
      case 'TerminalRegistered': {
        const { merchantId, siteId } = event.data
        const unused = { status: 'registered', activatedAt: null, presence: 'unseen' }
        return { id: streamId(event), merchantId, siteId, ...unused }
      }
      case 'TerminalActivated':
        return row && { ...row, status: 'active', activatedAt: event.data.activatedAt }
      case 'TerminalBlocked':
        return row && { ...row, status: 'blocked' }
      case 'TerminalUnblocked':
        return row && { ...row, status: row.activatedAt === null ? 'registered' : 'active' }
      case 'TerminalRevoked':
        return row && { ...row, status: 'revoked' }
      case 'TerminalSeen':
        return row && { ...row, presence: 'seen' }
      case 'TerminalLost':
        return row && { ...row, presence: 'lost' }
      default:
        return row
    }
  },
})
