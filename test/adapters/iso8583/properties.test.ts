// What holds for any message: what was written is read back, and no input does harm.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import { faultCodes } from '../../../src/adapters/iso8583/fault.ts'
import { ascii87, bcd87, type Profile } from '../../../src/adapters/iso8583/profile.ts'
import { seeded } from '../../simulation/random.ts'
import { fuzz } from './fuzz.ts'
import { randomMessage } from './randomMessages.ts'

/** Besides the two that exist: every other choice that a profile leaves open. */
const mixed: Profile = {
  ...bcd87,
  name: 'mixed',
  mti: 'ascii',
  bitmap: 'hex',
  lengths: 'ascii',
  fixedBinary: 'hex',
  padding: { fixed: 'right', variable: 'left' },
}
const binaryBitmap: Profile = { ...ascii87, name: 'ascii, binary bitmap', bitmap: 'binary', lengths: 'bcd' }

describe.each([ascii87, bcd87, mixed, binaryBitmap])('$name', (profile) => {
  const { decode, encode } = messageCodec(profile)

  test('decode(encode(message)) is the message', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const message = randomMessage(profile, seeded(seed))
        const written = encode(message)
        if (!written.ok) throw new Error(`${written.code} in ${written.de}`)
        expect(decode(written.bytes)).toEqual({ ok: true, message })
      }),
      { numRuns: 1_000, seed: 20260301 },
    )
  })
})

test('fifty thousand random and damaged messages: read the same twice, or refused with a code of the list', () => {
  const { accepted, faults } = fuzz(50_000, 20260301)
  expect(accepted).toBeGreaterThan(12_000)
  // Those that only decoding finds; the rest have their own tests.
  expect([...faults.keys()].sort()).toEqual(faultCodes.filter((code) => foundByDecoding.has(code)).sort())
})

const foundByDecoding = new Set([
  'mti_truncated',
  'mti_not_digits',
  'mti_unknown',
  'bitmap_truncated',
  'bitmap_not_hex',
  'element_unknown',
  'length_not_digits',
  'field_too_long',
  'field_overruns',
  'not_digits',
  'not_hex',
  'character_not_allowed',
  'sign_missing',
  'padding_not_zero',
  'trailing_bytes',
])
