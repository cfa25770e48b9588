// Text from strangers: whatever it is, it is answered, and soon.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payloadMax, readQr } from '../../../src/domain/qr/readQr.ts'
import file from '../../vectors/qr-vectors.json' with { type: 'json' }

const payloads = [...file.valid, ...file.lenient, ...file.invalid].map(({ payload }) => payload)
const anyText = fc.string({ unit: 'binary', maxLength: 600 })
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 600 })
  .map((units) => String.fromCharCode(...units))
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 600 })

/** A published payload with one stretch replaced. */
const mutated = fc
  .tuple(fc.constantFrom(...payloads), fc.nat(200), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }))
  .map(([payload, at, length, text]) => payload.slice(0, at) + text + payload.slice(at + length))

test.each([
  ['any text', anyText],
  ['any UTF-16, halves of pairs included', codeUnits],
  ['any digits', digits],
  ['published payloads, damaged', mutated],
])('reading never throws: %s', (_, texts) => {
  fc.assert(
    fc.property(texts, (text) => {
      const { fields, errors, warnings } = readQr(text)
      expect([fields, errors, warnings].every(Array.isArray)).toBe(true)
    }),
    { numRuns: 2000, seed: 20260301 },
  )
})

test('a changed character is always noticed, because the CRC finds every burst of up to 16 bits', () => {
  const change = fc.tuple(fc.constantFrom(...file.valid.map(({ payload }) => payload)), fc.nat(60), fc.nat(9))
  fc.assert(
    fc.property(change, ([payload, at, digit]) => {
      fc.pre(payload[at] !== String(digit))
      const { errors } = readQr(payload.slice(0, at) + digit + payload.slice(at + 1))
      expect(errors).not.toEqual([])
    }),
    { numRuns: 2000, seed: 20260301 },
  )
})

describe('particular malice', () => {
  const only = (text: string): string[] => readQr(text).errors.map(({ rule }) => rule)

  test('the longest text that is read, and one character more', () => {
    const longest = '6501x'.repeat(102) // 510 characters
    expect(only(longest)).not.toContain('TOO_LONG')
    expect(only(`${longest}6501x`)).toEqual(['TOO_LONG'])
    expect(only('x'.repeat(payloadMax + 1))).toEqual(['TOO_LONG'])
  })

  test('characters are counted, not code units', () => {
    expect(only('😀'.repeat(payloadMax))).toEqual(['TLV_MALFORMED'])
    expect(only('😀'.repeat(payloadMax + 1))).toEqual(['TOO_LONG'])
  })

  test('fifty million characters are refused at once', () => {
    const text = '0'.repeat(50_000_000)
    const start = performance.now()
    expect(only(text)).toEqual(['TOO_LONG'])
    expect(performance.now() - start).toBeLessThan(50)
  })

  test('templates in templates are not followed', () => {
    let text = '0001x'
    while (text.length < 90) text = `00${String(text.length).padStart(2, '0')}${text}`
    const { fields } = readQr(`26${text.length}${text}`)
    expect(fields).toEqual([{ id: '26', value: [{ id: '00', value: text.slice(4) }] }])
  })

  test('half a surrogate pair', () => {
    expect(only('000201\ud800')).toEqual(['NOT_UNICODE'])
  })

  test('NUL', () => {
    expect(only('\0'.repeat(20))).toEqual(['TLV_MALFORMED'])
  })

  test('digits of other scripts are not digits', () => {
    expect(only('٠٠٠٢01')).toEqual(['TLV_MALFORMED'])
    expect(only('０００２01')).toEqual(['TLV_MALFORMED'])
  })
})
