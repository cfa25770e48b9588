// A till for tests: a gateway with a listener that really listens, and a connection that speaks ISO 8583 to it.
import { connect, type Socket } from 'node:net'
import { type MessageCodec, messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import { frameSplitter } from '../../src/adapters/iso8583/framing.ts'
import type { TillCount } from '../../src/adapters/iso8583/listener/connection.ts'
import { type Listener, openListener } from '../../src/adapters/iso8583/listener/listener.ts'
import type { Fields, Message } from '../../src/adapters/iso8583/message.ts'
import { ascii87, type Profile } from '../../src/adapters/iso8583/profile.ts'
import { writeOriginalData } from '../../src/adapters/iso8583/subelements.ts'
import { tillHost } from '../../src/adapters/node/tills.ts'
import type { Shop, TestGateway } from './gateway.ts'

export const testPan = '4111111111111111'

/** Trace numbers that no message of this test file has had. */
export function stans(): () => string {
  let counter = 0
  return () => String(++counter).padStart(6, '0')
}

/** What a sale with the test card has, but for its trace number. */
export const saleFields: Fields = {
  2: testPan,
  3: '000000',
  4: '000000125000',
  14: '3012',
  22: '051',
  25: '00',
  49: '704',
}

/** What was recorded after a position, but for reversals of earlier sales that are being told to the network meanwhile. */
export async function recordedSince({ store }: TestGateway, head: string): Promise<string[]> {
  const events = await store.readAll(head, 1_000)
  return events.filter(({ metadata }) => metadata.actor !== 'tellNetwork').map(({ type }) => type)
}

/** DE90 of a message, given with the elements of it or of its answer. */
export const originalOf = (mti: string, { 7: transmittedAt, 11: stan }: Fields): string =>
  writeOriginalData({ mti, stan: stan!, transmittedAt: transmittedAt!, acquirer: '', forwarder: '' })

export type TillLine = {
  /** Sends without waiting. */
  readonly send: (bytes: Uint8Array) => void
  /** The next message that comes. */
  readonly next: () => Promise<Message>
  /** Resolves when the other side has hung up. */
  readonly ended: Promise<void>
  readonly hangUp: () => void
  readonly socket: Socket
}

/** A connection; without a profile's TPDU unless the profile has one. */
export async function dialTill(port: number, codec: MessageCodec): Promise<TillLine> {
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return lineOver(socket, codec)
}

export function lineOver(socket: Socket, codec: MessageCodec): TillLine {
  const { envelope } = codec.profile
  const split = frameSplitter({ length: envelope.length, frameMax: 65_535 })
  const got: Message[] = []
  const waiting: ((message: Message) => void)[] = []
  socket.on('data', (chunk) => {
    for (const frame of split(chunk).frames) {
      const read = codec.decode(envelope.tpdu ? frame.subarray(5) : frame)
      if (!read.ok) throw new Error(`the host sent what cannot be read: ${read.code}`)
      const next = waiting.shift()
      if (next) next(read.message)
      else got.push(read.message)
    }
  })
  socket.on('error', () => {})
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    next: () => {
      const here = got.shift()
      return here ? Promise.resolve(here) : new Promise((resolve) => waiting.push(resolve))
    },
    ended: new Promise((resolve) => socket.once('close', () => resolve())),
    hangUp: () => socket.destroy(),
  }
}

export type TestTill = {
  readonly id: string
  readonly de41: string
  readonly de42: string
  readonly listener: Listener
  readonly codec: MessageCodec
  readonly counts: Map<TillCount, number>
  readonly line: TillLine
  /** The elements that every message of the till has, and those given. */
  readonly message: (mti: string, fields: Fields) => Message
  readonly frame: (message: Message) => Uint8Array
  /** Sends a message, and gives the answer to it. */
  readonly ask: (mti: string, fields: Fields) => Promise<Fields & { readonly mti: string }>
  readonly close: () => Promise<void>
}

/** An activated till of a shop, at a listener of its own. */
export async function openTill(
  gateway: TestGateway,
  shop: Shop,
  { profile = ascii87 }: { readonly profile?: Profile } = {},
): Promise<TestTill> {
  const codec = messageCodec(profile)
  const counts = new Map<TillCount, number>()
  const count = (name: TillCount) => void counts.set(name, (counts.get(name) ?? 0) + 1)
  const listener = await openListener({
    host: '127.0.0.1',
    port: 0,
    profile,
    handler: tillHost(gateway.services, count),
    count,
    failed: (error) => {
      throw error
    },
  })
  const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN-0001' }
  const { activationCode, ...terminal } = (
    await gateway.call('POST', '/v1/terminals', { key: shop.key, body })
  ).body
  await gateway.call('POST', '/v1/terminals/activate', { body: { activationCode } })
  const line = await dialTill(listener.port, codec)
  const { terminalId: de41, cardAcceptorId: de42 } = terminal
  const message = (mti: string, fields: Fields): Message => {
    const sentAt = gateway.clock.now.toISOString().replace(/\D/g, '').slice(4, 14)
    return { mti, fields: defined({ 7: sentAt, 41: de41, 42: de42, ...fields }) }
  }
  const frame = (one: Message): Uint8Array => {
    const encoded = codec.encode(one)
    if (!encoded.ok) throw new Error(`${encoded.code} in DE${encoded.de}`)
    return wrap(encoded.bytes, profile.envelope.tpdu ? '6000010000' : '', profile.envelope)
  }
  return {
    id: terminal.id,
    de41,
    de42,
    listener,
    codec,
    counts,
    line,
    message,
    frame,
    ask: async (mti, fields) => {
      line.send(frame(message(mti, fields)))
      const answer = await line.next()
      return { mti: answer.mti, ...answer.fields }
    },
    close: async () => {
      line.hangUp()
      await listener.close()
    },
  }
}

/** A field given as undefined, as a test says "without it", is left out. */
const defined = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
