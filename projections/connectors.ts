// Connectors: their ids, for a list.
import type { ConnectorEvent } from '../src/domain/connectors/connector.ts'
import { projection, streamId } from './projection.ts'

export type ConnectorRow = { readonly id: string; readonly kind: string }

export const connectors = projection<ConnectorEvent, ConnectorRow>({
  name: 'connectors_v1',
  columns: { id: 'text', kind: 'text' },
  key: ['id'],
  indexes: [],
  handles: ['ConnectorRegistered'],
  keyOf: (event) => [streamId(event)],
  evolve: (_row, event) => ({ id: streamId(event), kind: event.data.kind }),
})
