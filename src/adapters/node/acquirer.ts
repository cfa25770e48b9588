// Which card network this gateway uses: the acquirer that the operator has registered and the environment names, or the sandbox's.
import { createSecureContext } from 'node:tls'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Gateway } from '../../domain/gateway.ts'
import { sandboxCard } from '../../domain/pos/sandboxIssuer.ts'
import type { Services } from '../../http/services.ts'
import { openAcquirer } from '../iso8583/acquirer/acquirer.ts'
import type { LinkTls } from '../iso8583/acquirer/link.ts'
import { messageCodec } from '../iso8583/codec.ts'
import { profiles } from '../iso8583/profile.ts'
import { type Cards, sandboxCards } from './cards.ts'
import type { Environment } from './environment.ts'
import { readPem } from './pem.ts'

export type OpenCards = { readonly cards: Cards | undefined; readonly close: () => Promise<void> }

type Named = Pick<
  Environment,
  'ACQUIRER_CONNECTOR' | 'ACQUIRER_TLS_CA' | 'ACQUIRER_TLS_CERT' | 'ACQUIRER_TLS_KEY' | 'ACQUIRER_TIMEOUT_MS'
>

const marginMs = 5_000

/** Without a connector: the sandbox's pretend one in the sandbox, else none. */
export async function openCards(
  environment: Named,
  { connectors }: Pick<Gateway, 'connectors'>,
  { sandbox, now }: { readonly sandbox: boolean } & Pick<Services, 'now'>,
): Promise<OpenCards> {
  const { ACQUIRER_CONNECTOR: id, ACQUIRER_TIMEOUT_MS: requestMs } = environment
  if (id === undefined) return { cards: sandbox ? sandboxCards() : undefined, close: async () => {} }
  const { state } = await connectors.load(id)
  if (state.status === 'new' || !state.acquirer)
    throw new StoreUnavailable(
      `ACQUIRER_CONNECTOR names ${id}, which is no connector of kind iso8583-acquirer. Register it first.`,
    )
  const { host, port, profile, tls } = state.acquirer
  const network = openAcquirer({
    host,
    port,
    codec: messageCodec(profiles[profile]),
    now,
    chance: Math.random,
    ...(tls && { tls: tlsOf(environment) }),
    ...(requestMs !== undefined && { times: { requestMs, repeatMs: requestMs } }),
  })
  const cardOf = sandbox ? sandboxCard : () => undefined
  const answerMs = requestMs === undefined ? {} : { answerMs: 2 * requestMs + marginMs }
  return { cards: { network, cardOf, ...answerMs }, close: network.close }
}

function tlsOf({ ACQUIRER_TLS_CA, ACQUIRER_TLS_CERT, ACQUIRER_TLS_KEY }: Named): LinkTls {
  const pem = (file: string): string => readPem(file, 'TLS with the acquirer')
  const tls = {
    ...(ACQUIRER_TLS_CA !== undefined && { ca: pem(ACQUIRER_TLS_CA) }),
    ...(ACQUIRER_TLS_CERT !== undefined && { cert: pem(ACQUIRER_TLS_CERT) }),
    ...(ACQUIRER_TLS_KEY !== undefined && { key: pem(ACQUIRER_TLS_KEY) }),
  }
  try {
    createSecureContext(tls)
  } catch (error) {
    const why = (error as Error).message
    throw new StoreUnavailable(`Cannot use ACQUIRER_TLS_CA, _CERT and _KEY: ${why}`, { cause: error })
  }
  return tls
}
