// Terminals with the days between which they could take payments: what counts of acceptance on a day are made of.
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { TerminalEvent } from '../src/domain/pos/terminal.ts'
import { projection, streamId } from './projection.ts'

export type TerminalLifeRow = {
  readonly id: string
  readonly merchantId: string
  readonly siteId: string
  readonly kind: string
  /** Business dates. */
  readonly registeredOn: string
  readonly activatedOn: string | null
  readonly revokedOn: string | null
}

type Handled = Extract<
  TerminalEvent,
  { type: 'TerminalRegistered' | 'TerminalActivated' | 'TerminalRevoked' }
>

export const terminalLives = projection<Handled, TerminalLifeRow>({
  name: 'terminal_lives_v1',
  columns: {
    id: 'text',
    merchantId: 'text',
    siteId: 'text',
    kind: 'text',
    registeredOn: 'text',
    activatedOn: 'text',
    revokedOn: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['siteId'] }],
  handles: ['TerminalRegistered', 'TerminalActivated', 'TerminalRevoked'],
  begins: 'TerminalRegistered',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'TerminalRegistered') {
      const { merchantId, siteId, kind, registeredAt } = event.data
      const registeredOn = businessDate(registeredAt)
      return {
        id: streamId(event),
        merchantId,
        siteId,
        kind,
        registeredOn,
        activatedOn: null,
        revokedOn: null,
      }
    }
    return event.type === 'TerminalActivated'
      ? row && { ...row, activatedOn: businessDate(event.data.activatedAt) }
      : row && { ...row, revokedOn: businessDate(event.data.revokedAt) }
  },
})
