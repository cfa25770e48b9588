// The TCP server that tills connect to, plain or TLS: one profile a port.
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { messageCodec } from '../codec.ts'
import type { Profile } from '../profile.ts'
import { type ConnectionPorts, type Limits, type ServedConnection, serveConnection } from './connection.ts'

/** PEM texts. With an authority for clients, only they whom it signed are let in. */
export type ListenerTls = { readonly cert: string; readonly key: string; readonly clientCa?: string }

export type ListenerOptions = Omit<ConnectionPorts, 'codec' | 'limits'> & {
  readonly host: string
  readonly port: number
  readonly profile: Profile
  readonly tls?: ListenerTls
  readonly limits?: Partial<Limits & { readonly connectionsMax: number }>
}

export type Listener = {
  readonly port: number
  /** Takes no more, answers what is being handled, and hangs up. */
  readonly close: () => Promise<void>
}

const usual = {
  connectionsMax: 2_000,
  frameMax: 4_096,
  inFlightMax: 32,
  unreadMax: 65_536,
  idleMs: 600_000,
  frameMs: 10_000,
  firstMessageMs: 30_000,
}
const handshakeMs = 10_000
const drainMs = 5_000
const hangUpMs = 1_000

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { host, port, profile, tls, count } = options
  const { connectionsMax, ...limits } = { ...usual, ...options.limits }
  const ports = { ...options, limits, codec: messageCodec(profile) }
  const open = new Set<ServedConnection>()

  const sockets = new Set<Socket>()
  let closing = false

  function welcome(socket: Socket | TLSSocket): void {
    if (closing) return void socket.destroy()
    const authenticated = tls?.clientCa !== undefined && 'authorized' in socket && socket.authorized
    const served = serveConnection(socket, authenticated, ports)
    open.add(served)
    socket.once('close', () => void served.drained().then(() => open.delete(served)))
  }

  const server: Server = tls
    ? createTlsServer({ ...tlsOptions(tls), handshakeTimeout: handshakeMs, allowHalfOpen: true }, welcome)
    : createServer({ allowHalfOpen: true }, welcome)
  server.maxConnections = connectionsMax
  server.on('connection', (socket) => {
    sockets.add(socket) // also one whose TLS handshake never ends
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('drop', () => count('refused_connection'))
  server.on('tlsClientError', () => count('refused_connection'))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening on no port')

  async function close(): Promise<void> {
    closing = true
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    await atMost(drainMs, Promise.all([...open].map((one) => one.drained())))
    for (const one of open) one.hangUp()
    await atMost(hangUpMs, closed) // a till may not read its answers
    for (const socket of sockets) socket.destroy()
    await closed
  }

  return { port: address.port, close }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, over])
  clearTimeout(timer)
}

const tlsOptions = ({ cert, key, clientCa }: ListenerTls) => ({
  cert,
  key,
  minVersion: 'TLSv1.2' as const,
  ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
})
