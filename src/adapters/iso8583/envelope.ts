// What stands around a message on a connection: a length of two bytes, and a TPDU where terminals use one.
import { broken, type Fault, fault } from './fault.ts'
import type { Envelope } from './profile.ts'
import { toHex } from './source.ts'

export type Unwrapped = { readonly ok: true; readonly tpdu: string; readonly message: Uint8Array } | Fault

export const lengthWidth = 2
const tpduWidth = 5
const tpduId = 0x60

/** What the two bytes announce, the message and its TPDU; below zero when they do not even count themselves. */
export const announcedLength = (high: number, low: number, { length }: Pick<Envelope, 'length'>): number =>
  ((high << 8) | low) - (length === 'inclusive' ? lengthWidth : 0)

/** Takes length and TPDU off one whole frame. The message is a view, not a copy. */
export function unwrap(frame: Uint8Array, envelope: Envelope): Unwrapped {
  if (frame.length < lengthWidth) return fault(broken('frame_truncated', 'the length takes two bytes'), 0, 0)
  const announced = announcedLength(frame[0]!, frame[1]!, envelope)
  const follow = frame.length - lengthWidth
  if (announced !== follow)
    return fault(
      broken('frame_length_wrong', `${follow} bytes follow the length, which says otherwise`),
      0,
      0,
    )
  return envelope.tpdu
    ? withoutTpdu(frame.subarray(lengthWidth))
    : { ok: true, tpdu: '', message: frame.subarray(lengthWidth) }
}

/** Takes the TPDU (60, to, from) off what a frame holds. */
export function withoutTpdu(content: Uint8Array): Unwrapped {
  if (content.length < tpduWidth || content[0] !== tpduId)
    return fault(broken('tpdu_malformed', 'a TPDU is five bytes and begins with 60'), 0, 0)
  const tpdu = toHex(content.subarray(0, tpduWidth))
  return { ok: true, tpdu, message: content.subarray(tpduWidth) }
}

/** The TPDU of an answer: to whom the request came from, from whom it went to. */
export const answerTpdu = (tpdu: string): string => tpdu.slice(0, 2) + tpdu.slice(6, 10) + tpdu.slice(2, 6)

/** A message as it goes over a connection; `tpdu` is ten hex digits, or nothing. */
export function wrap(message: Uint8Array, tpdu: string, { length }: Pick<Envelope, 'length'>): Uint8Array {
  const content = tpdu.length / 2 + message.length
  const announced = content + (length === 'inclusive' ? lengthWidth : 0)
  if (announced > 0xffff) throw new RangeError(`${announced} bytes do not fit a length of two bytes`)
  const frame = new Uint8Array(lengthWidth + content)
  frame[0] = announced >> 8
  frame[1] = announced & 0xff
  frame.set(Buffer.from(tpdu, 'hex'), lengthWidth)
  frame.set(message, lengthWidth + tpdu.length / 2)
  return frame
}
