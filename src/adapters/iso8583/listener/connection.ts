// One till's connection: frames in, answers out as they are ready; bounded in what it may keep waiting, in time, and in its share of the processor.
import type { Socket } from 'node:net'
import type { MessageCodec } from '../codec.ts'
import { answerTpdu, withoutTpdu, wrap } from '../envelope.ts'
import { frameSplitter } from '../framing.ts'
import { formatError, malfunction, refuse } from './garbled.ts'
import type { TillConnection, TillHandler } from './handler.ts'
import { inputOf } from './input.ts'
import { takeTurns } from './turn.ts'

/** Sizes in bytes, times in milliseconds. */
export type Limits = {
  readonly frameMax: number
  /** Requests of one connection that are handled at once; what comes besides is not read yet. */
  readonly inFlightMax: number
  /** Answers that a till does not read. */
  readonly unreadMax: number
  /** Nothing comes and nothing goes. */
  readonly idleMs: number
  /** From the first byte of a frame to its last, while we read. */
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
  | 'not_permitted'
  | 'mac_wrong'

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
  /** Once what was answered is written. */
  readonly hangUp: () => void
}

export function serveConnection(
  socket: Socket,
  authenticated: boolean,
  { codec, handler, limits, count, failed }: ConnectionPorts,
): ServedConnection {
  const { envelope } = codec.profile
  const split = frameSplitter({ length: envelope.length, frameMax: limits.frameMax })
  const connection: TillConnection = { authenticated, codec }
  const input = inputOf(socket, limits.frameMs, () => cut('slow_frame'))
  const turn = takeTurns(handleWaiting)
  const waiting: Uint8Array[] = []
  let inFlight = 0
  let inputEnded = false
  let drained: Promise<void> | undefined
  let draining: (() => void) | undefined
  let firstTimer: NodeJS.Timeout | undefined = setTimeout(
    () => cut('no_message'),
    limits.firstMessageMs,
  ).unref()

  function cut(reason: TillCount): void {
    count(reason)
    socket.destroy()
  }

  function take(chunk: Uint8Array): void {
    const { frames, begun = false, fault } = split(chunk)
    if (fault) return void cut('framing_lost')
    waiting.push(...frames)
    input.heard({ ended: frames.length > 0, begun })
    turn.spendBytes(chunk.length)
    handleWaiting()
  }

  function handleWaiting(): void {
    if (socket.destroyed) return
    while (waiting.length > 0 && inFlight < limits.inFlightMax && !turn.isOver()) {
      inFlight += 1
      turn.spendFrame()
      void handle(waiting.shift()!).catch(broken).finally(handled)
    }
    if (waiting.length > 0 || turn.isOver() || draining) input.pause()
    else input.read()
  }

  function handled(): void {
    inFlight -= 1
    handleWaiting()
    if (inFlight > 0) return
    draining?.()
    if (inputEnded) endAnswered()
  }

  /** A till may say that it has said everything, and still wait for its answers. */
  function endAnswered(): void {
    inputEnded = true
    if (inFlight === 0 && waiting.length === 0) socket.end()
  }

  function drain(): Promise<void> {
    waiting.length = 0
    input.pause()
    return new Promise((resolve) => {
      draining = resolve
      if (inFlight === 0) resolve()
    })
  }

  async function handle(frame: Uint8Array): Promise<void> {
    const content = envelope.tpdu ? withoutTpdu(frame) : ({ ok: true, tpdu: '', message: frame } as const)
    if (!content.ok) return cut('framing_lost')
    const answer = await answerTo(content.message)
    if (answer === undefined) return count('not_answered')
    if (!socket.writable) return // the till is gone: it will ask again, or reverse
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
      broken(error)
      return refuse(bytes, malfunction, codec)
    }
  }

  function broken(error: unknown): void {
    count('malfunction')
    failed(error)
  }

  count('connected')
  socket.setNoDelay(true)
  socket.setTimeout(limits.idleMs, () => cut('idle'))
  socket.on('data', take)
  socket.on('end', endAnswered)
  socket.on('error', () => {}) // 'close' follows
  socket.on('close', () => {
    input.stop()
    clearTimeout(firstTimer)
    waiting.length = 0
  })

  return {
    drained: () => {
      drained ??= drain()
      return drained
    },
    hangUp: () => void socket.end(() => socket.destroy()),
  }
}
