// A connector: one bank, wallet or acquirer that tells the gateway about money. Its secret is derived, never stored.
import { accept, type Decision, reject } from '../core/decider.ts'

export const connectorKinds = ['vietqr-bank', 'sandbox'] as const
export type ConnectorKind = (typeof connectorKinds)[number]

type Registered = { readonly kind: ConnectorKind; readonly name: string; readonly registeredAt: string }

export type ConnectorCommand = { type: 'RegisterConnector'; data: Registered }
export type ConnectorEvent = { type: 'ConnectorRegistered'; data: Registered }
export type ConnectorRejection = 'connector_exists'
export type RegisteredConnector = Registered & { readonly status: 'registered' }
export type Connector = { readonly status: 'new' } | RegisteredConnector

export const initialState = (): Connector => ({ status: 'new' })

export const decide = (
  { data }: ConnectorCommand,
  state: Connector,
): Decision<ConnectorEvent, ConnectorRejection> =>
  state.status === 'new' ? accept({ type: 'ConnectorRegistered', data }) : reject('connector_exists')

export const evolve = (_state: Connector, { data }: ConnectorEvent): Connector => ({
  ...data,
  status: 'registered',
})
