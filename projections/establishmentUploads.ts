// Uploads of the registry that changed something: when, by whose key, and how much, counted from what each has left in the log.
import type { UploadedEvent } from '../src/domain/adoption/establishment.ts'
import { projection } from './projection.ts'

export type EstablishmentUploadRow = {
  readonly id: string
  /** RFC 3339 UTC. */
  readonly startedAt: string
  /** Id of the key, '' where none is known. */
  readonly actor: string
  readonly registered: number
  readonly changed: number
  readonly closed: number
}

export const establishmentUploads = projection<UploadedEvent, EstablishmentUploadRow>({
  name: 'establishment_uploads_v1',
  columns: {
    id: 'text',
    startedAt: 'text',
    actor: 'text',
    registered: 'integer',
    changed: 'integer',
    closed: 'integer',
  },
  key: ['id'],
  indexes: [{ columns: ['startedAt', 'id'] }],
  handles: ['EstablishmentRegistered', 'EstablishmentChanged', 'EstablishmentClosed'],
  keyOf: ({ data }) => [data.uploadId],
  evolve: (row, { type, data, metadata }) => ({
    id: data.uploadId,
    startedAt: row?.startedAt ?? ('registeredAt' in data ? data.registeredAt : data.changedAt),
    actor: row?.actor ?? metadata.actor ?? '',
    registered: (row?.registered ?? 0) + Number(type === 'EstablishmentRegistered'),
    changed: (row?.changed ?? 0) + Number(type === 'EstablishmentChanged'),
    closed: (row?.closed ?? 0) + Number(type === 'EstablishmentClosed'),
  }),
})
