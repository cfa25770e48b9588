// Terminals by merchant and site, with how each stands: what the list of terminals chooses from.
import type { TerminalEvent } from '../src/domain/pos/terminal.ts'
import { projection, streamId } from './projection.ts'

export type TerminalRow = {
  readonly id: string
  readonly merchantId: string
  readonly siteId: string
  readonly status: string
  readonly activatedAt: string | null
}

export const terminals = projection<TerminalEvent, TerminalRow>({
  name: 'terminals_v1',
  columns: { id: 'text', merchantId: 'text', siteId: 'text', status: 'text', activatedAt: 'text' },
  key: ['id'],
  indexes: [{ columns: ['merchantId', 'id'] }],
  handles: [
    'TerminalRegistered',
    'TerminalActivated',
    'TerminalBlocked',
    'TerminalUnblocked',
    'TerminalRevoked',
  ],
  begins: 'TerminalRegistered',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    switch (event.type) {
      case 'TerminalRegistered': {
        const { merchantId, siteId } = event.data
        return { id: streamId(event), merchantId, siteId, status: 'registered', activatedAt: null }
      }
      case 'TerminalActivated':
        return row && { ...row, status: 'active', activatedAt: event.data.activatedAt }
      case 'TerminalBlocked':
        return row && { ...row, status: 'blocked' }
      case 'TerminalUnblocked':
        return row && { ...row, status: row.activatedAt === null ? 'registered' : 'active' }
      case 'TerminalRevoked':
        return row && { ...row, status: 'revoked' }
      default:
        return row
    }
  },
})
