// Tills under load: each on a connection of its own, sales at a given rate whatever is answered, timed from when they were due.
import { connect, type Socket } from 'node:net'
import { messageCodec } from '../src/adapters/iso8583/codec.ts'
import { wrap } from '../src/adapters/iso8583/envelope.ts'
import { frameSplitter } from '../src/adapters/iso8583/framing.ts'
import { ascii87 } from '../src/adapters/iso8583/profile.ts'
import { type Latencies, summary } from './loops.ts'

export type Terminal = { readonly terminalId: string; readonly cardAcceptorId: string }
export type PosLoad = Latencies & { readonly perSecond: number; readonly answered: number }

const codec = messageCodec(ascii87)
const stanDigits = 6
const placeholder = '999999'
/** In a request and in its answer DE11 stands behind these: type, bitmap, and DE2 in a request. */
const stanInAnswer = 4 + 16 + 6 + 12 + 10

/** A sale of 125,000 đồng; the trace number is put in for each. */
function templateOf({ terminalId, cardAcceptorId }: Terminal): { frame: Buffer; stanAt: number } {
  const sentAt = new Date().toISOString().replace(/\D/g, '').slice(4, 14)
  const encoded = codec.encode({
    mti: '0200',
    fields: {
      2: '4111111111111111',
      3: '000000',
      4: '000000125000',
      7: sentAt,
      11: placeholder,
      14: '3012',
      22: '051',
      25: '00',
      41: terminalId,
      42: cardAcceptorId,
      49: '704',
    },
  })
  if (!encoded.ok) throw new Error(encoded.code)
  const frame = Buffer.from(wrap(encoded.bytes, '', ascii87.envelope))
  return { frame, stanAt: frame.indexOf(`${sentAt}${placeholder}`) + sentAt.length }
}

type Till = { readonly sell: (due: number) => void; readonly close: () => void; readonly next: number }

/** `echoed`: what comes back is the request itself. `firstStan` goes on from earlier loads: a number is used once a day. */
async function openTill(
  port: number,
  terminal: Terminal,
  firstStan: number,
  echoed: boolean,
  answered: (latency: number) => void,
): Promise<Till> {
  const { frame, stanAt } = templateOf(terminal)
  const socket: Socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const due = new Map<string, number>()
  const split = frameSplitter({ length: ascii87.envelope.length, frameMax: 4_096 })
  const place = echoed ? stanAt - 2 : stanInAnswer
  socket.on('data', (chunk) => {
    for (const one of split(chunk).frames) {
      const stan = Buffer.from(one.buffer, one.byteOffset + place, stanDigits).toString('latin1')
      const at = due.get(stan)
      if (at === undefined) throw new Error(`an answer to nothing: ${stan}`)
      due.delete(stan)
      answered(performance.now() - at)
    }
  })
  let next = firstStan
  return {
    sell: (at) => {
      const stan = String(next++).padStart(stanDigits, '0')
      const one = Buffer.from(frame)
      one.write(stan, stanAt, 'latin1')
      due.set(stan, at)
      socket.write(one)
    },
    close: () => socket.destroy(),
    get next() {
      return next
    },
  }
}

const patienceMs = 10_000

/** Sells `perSecond` a second for some seconds, the tills taking turns. */
export async function loadTills(
  port: number,
  terminals: readonly Terminal[],
  perSecond: number,
  seconds: number,
  { firstStan = 1, echoed = false }: { readonly firstStan?: number; readonly echoed?: boolean } = {},
): Promise<PosLoad & { readonly nextStan: number }> {
  const latencies: number[] = []
  const open = (terminal: Terminal) =>
    openTill(port, terminal, firstStan, echoed, (latency) => void latencies.push(latency))
  const tills = await Promise.all(terminals.map(open))
  const start = performance.now()
  const total = Math.floor(perSecond * seconds)
  for (let sent = 0; sent < total; ) {
    const due = start + (sent * 1000) / perSecond
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, 1))
    else tills[sent++ % tills.length]!.sell(due)
  }
  const end = performance.now() + patienceMs
  while (latencies.length < total && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 5))
  const elapsed = (performance.now() - start) / 1000
  const nextStan = Math.max(...tills.map(({ next }) => next))
  for (const till of tills) till.close()
  return {
    ...summary(latencies),
    perSecond: latencies.length / elapsed,
    answered: latencies.length,
    nextStan,
  }
}
