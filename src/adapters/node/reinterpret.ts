// Reads every stored notification again with today's parser: what it would change, and, when asked to, the change.
import type { ConnectorKind } from '../../domain/connectors/connector.ts'
import type { NotificationEvent } from '../../domain/connectors/notification.ts'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import { isZero } from '../../domain/core/money.ts'
import { type CreditEvent, includesAll, sameClaim } from '../../domain/payments/credit.ts'
import { rematchCredit } from '../../domain/payments/rematchCredit.ts'
import type { PayerHashing } from '../../http/payer.ts'
import { providerTools } from '../../http/providerTools.ts'
import { type Arrival, type Reading, readNotification } from '../../http/readNotification.ts'
import type { Services } from '../../http/services.ts'
import { bytesOf, creditIdOf, takeArrival } from '../../http/takeNotification.ts'

type Ports = Pick<Services, 'gateway' | 'vault' | 'crypto' | 'matchCredit' | 'log' | 'now'> &
  PayerHashing & {
    readonly store: EventStore
  }

/** What today's parser says that is not what the log has. The first two can be applied, the others are for a person. */
export const differenceKinds = [
  'now_readable',
  'other_references',
  'settled_otherwise',
  'other_amount',
  'other_transaction',
  'no_longer_readable',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

export type Difference = {
  readonly kind: DifferenceKind
  readonly stream: string
  readonly connectorId: string
  readonly creditId: string
  /** The payment references found now. */
  readonly references: readonly string[]
}
type Found = Difference & { readonly apply?: () => Promise<void> }

export type Reinterpretation = {
  readonly notifications: number
  /** Of which so many cannot be opened any more: their key was dropped. */
  readonly erased: number
  readonly differences: readonly Found[]
}

const batch = 1_000

/** Reads all, changes nothing. */
export async function reinterpret(
  ports: Ports,
  progress: (position: string, head: string) => void = () => {},
): Promise<Reinterpretation> {
  const head = await ports.store.head()
  const kinds = new Map<string, ConnectorKind | undefined>()
  const differences: Found[] = []
  let [notifications, erased, position] = [0, 0, '']
  while (position < head) {
    const events = await ports.store.readAll(position, batch)
    for (const event of events.filter(isNotification)) {
      notifications += 1
      const { connectorId } = event.data
      if (!kinds.has(connectorId)) kinds.set(connectorId, await kindOf(connectorId, ports))
      const reading = readAgain(event, kinds.get(connectorId), ports)
      if (reading === 'erased') erased += 1
      const found = reading && reading !== 'erased' && (await differenceOf(event, reading, ports))
      if (found) differences.push(found)
    }
    position = events.at(-1)!.position
    progress(position, head)
  }
  return { notifications, erased, differences }
}

/** Does what can be done; done twice, or cut off and done again, it is done once. Answers how many were applied. */
export async function applyDifferences(
  differences: readonly Found[],
  progress: (done: number, total: number) => void = () => {},
): Promise<number> {
  const work = differences.flatMap(({ apply }) => apply ?? [])
  for (const [index, apply] of work.entries()) {
    await apply()
    progress(index + 1, work.length)
  }
  return work.length
}

type Received = Extract<CreditEvent, { type: 'CreditReceived' }>
type Stored = Recorded<Received> | Recorded<NotificationEvent>

const isNotification = (event: Recorded): event is Stored =>
  event.type === 'CreditReceived' || event.type === 'NotificationSetAside'

async function kindOf(connectorId: string, { gateway }: Ports): Promise<ConnectorKind | undefined> {
  const { state } = await gateway.connectors.load(connectorId)
  return state.status === 'new' ? undefined : state.kind
}

/** Undefined where nobody knows the connector any more, and so not the form of its notifications. */
function readAgain(
  { type, data }: Stored,
  kind: ConnectorKind | undefined,
  { vault, crypto }: Ports,
): Reading | 'erased' | undefined {
  const text = vault.open(data.sealed)
  if (text === undefined) return 'erased'
  const encoding = type === 'NotificationSetAside' ? data.encoding : 'utf-8'
  return kind && readNotification(kind, bytesOf(text, encoding), providerTools(crypto))
}

const differenceOf = (event: Stored, reading: Reading, ports: Ports): Promise<Found | undefined> =>
  event.type === 'NotificationSetAside' ? ofSetAside(event, reading, ports) : ofCredit(event, reading, ports)

async function ofSetAside(
  { id, stream, data }: Recorded<NotificationEvent>,
  reading: Reading,
  ports: Ports,
): Promise<Found | undefined> {
  if (reading.read !== 'paid') return undefined
  const { connectorId, sealed, receivedAt } = data
  const { arrival } = reading
  const creditId = creditIdOf(connectorId, arrival.transactionId, ports.crypto)
  const { state } = await ports.gateway.credits.load(creditId)
  if (state.status !== 'new') return undefined // it came again since, or was read again before
  return {
    kind: 'now_readable',
    stream,
    connectorId,
    creditId,
    references: arrival.references,
    apply: async () =>
      void (await takeArrival(connectorId, arrival, { sealed, receivedAt }, ports, { causationId: id })),
  }
}

async function ofCredit(
  { id, stream, data }: Recorded<Received>,
  reading: Reading,
  ports: Ports,
): Promise<Found | undefined> {
  const { connectorId } = data
  const creditId = stream.slice('credit-'.length)
  const found = (kind: DifferenceKind, references: readonly string[] = []): Difference => ({
    kind,
    stream,
    connectorId,
    creditId,
    references,
  })
  if (reading.read !== 'paid') return found('no_longer_readable')
  const { arrival } = reading
  if (arrival.transactionId !== data.transactionId) return found('other_transaction', arrival.references)
  if (!sameClaim(arrival, data)) return found('other_amount', arrival.references)
  if (includesAll(data.references, arrival.references)) return undefined
  return ofReferences(found, arrival, id, ports)
}

async function ofReferences(
  found: (kind: DifferenceKind, references: readonly string[]) => Difference,
  { references }: Arrival,
  causationId: string,
  { gateway, now }: Ports,
): Promise<Found | undefined> {
  const difference = found('other_references', references)
  const { creditId } = difference
  const { state } = await gateway.credits.load(creditId)
  if (state.status === 'new' || includesAll(state.references, references)) return undefined // read again before
  if (state.reason !== 'unmatched' || isZero(state.unapplied)) return found('settled_otherwise', references)
  const command = { type: 'RereadCredit', data: { references, rereadAt: now().toISOString() } } as const
  return {
    ...difference,
    apply: async () => {
      await gateway.credits.handle(creditId, command, { actor: 'reinterpret', causationId })
      await rematchCredit(gateway, creditId)
    },
  }
}
