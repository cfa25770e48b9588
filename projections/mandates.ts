// Mandates by biller, agent and customer; and which are still to be registered at the payer's bank.
import type { MandateEvent } from '../src/domain/mandates/mandateEvents.ts'
import { projection, streamId } from './projection.ts'

export type MandateRow = {
  readonly id: string
  readonly billerId: string
  readonly agentId: string | null
  readonly customerCode: string
  readonly status: string
  readonly requestedAt: string
  /** When to register it or to ask about it; null once the bank has decided. */
  readonly dueAt: string | null
}

type Handled = Extract<
  MandateEvent,
  {
    type:
      | 'MandateRequested'
      | 'MandatePending'
      | 'MandateActivated'
      | 'MandateDeclined'
      | 'MandatePaused'
      | 'MandateResumed'
      | 'MandateCanceled'
  }
>

const statuses = {
  MandateActivated: 'active',
  MandateDeclined: 'declined',
  MandatePaused: 'paused',
  MandateResumed: 'active',
  MandateCanceled: 'canceled',
} as const

export const mandates = projection<Handled, MandateRow>({
  name: 'mandates_v1',
  columns: {
    id: 'text',
    billerId: 'text',
    agentId: 'text',
    customerCode: 'text',
    status: 'text',
    requestedAt: 'text',
    dueAt: 'text',
  },
  key: ['id'],
  indexes: [
    { columns: ['billerId', 'customerCode', 'status'] },
    { columns: ['billerId', 'requestedAt', 'id'] },
    { columns: ['agentId', 'requestedAt', 'id'], present: 'agentId' },
    { columns: ['dueAt'], present: 'dueAt' },
  ],
  handles: ['MandateRequested', 'MandatePending', ...(Object.keys(statuses) as (keyof typeof statuses)[])],
  begins: 'MandateRequested',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'MandateRequested') {
      const { billerId, agentId, customerCode, requestedAt } = event.data
      const whose = { billerId, agentId: agentId ?? null, customerCode }
      return { id: streamId(event), ...whose, status: 'requested', requestedAt, dueAt: requestedAt }
    }
    if (event.type === 'MandatePending') return row && { ...row, dueAt: event.data.askAt }
    return row && { ...row, status: statuses[event.type], dueAt: null }
  },
})
