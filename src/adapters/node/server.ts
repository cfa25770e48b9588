// Opens the gateway as the environment says: store, demo, HTTP port; and closes it without losing an answer.
import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { type DemoShop, openDemoShops } from '../../http/demo.ts'
import { newKey } from '../../http/keys.ts'
import type { Settings } from '../../http/services.ts'
import { postgresReadModels } from '../postgres/readModels.ts'
import { type Assembly, assemble } from './assemble.ts'
import { nodeCrypto } from './crypto.ts'
import type { Environment } from './environment.ts'
import { createLog } from './log.ts'
import { masterKey } from './masterKey.ts'
import { openStore } from './store.ts'
import { openTillDoor } from './tills.ts'

export type RunningGateway = Assembly & {
  readonly url: string
  readonly shops: readonly DemoShop[]
  /** Where tills connect, in the order of the profiles. */
  readonly tillPorts: readonly number[]
  /** The operator's key, where this start made it. */
  readonly newOperatorKey: string | undefined
  /** Says that requests are to go elsewhere, and answers them until a balancer has noticed: DRAIN_MS. Then `stop` is due. */
  readonly leave: () => Promise<void>
}

const finishMs = 5_000
const sweepMs = 50

export async function openServer(environment: Environment): Promise<RunningGateway> {
  const { PORT, HOST, PUBLIC_URL } = environment
  const door = await openDoor(HOST, PORT) // first, so that a port in use is found before anything is written
  const url = (PUBLIC_URL ?? `http://${HOST}:${door.port}`).replace(/\/+$/, '')
  try {
    const assembly = await openAssembly(environment, url)
    const newOperatorKey = environment.OPERATOR_KEY ? undefined : await firstOperatorKey(assembly)
    const shops = environment.demo ? await openDemoShops(assembly.services) : []
    const tills = await openTillDoor(environment, assembly.services, assembly.metrics).catch(
      async (error) => {
        await assembly.stop()
        throw error
      },
    )
    door.serve(assembly.app.fetch)
    const leave = async () => {
      assembly.drain()
      door.drain()
      await wait(environment.DRAIN_MS)
    }
    const stop = async () => {
      assembly.endStreams()
      await Promise.all([door.close(), tills.close()])
      await assembly.stop()
    }
    return { ...assembly, url, shops, tillPorts: tills.ports, newOperatorKey, leave, stop }
  } catch (error) {
    await door.close()
    throw error
  }
}

async function openAssembly(environment: Environment, publicUrl: string): Promise<Assembly> {
  const now = () => new Date()
  const { dataDir, ...opened } = await openStore(environment, now)
  const { READ_MODEL_URL } = environment
  const readModels = READ_MODEL_URL === undefined ? undefined : await postgresReadModels(READ_MODEL_URL)
  return assemble({
    ...opened,
    dataDir,
    ...(readModels && { readModels }),
    settings: settingsOf(environment, dataDir, publicUrl),
    log: createLog(environment.LOG_LEVEL),
    now,
    acquirer: environment,
  })
}

function settingsOf(environment: Environment, dataDir: string, publicUrl: string): Settings {
  const { MASTER_KEY, OPERATOR_KEY, LAG_MAX_MS, ESCHEAT_AFTER_DAYS, DISCLOSURE } = environment
  const { sandbox, demo, webhookLoopback, PAYOUT_ACCOUNT, MAP_TILES, MAP_TILES_ATTRIBUTION } = environment
  const packageFile = new URL('../../../package.json', import.meta.url)
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
  return {
    version,
    publicUrl,
    sandbox,
    demo,
    webhookLoopback,
    masterKey: masterKey(dataDir, MASTER_KEY),
    ...(DISCLOSURE !== undefined && { disclosure: DISCLOSURE }),
    ...(OPERATOR_KEY !== undefined && { operatorKeyHash: nodeCrypto.hash(OPERATOR_KEY) }),
    ...(ESCHEAT_AFTER_DAYS !== undefined && { escheatAfterDays: ESCHEAT_AFTER_DAYS }),
    ...(PAYOUT_ACCOUNT !== undefined && { payoutFrom: PAYOUT_ACCOUNT }),
    ...(MAP_TILES !== undefined && {
      mapTiles: { url: MAP_TILES, attribution: MAP_TILES_ATTRIBUTION ?? new URL(MAP_TILES).host },
    }),
    lagMaxMs: LAG_MAX_MS,
  }
}

/** The operator's first key, undefined when an earlier start has made it. Its id is fixed, so that it is made once. */
async function firstOperatorKey({ services }: Assembly): Promise<string | undefined> {
  const fixedId = 'key_000000PERAT0R000'
  const { state } = await services.gateway.keys.load(fixedId)
  if (state.status !== 'new') return undefined
  const key = newKey(
    { role: 'operator', code: '00000' },
    (_purpose, size) => nodeCrypto.random(size),
    services,
    fixedId,
  )
  await key.record()
  return key.text
}

type Fetch = Assembly['app']['fetch']
type Door = {
  readonly port: number
  /** Answers requests from now on; before, they are told to come back. */
  readonly serve: (fetch: Fetch) => void
  /** Each answer is the last of its connection, so that callers who keep one look for another gateway. */
  readonly drain: () => void
  /** Takes no new connection, lets open requests finish, then ends what stays open. */
  readonly close: () => Promise<void>
}

function openDoor(hostname: string, port: number): Promise<Door> {
  let answer: Fetch = () => new Response('starting', { status: 503, headers: { 'retry-after': '1' } })
  const fetch: Fetch = (...request) => answer(...request)
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, (address) =>
      resolve({
        port: address.port,
        serve: (next) => {
          answer = next
        },
        drain: () => void server.prependListener('request', lastOfItsConnection),
        close: () => closeServer(server, silent),
      }),
    ) as Server
    const silent = silentConnections(server)
    server.once('error', (error: NodeJS.ErrnoException) => {
      const cure =
        error.code === 'EADDRINUSE' ? 'Another program uses it: set PORT to a free one.' : error.message
      reject(new StoreUnavailable(`Cannot listen on ${hostname}:${port}. ${cure}`, { cause: error }))
    })
  })
}

const lastOfItsConnection = (_: IncomingMessage, response: ServerResponse) =>
  void response.setHeader('connection', 'close')

/** Connections that never asked anything: nobody waits on them, and Node does not count them as idle. */
function silentConnections(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket) => {
    silent.add(socket)
    const heard = () => silent.delete(socket)
    socket.once('data', heard)
    socket.once('close', heard)
  })
  return silent
}

async function closeServer(server: Server, silent: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of silent) socket.destroy()
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs) // those that were busy a moment ago
  const end = setTimeout(() => server.closeAllConnections(), finishMs)
  await closed
  clearInterval(sweep)
  clearTimeout(end)
}
