// In whose name money is taken that a statement shows and nobody has notified: the connector that would have.
import type { ConnectorRow } from '../../../projections/connectors.ts'
import { bankKinds } from '../../domain/connectors/connector.ts'
import type { BankAccount } from '../../domain/payments/transferConnector.ts'
import { Problem } from '../problem.ts'
import type { Services } from '../services.ts'

export type Tellers = {
  /** Undefined where there is no bank: then no money is taken. */
  readonly connectorId: string | undefined
  /** All that may have told of this account. */
  readonly all: readonly string[]
}

type Ports = Pick<Services, 'readModels' | 'gateway'>

/** The one that is named, else the one that told of the account last, else the bank that was connected last; the pretend bank after real ones. */
export async function connectorFor(
  account: BankAccount,
  named: string | undefined,
  ports: Ports,
): Promise<Tellers> {
  const told = await ports.readModels.connectorsOf(account)
  const connectorId = named === undefined ? await likeliest(told, ports) : await existing(named, ports)
  const all = new Set(told.map(({ id }) => id))
  if (connectorId !== undefined) all.add(connectorId)
  return { connectorId, all: [...all] }
}

async function existing(connectorId: string, { gateway }: Ports): Promise<string> {
  const { state } = await gateway.connectors.load(connectorId)
  if (state.status === 'new' || !(bankKinds as readonly string[]).includes(state.kind))
    throw new Problem('not_found')
  return connectorId
}

/** `told`: the last one first. */
async function likeliest(told: readonly ConnectorRow[], ports: Ports): Promise<string | undefined> {
  const [one] = realFirst(told)
  if (one) return one.id
  const [bank] = realFirst(await byRegistration(await ports.readModels.bankConnectors(), ports))
  return bank?.id
}

const realFirst = (connectors: readonly ConnectorRow[]): readonly ConnectorRow[] =>
  connectors.toSorted((a, b) => Number(a.kind === 'sandbox') - Number(b.kind === 'sandbox'))

/** The newest first. */
async function byRegistration(connectors: readonly ConnectorRow[], { gateway }: Ports) {
  const loaded = await Promise.all(connectors.map(({ id }) => gateway.connectors.load(id)))
  const registeredAt = new Map(
    loaded.map(({ state }, at) => [connectors[at]!.id, state.status === 'new' ? '' : state.registeredAt]),
  )
  const timeOf = ({ id }: ConnectorRow) => registeredAt.get(id) ?? ''
  return connectors.toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : timeOf(a) > timeOf(b) ? -1 : 0))
}
