// One till's connection: frames in, answers out as they are ready; bounded in what it may keep waiting, and in time.
import type { Socket } from 'node:net'
import type { MessageCodec } from '../codec.ts'
import { answerTpdu, withoutTpdu, wrap } from '../envelope.ts'
import { frameSplitter } from '../framing.ts'
import { formatError, malfunction, refuse } from './garbled.ts'
import type { TillConnection, TillHandler } from './handler.ts'

/** Sizes in bytes, times in milliseconds. */
export type Limits = {
  readonly frameMax: number
  /** Requests of one connection that are handled at once; what comes besides is not read yet. */
  readonly inFlightMax: number
  /** Answers that a till does not read. */
  readonly unreadMax: number
  /** Nothing comes and nothing goes. */
  readonly idleMs: number
  /** From the first byte of a frame to its last. */
  readonly frameMs: number
  /** Until the first message that can be read. */
  readonly firstMessageMs: number
}

/** What a connection ended for, or what happened on it: counted, so that an operator sees an attack or a broken till. */
export type TillCount =
  | 'connected'
  | 'refused_connection'
  | 'answered'
  | 'not_answered'
  | 'garbled'
  | 'framing_lost'
  | 'idle'
  | 'slow_frame'
  | 'no_message'
  | 'unread_answers'
  | 'malfunction'

export type ConnectionPorts = {
  readonly codec: MessageCodec
  readonly handler: TillHandler
  readonly limits: Limits
  readonly count: (name: TillCount) => void
  /** Told of a bug in the handler. */
  readonly failed: (error: unknown) => void
}

export type ServedConnection = {
  /** Reads no more, and resolves when what is being handled is answered. */
  readonly drained: () => Promise<void>
  /** Once what was answered is written, or soon. */
  readonly hangUp: () => void
}

const hangUpMs = 1_000

export function serveConnection(
  socket: Socket,
  authenticated: boolean,
  { codec, handler, limits, count, failed }: ConnectionPorts,
): ServedConnection {
  const { envelope } = codec.profile
  const split = frameSplitter({ length: envelope.length, frameMax: limits.frameMax })
  const connection: TillConnection = { authenticated, codec }
  const waiting: Uint8Array[] = []
  let inFlight = 0
  let draining: (() => void) | undefined
  let frameTimer: NodeJS.Timeout | undefined
  let firstTimer: NodeJS.Timeout | undefined = setTimeout(
    () => cut('no_message'),
    limits.firstMessageMs,
  ).unref()

  function cut(reason: TillCount): void {
    count(reason)
    socket.destroy()
  }

  function take(chunk: Uint8Array): void {
    const { frames, begun, fault } = split(chunk)
    waiting.push(...frames)
    if (frames.length > 0 || !begun) {
      clearTimeout(frameTimer)
      frameTimer = undefined
    }
    if (begun) frameTimer ??= setTimeout(() => cut('slow_frame'), limits.frameMs).unref()
    if (fault) cut('framing_lost')
    else handleWaiting()
  }

  function handleWaiting(): void {
    while (waiting.length > 0 && inFlight < limits.inFlightMax) {
      inFlight += 1
      void handle(waiting.shift()!).finally(handled)
    }
    if (waiting.length > 0) socket.pause()
    else if (!draining) socket.resume()
  }

  function handled(): void {
    inFlight -= 1
    if (!socket.destroyed) handleWaiting()
    if (inFlight === 0) draining?.()
  }

  async function handle(frame: Uint8Array): Promise<void> {
    const content = envelope.tpdu ? withoutTpdu(frame) : ({ ok: true, tpdu: '', message: frame } as const)
    if (!content.ok) return cut('framing_lost')
    const answer = await answerTo(content.message)
    if (answer === undefined) return count('not_answered')
    if (socket.destroyed) return // the till is gone: it will ask again, or reverse
    socket.write(wrap(answer, content.tpdu && answerTpdu(content.tpdu), envelope))
    if (socket.writableLength > limits.unreadMax) return cut('unread_answers')
    count('answered')
  }

  async function answerTo(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const decoded = codec.decode(bytes)
    if (!decoded.ok) {
      count('garbled')
      return refuse(bytes, formatError, codec)
    }
    clearTimeout(firstTimer)
    firstTimer = undefined
    try {
      return await handler({ message: decoded.message, bytes, connection })
    } catch (error) {
      count('malfunction')
      failed(error)
      return refuse(bytes, malfunction, codec)
    }
  }

  count('connected')
  socket.setNoDelay(true)
  socket.setTimeout(limits.idleMs, () => cut('idle'))
  socket.on('data', take)
  socket.on('error', () => {}) // 'close' follows
  socket.on('close', () => {
    clearTimeout(frameTimer)
    clearTimeout(firstTimer)
    waiting.length = 0
  })

  return {
    drained: () =>
      new Promise((resolve) => {
        draining = resolve
        waiting.length = 0
        socket.pause()
        if (inFlight === 0) resolve()
      }),
    hangUp: () => {
      socket.end(() => socket.destroy())
      setTimeout(() => socket.destroy(), hangUpMs).unref() // a till that does not read its answers
    },
  }
}
