// Traces: whose each is, how it stands, and since when.
import type { TraceEvent } from '../src/domain/traces/trace.ts'
import { projection, streamId } from './projection.ts'

export type TraceRow = {
  readonly id: string
  /** Null: the operator's own. */
  readonly merchantId: string | null
  readonly status: string
  readonly openedAt: string
}

export const traces = projection<TraceEvent, TraceRow>({
  name: 'traces_v1',
  columns: { id: 'text', merchantId: 'text', status: 'text', openedAt: 'text' },
  key: ['id'],
  indexes: [
    { columns: ['openedAt', 'id'] },
    { columns: ['merchantId', 'openedAt', 'id'], present: 'merchantId' },
  ],
  handles: ['TraceOpened', 'TraceFound', 'TraceClosed'],
  begins: 'TraceOpened',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    switch (event.type) {
      case 'TraceOpened':
        return {
          id: streamId(event),
          merchantId: event.data.merchantId ?? null,
          status: 'open',
          openedAt: event.data.openedAt,
        }
      case 'TraceFound':
        return row && { ...row, status: 'found' }
      case 'TraceClosed':
        return row && { ...row, status: event.data.outcome }
    }
  },
})
