// The ports that tills connect to, as the environment says: each with its profile, and the host behind both.
import { readFileSync } from 'node:fs'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { noteHeartbeat } from '../../domain/pos/noteHeartbeat.ts'
import type { Services } from '../../http/services.ts'
import { macKeyOf } from '../../http/terminalMacKey.ts'
import { tillHandler } from '../iso8583/host/handler.ts'
import type { HostPorts } from '../iso8583/host/ports.ts'
import type { TillHandler } from '../iso8583/listener/handler.ts'
import { type Listener, type ListenerTls, openListener } from '../iso8583/listener/listener.ts'
import { ascii87, bcd87, type Profile } from '../iso8583/profile.ts'
import type { Environment } from './environment.ts'
import type { Metrics } from './metrics.ts'
import { readAuthorities, readPem } from './pem.ts'

/** What answers tills, over the services of the gateway. */
export function tillHost(services: Services, count: Metrics['countTill']): TillHandler {
  const { gateway, readModels, cards, crypto, settings, presence, now, fees, readStream, caughtUp } = services
  /** What it said of itself last is still so. */
  const seenNow = (terminalId: string) => ({ ...presence.last(terminalId), at: now().toISOString() })
  const ports: HostPorts = {
    ...gateway,
    ...readModels,
    cards,
    now,
    fees,
    derive: (purpose, ...parts) =>
      crypto.hmac(settings.masterKey, `${purpose}\0`, ...parts.flatMap((part) => [part, '\0'])),
    macKeyOf: (terminalId, generation) => macKeyOf(terminalId, generation, services),
    seen: (terminalId) => presence.mark(terminalId, seenNow(terminalId)),
    beat: async (terminalId) => {
      const outcome = await noteHeartbeat(terminalId, seenNow(terminalId), terminalId, services)
      if (!outcome.ok) throw new Error(`${terminalId} was heard of: ${outcome.rejection}`)
    },
    readStream,
    caughtUp,
    refused: count,
    sandbox: settings.sandbox,
  }
  return tillHandler(ports)
}

type TillDoor = { readonly ports: readonly number[]; readonly close: () => Promise<void> }

/** Opens what the environment names; nothing where it names no port. */
export async function openTillDoor(
  environment: Environment,
  services: Services,
  { countTill }: Pick<Metrics, 'countTill'>,
): Promise<TillDoor> {
  const { ISO8583_PORT, ISO8583_BCD_PORT, HOST, ISO8583_HOST = HOST } = environment
  const wanted: [Profile, number | undefined][] = [
    [ascii87, ISO8583_PORT],
    [bcd87, ISO8583_BCD_PORT],
  ]
  const tls = tlsOf(environment)
  const handler = tillHost(services, countTill)
  const failed = (error: unknown) =>
    services.log.error({ err: error }, "a till's message could not be handled")
  const open: Listener[] = []
  for (const [profile, port] of wanted) {
    if (port === undefined) continue
    if (!environment.sandbox) refuseCoreDumps()
    const options = {
      host: ISO8583_HOST,
      port,
      profile,
      handler,
      failed,
      count: countTill,
      ...(tls && { tls }),
    }
    open.push(await openListener(options).catch((error) => fail(error, ISO8583_HOST, port, open)))
  }
  return {
    ports: open.map(({ port }) => port),
    close: async () => void (await Promise.all(open.map(({ close }) => close()))),
  }
}

async function fail(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  open: Listener[],
): Promise<never> {
  await Promise.all(open.map(({ close }) => close()))
  const cure = error.code === 'EADDRINUSE' ? 'Another program uses it.' : error.message
  throw new StoreUnavailable(`Cannot listen for tills on ${host}:${port}. ${cure}`, { cause: error })
}

function tlsOf(environment: Environment): ListenerTls | undefined {
  const { ISO8583_TLS_CERT, ISO8583_TLS_KEY, ISO8583_TLS_CLIENT_CA } = environment
  if (ISO8583_TLS_CERT === undefined || ISO8583_TLS_KEY === undefined) return undefined
  return {
    cert: pem(ISO8583_TLS_CERT),
    key: pem(ISO8583_TLS_KEY),
    ...(ISO8583_TLS_CLIENT_CA !== undefined && { clientCa: readAuthorities(ISO8583_TLS_CLIENT_CA, purpose) }),
  }
}

const purpose = 'TLS with tills'
const pem = (file: string): string => readPem(file, purpose)

const limitsFile = '/proc/self/limits'

/** A crash would write the card numbers that are on their way to the acquirer to disk. */
function refuseCoreDumps(): void {
  let limits: string
  try {
    limits = readFileSync(limitsFile, 'utf8')
  } catch {
    return // not Linux: the README says what to do
  }
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1]
  if (soft === '0') return
  throw new StoreUnavailable(
    'Core dumps are on: a crash would write card numbers to disk. Start the gateway under "ulimit -c 0".',
  )
}
