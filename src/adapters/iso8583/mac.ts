// Message authentication: the first eight bytes of an AES-128-CMAC (NIST SP 800-38B) over the message up to the MAC itself.
import { createCipheriv, timingSafeEqual } from 'node:crypto'
import type { MessageCodec } from './codec.ts'
import type { Message } from './message.ts'
import { toHex } from './source.ts'

const blockBytes = 16
const macBytes = 8
const zeros = Buffer.alloc(blockBytes)

/** AES-128-CMAC of 16 bytes. */
export function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', key, zeros).setAutoPadding(false)
  const encryptedZeros = cipher.update(zeros) // what the subkeys are made of
  const subkey = doubled(encryptedZeros)
  const whole = message.length > 0 && message.length % blockBytes === 0
  const blocks = Buffer.alloc(Math.max(1, Math.ceil(message.length / blockBytes)) * blockBytes)
  blocks.set(message)
  if (!whole) blocks[message.length] = 0x80
  const last = blocks.length - blockBytes
  mix(blocks, last, whole ? subkey : doubled(subkey))
  mix(blocks, 0, encryptedZeros) // takes back that CBC chains them to what follows: making a cipher costs most of all this
  return cipher.update(blocks).subarray(last)
}

function mix(blocks: Buffer, at: number, block: Uint8Array): void {
  for (let index = 0; index < blockBytes; index++) blocks[at + index]! ^= block[index]!
}

/** Doubling in GF(2^128): a shift to the left, and the polynomial where a bit falls out. */
function doubled(block: Uint8Array): Uint8Array {
  const shifted = block.map((byte, index) => (byte << 1) | ((block[index + 1] ?? 0) >> 7))
  if (block[0]! & 0x80) shifted[blockBytes - 1]! ^= 0x87
  return shifted
}

/** Messages with a second bitmap end with the MAC in DE128, others in DE64. */
const first = 64
const second = 128

/** How many bytes the MAC itself takes at the end of a message. */
const widthIn = ({ profile }: Pick<MessageCodec, 'profile'>): number =>
  profile.fixedBinary === 'hex' ? 2 * macBytes : macBytes

const macOf = (bytes: Uint8Array, codec: MessageCodec, key: Uint8Array): Uint8Array =>
  cmac(key, bytes.subarray(0, bytes.length - widthIn(codec))).subarray(0, macBytes)

/** Whether a message, given with the bytes it came in, ends with the right MAC. */
export function hasRightMac(
  bytes: Uint8Array,
  { fields }: Message,
  codec: MessageCodec,
  key: Uint8Array,
): boolean {
  const told = fields[second] ?? fields[first]
  if (told === undefined) return false
  return timingSafeEqual(Buffer.from(told, 'hex'), macOf(bytes, codec, key))
}

/** The message as bytes, with its MAC. */
export function signed(message: Message, codec: MessageCodec, key: Uint8Array): Uint8Array {
  const numbers = Object.keys(message.fields).map(Number)
  const place = message.emptySecondBitmap || numbers.some((de) => de > first) ? second : first
  const without = codec.encode({
    ...message,
    fields: { ...message.fields, [place]: '0'.repeat(2 * macBytes) },
  })
  if (!without.ok) throw new Error(`an answer that cannot be written: ${without.code} in DE${without.de}`)
  const fields = { ...message.fields, [place]: toHex(macOf(without.bytes, codec, key)) }
  const encoded = codec.encode({ ...message, fields })
  if (!encoded.ok) throw new Error(`a MAC that cannot be written: ${encoded.code}`)
  return encoded.bytes
}
