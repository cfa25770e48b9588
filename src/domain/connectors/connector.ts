// A connector: one bank, wallet or gateway that tells us about money, or a card acquirer that we ask. A bank's secret is derived; a provider's credentials are sealed.
import { accept, type Decision, reject } from '../core/decider.ts'
import { providerKinds } from './providers.ts'

export const bankKinds = ['vietqr-bank', 'sandbox'] as const
export const acquirerKind = 'iso8583-acquirer'
export const connectorKinds = [...bankKinds, ...providerKinds, acquirerKind] as const
export type ConnectorKind = (typeof connectorKinds)[number]

export type Acquirer = {
  readonly host: string
  readonly port: number
  /** A profile of the ISO 8583 codec. */
  readonly profile: 'ascii87' | 'bcd87'
  readonly tls: boolean
}

type Registered = {
  readonly kind: ConnectorKind
  readonly name: string
  /** A provider's API. */
  readonly baseUrl?: string
  /** A provider's credentials, JSON, encrypted. */
  readonly sealed?: string
  /** Where a card acquirer listens, and how it speaks. */
  readonly acquirer?: Acquirer
  readonly registeredAt: string
}

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
