// The listener of tills under what comes over a network: pieces, silence, floods, garbage, strangers; one connection never hurts another.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import type { TillCount } from '../../src/adapters/iso8583/listener/connection.ts'
import type { TillHandler } from '../../src/adapters/iso8583/listener/handler.ts'
import { type ListenerOptions, openListener } from '../../src/adapters/iso8583/listener/listener.ts'
import type { Message } from '../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87, type Profile } from '../../src/adapters/iso8583/profile.ts'
import { eventually } from '../support/gateway.ts'
import { dialTill, lineOver } from '../support/till.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Answers everything with 00, and element 63 as long as asked for. */
const yes: TillHandler = async ({ message, connection: { codec } }) => {
  const fields = { 11: message.fields[11]!, 39: '00', ...(message.fields[63] && { 63: message.fields[63] }) }
  const encoded = codec.encode({ mti: '0810', fields })
  return encoded.ok ? encoded.bytes : undefined
}

async function open(options: Partial<ListenerOptions> = {}) {
  const counts: TillCount[] = []
  const failures: unknown[] = []
  const listener = await openListener({
    host: '127.0.0.1',
    port: 0,
    profile: ascii87,
    handler: yes,
    count: (name) => counts.push(name),
    failed: (error) => failures.push(error),
    ...options,
  })
  closers.push(listener.close)
  const codec = messageCodec(options.profile ?? ascii87)
  const dial = async () => {
    const line = await dialTill(listener.port, codec)
    closers.push(line.hangUp)
    return line
  }
  return { ...listener, codec, counts, failures, dial }
}

/** A till that keeps listening when it has said everything, as some do. */
async function dialTillHalfOpen(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.once('end', () => socket.end())
  closers.push(() => socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return lineOver(socket, messageCodec(ascii87))
}

const frame = (message: Message, profile: Profile = ascii87, tpdu = ''): Uint8Array => {
  const encoded = messageCodec(profile).encode(message)
  if (!encoded.ok) throw new Error(encoded.code)
  return wrap(encoded.bytes, tpdu, profile.envelope)
}
const echo = (stan = 1, more: Message['fields'] = {}): Message => ({
  mti: '0800',
  fields: { 11: String(stan).padStart(6, '0'), 41: '9QZXW4F2', 70: '301', ...more },
})

describe('messages', () => {
  test('come in any pieces', async () => {
    const line = await (await open()).dial()
    for (const byte of frame(echo(1))) line.send(Uint8Array.of(byte))
    expect((await line.next()).fields[11]).toBe('000001')
    line.send(Buffer.concat([frame(echo(2)), frame(echo(3)), frame(echo(4))]))
    const stans = [await line.next(), await line.next(), await line.next()].map(({ fields }) => fields[11])
    expect(stans).toEqual(['000002', '000003', '000004'])
  })
  test('are answered as they are ready, not in turn', async () => {
    let release = () => {}
    const handler: TillHandler = async (request) => {
      if (request.message.fields[11] === '000001')
        await new Promise<void>((resolve) => {
          release = resolve
        })
      return yes(request)
    }
    const line = await (await open({ handler })).dial()
    line.send(Buffer.concat([frame(echo(1)), frame(echo(2))]))
    expect((await line.next()).fields[11]).toBe('000002')
    release()
    expect((await line.next()).fields[11]).toBe('000001')
  })
  test('behind a TPDU are answered to where they came from', async () => {
    const { dial } = await open({ profile: bcd87 })
    const line = await dial()
    const raw = new Promise<Buffer>((resolve) => line.socket.once('data', resolve))
    line.send(frame(echo(), bcd87, '6012340000'))
    expect((await raw).subarray(2, 7).toString('hex')).toBe('6000001234')
  })
  test('are answered though the till has said that it will say no more', async () => {
    const handler: TillHandler = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return yes(request)
    }
    const line = await dialTillHalfOpen((await open({ handler })).port)
    line.socket.end(Buffer.concat([frame(echo(1)), frame(echo(2))]))
    expect((await line.next()).fields[11]).toBe('000001')
    expect((await line.next()).fields[11]).toBe('000002')
    await line.ended
  })
  test('of length zero are signs of life', async () => {
    const line = await (await open()).dial()
    line.send(Uint8Array.of(0, 0, 0, 0))
    line.send(frame(echo(7)))
    expect((await line.next()).fields[11]).toBe('000007')
  })
  test('that break the handler are answered 96, and the connection goes on', async () => {
    let broken = true
    const handler: TillHandler = (request) => {
      if (broken) throw new Error('a bug')
      return yes(request)
    }
    const { dial, failures } = await open({ handler: async (request) => handler(request) })
    const line = await dial()
    line.send(frame(echo(1)))
    expect((await line.next()).fields).toMatchObject({ 11: '000001', 39: '96', 41: '9QZXW4F2' })
    broken = false
    line.send(frame(echo(2)))
    expect((await line.next()).fields[39]).toBe('00')
    expect(failures).toHaveLength(1)
  })
  test('that cannot be read are answered 30 where they say whose they are, else dropped', async () => {
    const { dial, counts } = await open()
    const line = await dial()
    line.send(wrap(Buffer.from('0800garbage'), '', ascii87.envelope))
    line.send(wrap(Buffer.from('not even a type'), '', ascii87.envelope))
    line.send(frame(echo(3)))
    expect((await line.next()).fields[11]).toBe('000003')
    expect(counts.filter((name) => name === 'garbled')).toHaveLength(2)
  })
})

describe('a connection is cut off', () => {
  const cases: [string, Partial<ListenerOptions>, Uint8Array | undefined, TillCount][] = [
    ['that says nothing', { limits: { firstMessageMs: 20 } }, undefined, 'no_message'],
    ['that only talks garbage', { limits: { firstMessageMs: 20 } }, frameOf('garbage'), 'no_message'],
    [
      'that stops in the middle of a frame',
      { limits: { frameMs: 20 } },
      frame(echo()).subarray(0, 9),
      'slow_frame',
    ],
    ['that stops in the middle of a length', { limits: { frameMs: 20 } }, Uint8Array.of(0), 'slow_frame'],
    ['that has been idle', { limits: { idleMs: 20 } }, frame(echo()), 'idle'],
    ['that announces too much', {}, Uint8Array.of(0x20, 0), 'framing_lost'],
  ]
  test.each(cases)('%s', async (_what, options, bytes, reason) => {
    const { dial, counts } = await open(options)
    const line = await dial()
    if (bytes) line.send(bytes)
    await line.ended
    expect(counts).toContain(reason)
  })
  test('that trickles a frame byte by byte, however busy it looks', async () => {
    const { dial, counts } = await open({ limits: { frameMs: 60 } })
    const line = await dial()
    line.send(Uint8Array.of(0, 200))
    const trickle = setInterval(() => line.send(Uint8Array.of(48)), 5)
    await line.ended
    clearInterval(trickle)
    expect(counts).toContain('slow_frame')
  })
  test('whose TPDU is none', async () => {
    const { dial, counts } = await open({ profile: bcd87 })
    const line = await dial()
    line.send(Uint8Array.of(0, 6, 1, 2, 3, 4, 5, 6))
    await line.ended
    expect(counts).toContain('framing_lost')
  })
  test('that does not read its answers', async () => {
    const { dial, counts } = await open({ limits: { unreadMax: 10_000, inFlightMax: 1_000 } })
    const line = await dial()
    line.socket.pause()
    const big = frame(echo(1, { 63: 'x'.repeat(900) }))
    const flood = setInterval(() => {
      for (let one = 0; one < 200; one++) line.send(big)
    }, 1)
    await eventually('it is cut off', () => counts.includes('unread_answers'))
    clearInterval(flood)
  })
})

function frameOf(text: string): Uint8Array {
  return wrap(Buffer.from(text), '', ascii87.envelope)
}

describe('what is bounded', () => {
  test('requests of one connection that are handled at once; the others wait and are answered', async () => {
    const waiting: (() => void)[] = []
    let most = 0
    const handler: TillHandler = async (request) => {
      await new Promise<void>((resolve) => waiting.push(resolve))
      most = Math.max(most, waiting.length)
      return yes(request)
    }
    const { dial } = await open({ handler, limits: { inFlightMax: 4 } })
    const line = await dial()
    line.send(Buffer.concat(Array.from({ length: 100 }, (_, index) => frame(echo(index + 1)))))
    await eventually('four are handled', () => waiting.length === 4)
    let answered = 0
    while (answered < 100) {
      await eventually('one waits', () => waiting.length > 0)
      expect(waiting.length).toBeLessThanOrEqual(4)
      waiting.shift()!()
      await line.next()
      answered += 1
    }
    expect(most).toBeLessThanOrEqual(4)
  })
  test('patience, but not while it is us who do not read', async () => {
    let release = () => {}
    const handler: TillHandler = async (request) => {
      if (request.message.fields[11] === '000001')
        await new Promise<void>((resolve) => {
          release = resolve
        })
      return yes(request)
    }
    const { dial, counts } = await open({ handler, limits: { inFlightMax: 1, frameMs: 30 } })
    const line = await dial()
    const third = frame(echo(3))
    line.send(Buffer.concat([frame(echo(1)), frame(echo(2)), third.subarray(0, 9)]))
    await new Promise((resolve) => setTimeout(resolve, 90))
    release()
    line.send(third.subarray(9))
    const stans = [await line.next(), await line.next(), await line.next()].map(({ fields }) => fields[11])
    expect(stans).toEqual(['000001', '000002', '000003'])
    expect(counts).not.toContain('slow_frame')
  })
  test('the turn of one connection: a flood does not go before what another sends meanwhile', async () => {
    const handled: string[] = []
    const handler: TillHandler = (request) => {
      handled.push(request.message.fields[11]!)
      return yes(request)
    }
    const { dial } = await open({ handler })
    const [flood, other] = [await dial(), await dial()]
    flood.send(Buffer.concat(Array.from({ length: 1_000 }, () => frame(echo(1)))))
    other.send(frame(echo(2)))
    expect((await other.next()).fields[11]).toBe('000002')
    expect(handled.indexOf('000002')).toBeLessThan(200)
    await eventually('the flood is handled too', () => handled.length === 1_001)
  })
  test('connections', async () => {
    const { dial, counts } = await open({ limits: { connectionsMax: 2 } })
    const [first] = [await dial(), await dial()]
    const third = await dial()
    await third.ended
    expect(counts).toContain('refused_connection')
    first.send(frame(echo(1)))
    expect((await first.next()).fields[39]).toBe('00')
  })
  test('what a flood of one connection costs another', async () => {
    const { dial } = await open()
    const [flood, other] = [await dial(), await dial()]
    const many = Buffer.concat(Array.from({ length: 500 }, (_, index) => frame(echo(index + 1))))
    const pour = setInterval(() => flood.send(many), 1)
    for (let turn = 1; turn <= 50; turn++) {
      const from = performance.now()
      other.send(frame(echo(turn)))
      expect((await other.next()).fields[11]).toBe(String(turn).padStart(6, '0'))
      expect(performance.now() - from).toBeLessThan(2_000)
    }
    clearInterval(pour)
  })
  test('memory, whatever garbage comes', async () => {
    const { dial } = await open()
    const random = Buffer.alloc(65_536, 'not a message ')
    const before = process.memoryUsage().arrayBuffers
    for (let one = 0; one < 100; one++) {
      const line = await dial()
      line.send(random)
      await line.ended
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20)
  })
})

describe('closing', () => {
  test('lets what is being handled be answered, and takes nothing more', async () => {
    let release: (() => void) | undefined
    const handler: TillHandler = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return yes(request)
    }
    const { dial, close, port } = await open({ handler })
    const line = await dial()
    line.send(frame(echo(1)))
    await eventually('it is handled', () => release !== undefined)
    const closed = close()
    line.send(frame(echo(2)))
    await expect(dialTill(port, messageCodec(ascii87))).rejects.toThrow()
    release?.()
    expect((await line.next()).fields[11]).toBe('000001')
    await closed
    await line.ended
  })
  test('waits for what is being handled though the till has gone', async () => {
    let release: (() => void) | undefined
    let done = false
    const handler: TillHandler = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      done = true
      return yes(request)
    }
    const { dial, close, counts } = await open({ handler })
    const line = await dial()
    line.send(frame(echo(1)))
    await eventually('it is handled', () => release !== undefined)
    line.socket.resetAndDestroy()
    await new Promise((resolve) => setTimeout(resolve, 20)) // the listener sees it
    const closed = close().then(() => expect(done).toBe(true))
    await new Promise((resolve) => setTimeout(resolve, 20))
    release!()
    await closed
    expect(counts).not.toContain('answered')
  })
  test('waits for no till that has hung up meanwhile', async () => {
    let release: (() => void) | undefined
    const handler: TillHandler = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return yes(request)
    }
    const { dial, close } = await open({ handler })
    const line = await dial()
    line.send(frame(echo(1)))
    await eventually('it is handled', () => release !== undefined)
    const from = performance.now()
    const closed = close()
    line.hangUp()
    await new Promise((resolve) => setTimeout(resolve, 20))
    release!()
    await closed
    expect(performance.now() - from).toBeLessThan(4_000)
  })
})

describe('TLS', () => {
  const pem = (name: string) => readFileSync(new URL(`../vectors/tls/${name}`, import.meta.url), 'utf8')
  const [cert, key] = [pem('shop.example.pem'), pem('shop.example.key')]
  const authenticated: TillHandler = async (request) =>
    request.connection.authenticated ? yes(request) : undefined

  async function dialTls(port: number, options: object) {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    closers.push(() => socket.destroy())
    return lineOver(socket, messageCodec(ascii87))
  }

  test('lets a till in that shows a certificate of our authority, and knows that it did', async () => {
    const { port } = await open({ tls: { cert, key, clientCa: cert }, handler: authenticated })
    const line = await dialTls(port, { cert, key })
    line.send(frame(echo(1)))
    expect((await line.next()).fields[39]).toBe('00')
  })
  test('lets nobody in who shows none', async () => {
    const { port, counts } = await open({ tls: { cert, key, clientCa: cert }, handler: authenticated })
    const line = await dialTls(port, {})
    line.send(frame(echo(1)))
    await line.ended
    await eventually('it is counted', () => counts.includes('refused_connection'))
  })
  test('without an authority is only a wrapping', async () => {
    const { port } = await open({ tls: { cert, key } })
    const line = await dialTls(port, {})
    line.send(frame(echo(1)))
    expect((await line.next()).fields[39]).toBe('00')
  })
  test('is not waited for by closing where a handshake never ends', async () => {
    const { port, close } = await open({ tls: { cert, key } })
    const silent = connect(port, '127.0.0.1')
    closers.push(() => silent.destroy())
    await new Promise((resolve) => silent.once('connect', resolve))
    const from = performance.now()
    await close()
    expect(performance.now() - from).toBeLessThan(5_000)
  })
  test('answers a till that has said that it will say no more', async () => {
    const { port } = await open({ tls: { cert, key } })
    const line = await dialTls(port, { allowHalfOpen: true })
    line.socket.end(frame(echo(1)))
    expect((await line.next()).fields[39]).toBe('00')
    await line.ended
  })
})
