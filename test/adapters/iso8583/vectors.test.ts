// Messages printed by others, and some made from published rules: each is read into its fields and written again byte for byte.
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import type { Format } from '../../../src/adapters/iso8583/elements.ts'
import { unexpectedElements } from '../../../src/adapters/iso8583/expectedElements.ts'
import { ascii87, bcd87, type Profile } from '../../../src/adapters/iso8583/profile.ts'
import file from '../../vectors/iso8583-vectors.json' with { type: 'json' }

type Vector = {
  readonly id: string
  readonly expect: string
  readonly mti: string
  readonly encoding: { readonly mti: string; readonly de55?: string }
  readonly ascii?: string
  readonly hex?: string
  readonly length: number
  readonly bitmap: string
  readonly secondaryBitmap?: string
  readonly fields: Readonly<Record<string, { readonly name: string; readonly value: string }>>
}

const vectors = [...file.published, ...file.sanitised, ...file.constructed] as unknown as Vector[]
const named = (id: string): Vector => vectors.find((vector) => vector.id === id)!

const withFormat = (profile: Profile, de: number, format: Format): Profile => ({
  ...profile,
  elements: { ...profile.elements, [de]: { ...profile.elements[de]!, format } },
})

/** Two dialects of the ASCII messages: one library's DE55 is text, and its x+n counts the sign. */
function profileOf({ id, encoding }: Vector): Profile {
  if (encoding.mti === '2 BCD bytes') return bcd87
  if (id === 'ascii-0800-x-n8') return withFormat(ascii87, 28, 'x+n 7')
  return encoding.de55 === 'binary' ? ascii87 : withFormat(ascii87, 55, 'ans ...255')
}

const bytesOf = ({ ascii, hex }: Vector): Uint8Array =>
  ascii === undefined ? Buffer.from(hex!, 'hex') : Buffer.from(ascii, 'latin1')

/** In the BCD messages DE22 and DE24 are printed with the zero that fills up their last byte. */
const valuesOf = ({ fields, encoding }: Vector): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([de, { value }]) => [
      de,
      encoding.mti === '2 BCD bytes' && /^(22|24)$/.test(de) ? value.replace(/^0(?=\d{3}$)/, '') : value,
    ]),
  )

test('there are vectors of both profiles', () => {
  expect(vectors.length).toBe(22)
  expect(vectors.filter((vector) => profileOf(vector) === bcd87).length).toBe(3)
})

describe.each(vectors)('$id', (vector) => {
  const codec = messageCodec(profileOf(vector))
  const bytes = bytesOf(vector)

  test('is read into its fields', () => {
    expect(bytes.length).toBe(vector.length)
    expect(codec.decode(bytes)).toMatchObject({
      ok: true,
      message: { mti: vector.mti, fields: valuesOf(vector) },
    })
    const { bitmaps, parts } = codec.inspect(bytes)
    expect(bitmaps).toEqual([vector.bitmap, vector.secondaryBitmap].filter((map) => map !== undefined))
    expect(parts.map(({ de }) => String(de))).toEqual(Object.keys(vector.fields))
  })

  test('is written again byte for byte', () => {
    const read = codec.decode(bytes)
    if (!read.ok) throw new Error(read.code)
    const written = codec.encode(read.message)
    expect(written.ok && Buffer.from(written.bytes).toString('hex')).toBe(Buffer.from(bytes).toString('hex'))
  })

  test('is never read when cut short or followed by something', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(codec.decode(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false)
    expect(codec.decode(new Uint8Array([...bytes, 0x30]))).toMatchObject({
      ok: false,
      code: 'trailing_bytes',
      offset: bytes.length,
    })
  })
})

test('an x+n 8 of eight characters in all is one short for the profile that does not count the sign', () => {
  const { decode } = messageCodec(ascii87)
  expect(decode(bytesOf(named('ascii-0800-x-n8')))).toEqual({
    ok: false,
    code: 'field_overruns',
    de: 28,
    offset: 66,
    detail: 'it takes more than the 8 bytes that are left',
  })
})

test('elements that a specification does not list are named', () => {
  const listed = Object.keys(named('ascii-0420').fields).map(Number)
  const fieldsOf = (id: string) => valuesOf(named(id))
  expect(unexpectedElements(fieldsOf('ascii-0420-unexpected'), listed)).toEqual([13, 14])
  expect(unexpectedElements(fieldsOf('ascii-0420'), listed)).toEqual([])
})
