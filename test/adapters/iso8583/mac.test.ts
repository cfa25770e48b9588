// The MAC of ISO 8583 messages: the published vectors of AES-CMAC, and that one changed byte shows.
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import { cmac, hasRightMac, signed } from '../../../src/adapters/iso8583/mac.ts'
import type { Message } from '../../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87 } from '../../../src/adapters/iso8583/profile.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
const key = bytes('2b7e151628aed2a6abf7158809cf4f3c')
const text =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710'

test.each([
  [0, 'bb1d6929e95937287fa37d129b756746'],
  [16, '070a16b46b4d4144f79bdd9dd04a287c'],
  [40, 'dfa66747de9ae63030ca32611497c827'],
  [64, '51f0bebf7e3b9d92fc49741779363cfe'],
])('RFC 4493, %i bytes', (length, mac) => {
  expect(Buffer.from(cmac(key, bytes(text.slice(0, 2 * length)))).toString('hex')).toBe(mac)
})

describe.each([ascii87, bcd87])('$name', (profile) => {
  const codec = messageCodec(profile)
  const short: Message = { mti: '0800', fields: { 7: '1124030000', 11: '000001', 41: '9QZXW4F2' } }
  const long: Message = { mti: '0420', fields: { ...short.fields, 90: '0'.repeat(42) } }
  test.each([
    ['DE64', short, 64],
    ['DE128, behind a second bitmap', long, 128],
  ] as const)('is in %s', (_where, message, place) => {
    const sealed = signed(message, codec, key)
    const read = codec.decode(sealed)
    if (!read.ok) throw new Error(read.code)
    expect(read.message.fields[place]).toMatch(/^[\dA-F]{16}$/)
    expect(hasRightMac(sealed, read.message, codec, key)).toBe(true)
    expect(hasRightMac(sealed, read.message, codec, bytes('00'.repeat(16)))).toBe(false)
    const changed = Uint8Array.from(sealed)
    changed[changed.length - 1]! ^= 1
    const other = codec.decode(changed)
    expect(other.ok && hasRightMac(changed, other.message, codec, key)).toBe(false)
  })
  test('missing is wrong', () => {
    const plain = codec.encode(short)
    if (!plain.ok) throw new Error(plain.code)
    expect(hasRightMac(plain.bytes, short, codec, key)).toBe(false)
  })
})
