// An acquirer's host for tests that does with each message what the test says, and a gateway's line to a host.
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterEach } from 'vitest'
import { type AcquirerOptions, openAcquirer } from '../../src/adapters/iso8583/acquirer/acquirer.ts'
import { messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import { frameSplitter } from '../../src/adapters/iso8583/framing.ts'
import type { Message } from '../../src/adapters/iso8583/message.ts'
import { ascii87 } from '../../src/adapters/iso8583/profile.ts'
import { openSandboxHost } from '../../src/adapters/iso8583/sandboxHost/open.ts'
import type { AuthorizationRequest, NetworkAnswer } from '../../src/domain/pos/cardNetwork.ts'
import { newTrace } from '../../src/domain/pos/networkTrace.ts'
import { eventually } from './gateway.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A gateway gives up soon, and comes back soon. */
export const quick = {
  requestMs: 60,
  repeatMs: 60,
  echoEveryMs: 10_000,
  reconnectFirstMs: 5,
  reconnectLastMs: 20,
}
/** It gives up long after a test has failed: what is answered was answered at once. */
export const patient = { ...quick, requestMs: 60_000 }

const codec = messageCodec(ascii87)
export const now = () => new Date('2026-11-24T03:00:00Z')

export function dial(port: number, changes: Partial<AcquirerOptions> = {}) {
  const line = { host: '127.0.0.1', port, codec, chance: () => 0, noticed: () => {}, now, times: quick }
  const network = openAcquirer({ ...line, ...changes })
  closers.push(network.close)
  return network
}
export const isUp = (network: { isUp: () => boolean }) => eventually('the line is up', network.isUp)

/** The sandbox's own. */
export async function openSandbox(port = 0, profile = ascii87) {
  const failed = (error: unknown) => {
    throw error
  }
  const host = await openSandboxHost({ host: '127.0.0.1', port, profile, lateMs: 200, failed })
  closers.push(host.close)
  return host
}

export type Answer = (message: Message) => void
type Act = (message: Message, answer: Answer, socket: Socket) => void

export const framed = (message: Message): Uint8Array => {
  const encoded = codec.encode(message)
  if (!encoded.ok) throw new Error(`${encoded.code} in DE${encoded.de}`)
  return wrap(encoded.bytes, '', ascii87.envelope)
}

export async function openScripted(act: Act, { port = 0, tls }: { port?: number; tls?: TlsOptions } = {}) {
  const sockets = new Set<Socket>()
  const messages: Message[] = []
  function serve(socket: Socket): void {
    sockets.add(socket)
    const split = frameSplitter({ length: 'exclusive', frameMax: 4_096 })
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      for (const frame of split(chunk).frames) {
        const read = codec.decode(frame)
        if (!read.ok) throw new Error(read.code)
        messages.push(read.message)
        act(read.message, (message) => void socket.write(framed(message)), socket)
      }
    })
  }
  const server: Server = tls ? createTlsServer(tls, serve) : createServer(serve)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  closers.push(close)
  return {
    port: (server.address() as { port: number }).port,
    messages,
    ofMti: (mti: string) => messages.filter((one) => one.mti === mti),
    /** On every line. */
    say: (message: Message) => {
      for (const socket of sockets) socket.write(framed(message))
    },
    close,
  }
}

/** The right answer to a message, and yes. */
export const yes = ({ mti, fields }: Message, changes: Message['fields'] = {}): Message => ({
  mti: `${mti.slice(0, 2)}${mti[2] === '0' ? '1' : '3'}0`,
  fields: { ...fields, 39: '00', ...changes },
})

/** Whether it was a sign-on or an echo, which is answered. */
export function signsOn(message: Message, answer: Answer): boolean {
  const isManagement = message.mti === '0800'
  if (isManagement) answer(yes(message))
  return isManagement
}

let counter = 0
export const nextTrace = () => newTrace(now(), ++counter)
export const dong = (minor: bigint) => ({ minor, currency: 'VND' }) as const
export function request(changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest {
  const trace = nextTrace()
  return {
    kind: 'sale',
    terminalId: '9QZXW4F2',
    cardAcceptorId: 'TN7K3MA9QZXW4F2',
    reference: `QQQQQQ${trace.stan}`,
    trace,
    card: { first6: '411111', last4: '1111', token: 'tok_of_a_till' },
    amount: dong(125_000n),
    acceptsPartial: false,
    ...changes,
  }
}

export const noLate = (): never => {
  throw new Error('answered late')
}
export const lateAnswers = () => {
  const late: NetworkAnswer[] = []
  return { late, tellLate: (answer: NetworkAnswer) => void late.push(answer) }
}
