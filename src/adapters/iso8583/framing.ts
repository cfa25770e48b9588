// Cuts a stream of bytes into what its two-byte lengths announce, however the chunks fall.
import { announcedLength, lengthWidth } from './envelope.ts'
import { broken, type Fault, fault } from './fault.ts'
import type { Envelope } from './profile.ts'

export type Split = {
  /**
   * TPDU and message of each frame that is complete now. One that lies in a single chunk is a view of that chunk; one that
   * came in several is put together once, in a buffer of its announced length.
   */
  readonly frames: readonly Uint8Array[]
  /** A frame has begun and is not all here. */
  readonly begun?: true
  /** The stream cannot be trusted any more: close the connection. Every later chunk is answered the same. */
  readonly fault?: Fault
}

type Options = Pick<Envelope, 'length'> & {
  /** The longest frame that is taken. It also bounds what a connection can make us keep. */
  readonly frameMax: number
}

/** Gives the function that takes the chunks of one connection in order. A frame of length zero is a sign of life, and nothing. */
export function frameSplitter({ length, frameMax }: Options): (chunk: Uint8Array) => Split {
  let high: number | undefined // half a length
  let partial: Uint8Array | undefined // a frame that has begun
  let filled = 0
  let broke: Fault | undefined

  /** Adds to the frame that has begun; answers where the chunk goes on. */
  function fill(chunk: Uint8Array, at: number, frames: Uint8Array[]): number {
    const part = chunk.subarray(at, at + partial!.length - filled)
    partial!.set(part, filled)
    filled += part.length
    if (filled === partial!.length) {
      frames.push(partial!)
      partial = undefined
    }
    return at + part.length
  }

  /** Takes a frame out of the chunk, or begins one that is not all here yet; answers where the chunk goes on. */
  function open(announced: number, chunk: Uint8Array, at: number, frames: Uint8Array[]): number {
    const end = at + announced
    if (end <= chunk.length) {
      if (announced > 0) frames.push(chunk.subarray(at, end))
      return end
    }
    partial = new Uint8Array(announced)
    filled = 0
    return fill(chunk, at, frames)
  }

  return (chunk) => {
    const frames: Uint8Array[] = []
    let at = 0
    while (!broke && at < chunk.length) {
      if (partial) {
        at = fill(chunk, at, frames)
      } else if (high === undefined && at + lengthWidth > chunk.length) {
        high = chunk[at++]
      } else {
        const first = high ?? chunk[at++]!
        high = undefined
        const announced = announcedLength(first, chunk[at++]!, { length })
        broke = refusal(announced, frameMax)
        if (!broke) at = open(announced, chunk, at, frames)
      }
    }
    if (broke) return { frames, fault: broke }
    return partial || high !== undefined ? { frames, begun: true } : { frames }
  }
}

function refusal(announced: number, frameMax: number): Fault | undefined {
  if (announced < 0)
    return fault(broken('frame_length_wrong', 'the length does not even count its own two bytes'), 0, 0)
  if (announced > frameMax)
    return fault(broken('frame_too_long', `more bytes announced than the ${frameMax} that are taken`), 0, 0)
  return undefined
}
