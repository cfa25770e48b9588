// Messages that chance makes: valid ones of a profile, and bytes that are nearly one.
import type { ElementType } from '../../../src/adapters/iso8583/elements.ts'
import type { Message } from '../../../src/adapters/iso8583/message.ts'
import type { Profile } from '../../../src/adapters/iso8583/profile.ts'
import type { Random } from '../../simulation/random.ts'

const digits = '0123456789'
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join('')
const any = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')

const mtis = ['0100', '0110', '0121', '0200', '0210', '0220', '0400', '0420', '0430', '0500', '0530', '0800']

/** A valid message; `=` and `D` both separate a track as text, only `D` as BCD. */
export function randomMessage({ elements, digits: form }: Profile, random: Random): Message {
  const alphabets: Readonly<Record<Exclude<ElementType, 'b' | 'x+n'>, string>> = {
    n: digits,
    an: digits + letters,
    anp: `${digits + letters} `,
    ans: printable,
    private: any,
    z: form === 'bcd' ? `${digits}D` : `${digits}D=`,
  }
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[random.below(alphabet.length)]!).join('')
  const sampleOf = (format: string): string => {
    const [type, amount] = format.split(' ') as [ElementType, string]
    const [, dots, most] = /^(\.*)(\d+)$/.exec(amount)!
    const length = dots === '' ? Number(most) : random.below(Math.min(Number(most), 60) + 1)
    if (type === 'b') return text('0123456789ABCDEF', 2 * length)
    return type === 'x+n' ? random.pick(['C', 'D']) + text(digits, length) : text(alphabets[type], length)
  }
  const dense = 2 + random.below(12)
  const chosen = Object.entries(elements).filter(() => random.oneIn(dense))
  const fields = Object.fromEntries(chosen.map(([de, { format }]) => [de, sampleOf(format)]))
  const mti = random.pick(mtis)
  const surplus = random.oneIn(10) && !Object.keys(fields).some((de) => Number(de) > 64)
  return surplus ? { mti, fields, emptySecondBitmap: true } : { mti, fields }
}

/** Bytes of chance, often with a beginning that looks right. */
export function randomBytes(random: Random): Uint8Array {
  const bytes = Uint8Array.from({ length: random.below(200) }, () => random.below(256))
  const heads = [
    '0200',
    '0420F23A400108418202',
    '0800822000000000000004000000000000',
    '\x02\x00\x30\x20',
    '\x08\x00',
  ]
  if (random.oneIn(2)) bytes.set(Buffer.from(random.pick(heads), 'latin1').subarray(0, bytes.length))
  return bytes
}

/** One to four small damages: a bit, a byte, a stretch cut out, doubled, or put in from elsewhere. */
export function damaged(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes)
  for (let count = 1 + random.below(4); count > 0 && result.length > 0; count--) {
    const at = random.below(result.length)
    const end = at + random.below(result.length - at + 1)
    const start = result.subarray(0, at)
    switch (random.below(5)) {
      case 0:
        result[at]! ^= 1 << random.below(8)
        break
      case 1:
        result[at] = random.below(256)
        break
      case 2:
        result = Buffer.concat([start, result.subarray(end)])
        break
      case 3:
        result = Buffer.concat([result.subarray(0, end), result.subarray(at)])
        break
      default:
        result = Buffer.concat([
          start,
          other.subarray(0, random.below(other.length + 1)),
          result.subarray(at),
        ])
    }
  }
  return result.subarray(0, 2_000)
}
