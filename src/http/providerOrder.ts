// Asks a provider for an order that a payment can be paid by, before the payment is recorded.
import type { RegisteredConnector } from '../domain/connectors/connector.ts'
import type { Order, OrderAnswer, ProviderRequest, Way } from '../domain/connectors/provider.ts'
import { isProviderKind, providers } from '../domain/connectors/providers.ts'
import { invalid, Problem } from './problem.ts'
import { accountOf } from './providerAccount.ts'
import { providerTools } from './providerTools.ts'
import { readObject } from './readNotification.ts'
import type { Services } from './services.ts'

/** An order that was made and whose answer was lost is known to the provider and to nobody else: the next attempt is. */
const attemptsMax = 3

const utf8 = new TextEncoder()

/**
 * The way to pay. Nothing is recorded yet: when the provider or this process fails here, there is no payment, nobody
 * has seen a way to pay the order, and the same Idempotency-Key makes the same reference again.
 */
export async function openOrder(
  connectorId: string,
  order: Omit<Order, 'attempt' | 'notificationUrl'>,
  services: Services,
): Promise<Way> {
  const connector = await collector(connectorId, services)
  const notificationUrl = `${services.settings.publicUrl}/v1/connectors/${connectorId}/notifications`
  let refused = ''
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const answer = await ask(connector, { ...order, attempt, notificationUrl }, services)
    if (answer.ok) return answer.way
    refused = answer.reason
    if (!answer.known) break
  }
  throw failed(`It answered: ${refused}`)
}

/** The connector, if it is one that collects payments. */
async function collector(connectorId: string, { gateway }: Services): Promise<RegisteredConnector> {
  const { state } = await gateway.connectors.load(connectorId)
  if (state.status === 'new' || !isProviderKind(state.kind))
    throw invalid({ pointer: '/connectorId', detail: 'There is no such connector of a provider.' })
  return state
}

async function ask(connector: RegisteredConnector, order: Order, services: Services): Promise<OrderAnswer> {
  const { kind } = connector
  if (!isProviderKind(kind)) throw new Error(`${kind} takes no orders`)
  const account = accountOf(connector, services.vault)
  if (!account) throw failed('Its credentials have been erased: connect it anew.')
  const asked = providers[kind].order(order, account, providerTools(services.crypto))
  if ('payUrl' in asked) return { ok: true, way: asked }
  return providers[kind].readOrder(await answerOf(asked, services))
}

async function answerOf(request: ProviderRequest, { callProvider, log }: Services) {
  const response = await callProvider(request).catch((error) => {
    log.error({ err: error, url: new URL(request.url).origin }, 'a provider could not be reached')
    throw failed('It could not be reached, or did not answer in time.')
  })
  const answer = readObject(utf8.encode(response.text))
  if (!answer) throw failed(`It answered with status ${response.status} and no JSON.`)
  return answer
}

const usual =
  'No payment was made. Send the request again with the same Idempotency-Key, or without connectorId.'

const failed = (detail: string): Problem => new Problem('provider_failed', { detail: `${detail} ${usual}` })
