// The line to an acquirer: connected, signed on, kept alive, and connected again; answers find their questions by what they say.
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { MessageCodec } from '../codec.ts'
import { withoutTpdu, wrap } from '../envelope.ts'
import { frameSplitter } from '../framing.ts'
import type { Fields, Message } from '../message.ts'
import { answerMti } from '../mti.ts'

/** PEM texts; `ca`: who signs the acquirer's certificate, where that is none of the usual authorities. */
export type LinkTls = { readonly ca?: string; readonly cert?: string; readonly key?: string }

export type LinkOptions = {
  readonly host: string
  readonly port: number
  readonly codec: MessageCodec
  readonly tls?: LinkTls
  /** An answer to sign-on and echo is waited for so long. */
  readonly answerMs: number
  readonly echoEveryMs: number
  /** After a failure: the first pause, doubled up to the last. */
  readonly reconnectMs: { readonly first: number; readonly last: number }
  /** From 0 up to 1: spreads the reconnecting of many gateways. */
  readonly chance: () => number
  readonly now: () => Date
  /** Every answer but those to sign-on and echo. */
  readonly heard: (message: Message) => void
  /** Signed on, for the first time or again. */
  readonly up: () => void
  /** Told when the line comes up, and each time that it cannot be had or is lost. */
  readonly noticed: (notice: LineNotice) => void
}

/** `why`: an error code of the system or of TLS, or what the host did, in our words. */
export type LineNotice = { readonly isUp: true } | { readonly isUp: false; readonly why: string }

export type Link = {
  readonly isUp: () => boolean
  /** False, and nothing was sent, where the line is not up or does not take more. */
  readonly send: (message: Message) => boolean
  readonly close: () => void
}

const frameMax = 4_096
const unsentMax = 1_048_576
const signOn = '001'
const echo = '301'
const names: Readonly<Record<string, string>> = { [signOn]: 'the sign-on', [echo]: 'an echo' }

/** What a question and its answer have in common; the last digit of the type says only who repeated it. */
export const keyOf = ({ mti, fields }: Message): string =>
  [(answerMti(mti) ?? mti).slice(0, 3), ...[7, 11, 37, 41].map((de) => fields[de] ?? '')].join(' ')

/** Hosts add to a sign-on what they like: its answer is known by its time and its trace number. */
const bare = ({ mti, fields }: Message): Message => ({ mti, fields: { ...fields, 37: '', 41: '' } })

export function openLink(options: LinkOptions): Link {
  const { host, port, codec, tls, answerMs, echoEveryMs, reconnectMs, chance, now, heard, up, noticed } =
    options
  const { envelope } = codec.profile
  const servername = isIP(host) ? '' : host // a host of many names shows the certificate of this one
  let socket: Socket | undefined
  let isUp = false
  let closed = false
  let failures = 0
  let why = ''
  let counter = 0
  let awaited: { readonly key: string; readonly code: string } | undefined // the sign-on or echo that is out
  let timer: NodeJS.Timeout | undefined // for its answer, for the next echo, or for the next attempt to connect

  function later(ms: number, act: () => void): void {
    clearTimeout(timer)
    timer = setTimeout(act, ms)
  }

  function dial(): void {
    const split = frameSplitter({ length: envelope.length, frameMax })
    const line = tls ? connectTls({ host, port, servername, ...tls }) : connect(port, host)
    socket = line
    line.setNoDelay(true)
    why = 'the host hung up'
    line.once(tls ? 'secureConnect' : 'connect', () => manage(signOn))
    line.on('data', (chunk) => {
      const { frames, fault } = split(chunk)
      for (const frame of frames) take(frame)
      if (fault) drop('the host sent what is no frame')
    })
    line.on('error', (error: NodeJS.ErrnoException) => drop(error.code ?? 'a connection error'))
    line.once('close', () => lost(line))
    later(answerMs, () => drop('no connection in time'))
  }

  function drop(reason: string): void {
    why = reason
    socket?.destroy() // 'close' follows
  }

  function lost(line: Socket): void {
    if (line !== socket) return
    isUp = false
    awaited = undefined
    if (closed) return
    noticed({ isUp, why })
    const pause = Math.min(reconnectMs.first * 2 ** failures, reconnectMs.last)
    failures += 1
    later(pause * (1 + chance()), dial)
  }

  /** Sign-on or echo; where it is not answered the line is dropped. */
  function manage(code: string): void {
    counter = (counter + 1) % 1_000_000
    const transmittedAt = now().toISOString().replace(/\D/g, '').slice(4, 14)
    const fields: Fields = { 7: transmittedAt, 11: String(counter).padStart(6, '0'), 70: code }
    const message: Message = { mti: '0800', fields }
    awaited = { key: keyOf(message), code }
    write(message)
    later(answerMs, () => drop(`no answer to ${names[code]}`))
  }

  function take(frame: Uint8Array): void {
    const content = envelope.tpdu ? withoutTpdu(frame) : ({ ok: true, message: frame } as const)
    const decoded = content.ok ? codec.decode(content.message) : content
    if (!decoded.ok) return // what cannot be read answers nothing: the question will be repeated
    const { message } = decoded
    const isAnswer = answerMti(message.mti) === undefined
    if (awaited && message.mti === '0810' && keyOf(bare(message)) === awaited.key)
      managed(message, awaited.code)
    else if (message.mti === '0800')
      write({ ...message, mti: '0810', fields: { ...message.fields, 39: '00' } })
    else if (isAnswer) heard(message)
  }

  function managed({ fields }: Message, code: string): void {
    awaited = undefined
    if (fields[39] === '00') {
      later(echoEveryMs, () => manage(echo))
      if (code === signOn) signedOn()
    } else drop(`${names[code]} was answered ${fields[39] ?? 'without a code'}`)
  }

  function signedOn(): void {
    failures = 0
    isUp = true
    noticed({ isUp })
    up()
  }

  function write(message: Message): boolean {
    const encoded = codec.encode(message)
    if (!encoded.ok) throw new Error(`a message that cannot be written: ${encoded.code} in DE${encoded.de}`)
    if (!socket?.writable || socket.writableLength > unsentMax) return false
    socket.write(wrap(encoded.bytes, envelope.tpdu ? '6000000000' : '', envelope))
    return true
  }

  dial()
  return {
    isUp: () => isUp,
    send: (message) => isUp && write(message),
    close: () => {
      closed = true
      isUp = false
      clearTimeout(timer)
      socket?.destroy()
    },
  }
}
