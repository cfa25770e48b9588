// Which card network this gateway uses: the acquirer that the operator has registered and the environment names, or the sandbox's.
import { createSecureContext } from 'node:tls'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Gateway } from '../../domain/gateway.ts'
import { sandboxCard } from '../../domain/pos/sandboxIssuer.ts'
import type { Services } from '../../http/services.ts'
import { openAcquirer } from '../iso8583/acquirer/acquirer.ts'
import type { LineNotice, LinkTls } from '../iso8583/acquirer/link.ts'
import { messageCodec } from '../iso8583/codec.ts'
import { profiles } from '../iso8583/profile.ts'
import { type Cards, sandboxCards } from './cards.ts'
import type { Environment } from './environment.ts'
import type { Log } from './log.ts'
import { readAuthorities, readPem } from './pem.ts'

export type OpenCards = {
  readonly cards: Cards | undefined
  /** Whether the line to the acquirer is up, where there is one. */
  readonly acquirerUp?: () => boolean
  readonly close: () => Promise<void>
}

type Named = Pick<
  Environment,
  'ACQUIRER_CONNECTOR' | 'ACQUIRER_TLS_CA' | 'ACQUIRER_TLS_CERT' | 'ACQUIRER_TLS_KEY' | 'ACQUIRER_TIMEOUT_MS'
>

const marginMs = 5_000

/** Without a connector: the sandbox's pretend one in the sandbox, else none. */
export async function openCards(
  environment: Named,
  { connectors }: Pick<Gateway, 'connectors'>,
  { sandbox, now, log }: { readonly sandbox: boolean; readonly log: Log } & Pick<Services, 'now'>,
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
    noticed: noticing(log, id),
    ...(tls && { tls: tlsOf(environment) }),
    ...(requestMs !== undefined && { times: { requestMs, repeatMs: requestMs } }),
  })
  const cardOf = sandbox ? sandboxCard : () => undefined
  const answerMs = requestMs === undefined ? {} : { answerMs: 2 * requestMs + marginMs }
  return { cards: { network, cardOf, ...answerMs }, acquirerUp: network.isUp, close: network.close }
}

/** Every change to the log; a line that cannot be had is dialed for ever, and its reason is said once. */
function noticing(log: Log, connectorId: string): (notice: LineNotice) => void {
  let said = ''
  return (notice) => {
    const line = notice.isUp ? 'signed on to the acquirer' : `no line to the acquirer: ${notice.why}`
    if (line === said) return
    said = line
    log[notice.isUp ? 'info' : 'error']({ connectorId }, line)
  }
}

function tlsOf({ ACQUIRER_TLS_CA, ACQUIRER_TLS_CERT, ACQUIRER_TLS_KEY }: Named): LinkTls {
  const purpose = 'TLS with the acquirer'
  const pem = (file: string): string => readPem(file, purpose)
  const tls = {
    ...(ACQUIRER_TLS_CA !== undefined && { ca: readAuthorities(ACQUIRER_TLS_CA, purpose) }),
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
