// The writer: what goes in comes out of the reader, and what does not fit is refused by name.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readQr } from '../../../src/domain/qr/readQr.ts'
import { vietQrServices } from '../../../src/domain/qr/vietQrRules.ts'
import { type VietQr, vietQrTextMax, writeVietQr } from '../../../src/domain/qr/writeVietQr.ts'

const account = { bankBin: '970422', accountNumber: '0123456789' }

const asciiText = (max: number) => fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: max })
const of = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })

const additional = [
  'billNumber',
  'storeLabel',
  'reference',
  'customerLabel',
  'terminalLabel',
  'purpose',
] as const
const fits = (qr: VietQr): boolean =>
  additional.reduce((sum, name) => sum + (qr[name] === undefined ? 0 : 4 + qr[name].length), 0) <= 99

/** Any VietQR that keeps the rules, in characters that are not changed. */
const vietQr: fc.Arbitrary<VietQr> = fc
  .record(
    {
      bankBin: of('0123456789', 6),
      accountNumber: of('0123456789ABCXYZabcxyz', 1, 19),
      service: fc.constantFrom(...vietQrServices),
      amount: fc.bigInt({ min: 1n, max: 9_999_999_999_999n }).map(String),
      mcc: of('0123456789', 4),
      ...(Object.fromEntries(
        Object.entries(vietQrTextMax).map(([name, max]) => [name, asciiText(max)]),
      ) as Record<keyof typeof vietQrTextMax, fc.Arbitrary<string>>),
    },
    { requiredKeys: ['bankBin', 'accountNumber'] },
  )
  .map((qr) => ({ ...qr, ...needs[qr.service ?? 'QRIBFTTA'] }))
  .filter(fits)

const needs = {
  QRIBFTTA: {},
  QRIBFTTC: {},
  QRPUSH: { mcc: '5411', merchantName: 'SHOP', merchantCity: 'HA NOI' },
  QRCASH: { mcc: '6011', reference: 'REF', terminalLabel: 'ATM1' },
}

test('read(write(x)) = x, without a warning', () => {
  fc.assert(
    fc.property(vietQr, (qr) => {
      const payload = writeVietQr(qr)
      const { meaning, errors, warnings, profile } = readQr(payload)
      expect({ errors, warnings, profile }).toEqual({ errors: [], warnings: [], profile: 'vietqr' })
      const { method, bank, currency, country, ...read } = meaning
      expect(read).toEqual({ service: 'QRIBFTTA', ...qr })
      expect({ currency, country }).toEqual({ currency: 'VND', country: 'VN' })
      expect(method).toBe(qr.amount !== undefined || qr.service === 'QRCASH' ? 'dynamic' : 'static')
      expect(writeVietQr(meaning as VietQr)).toBe(payload)
    }),
    { numRuns: 2000, seed: 20260301 },
  )
})

test('whatever the text, a payload is ASCII that is read without a warning, or a RangeError', () => {
  const anything = fc.record({ purpose: fc.string({ unit: 'binary', maxLength: 40 }) })
  fc.assert(
    fc.property(anything, ({ purpose }) => {
      try {
        const payload = writeVietQr({ ...account, purpose })
        expect(payload).toMatch(/^[\x20-\x7e]+$/)
        expect(readQr(payload)).toMatchObject({ errors: [], warnings: [] })
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
    { numRuns: 2000, seed: 20260301 },
  )
})

describe('static and dynamic', () => {
  test('static without an amount', () => {
    expect(writeVietQr(account)).toBe(
      '00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304B1A7',
    ) // published: vietqr-mb-static
  })

  test('dynamic with one', () => {
    expect(readQr(writeVietQr({ ...account, amount: '1' })).meaning.method).toBe('dynamic')
  })
})

test('the transfer text is folded and goes into 62.08', () => {
  const { fields } = readQr(writeVietQr({ ...account, purpose: 'Tiền điện tháng 3' }))
  expect(fields).toContainEqual({ id: '62', value: [{ id: '08', value: 'Tien dien thang 3' }] })
})

test('the longest account, the longest amount and 99 characters of additional data fit', () => {
  const qr = {
    bankBin: '970422',
    accountNumber: '0123456789012345678',
    amount: '9999999999999',
    billNumber: 'B'.repeat(25),
    reference: 'R'.repeat(25),
    purpose: 'P'.repeat(25),
    terminalLabel: 'T'.repeat(8), // 3 x 29 + 12 = 99
  }
  expect(readQr(writeVietQr(qr)).meaning).toMatchObject(qr)
  expect(() => writeVietQr({ ...qr, terminalLabel: 'T'.repeat(9) })).toThrow(/^billNumber, .* take 100 of 99/)
})

describe('what does not fit is a RangeError that names the field', () => {
  test.each<[keyof VietQr, Partial<Record<keyof VietQr, string>>]>([
    ['bankBin', { bankBin: '97042' }],
    ['bankBin', { bankBin: '97042x' }],
    ['bankBin', { bankBin: '970422\n' }],
    ['accountNumber', { accountNumber: '' }],
    ['accountNumber', { accountNumber: '0'.repeat(20) }],
    ['accountNumber', { accountNumber: '0123 456' }],
    ['accountNumber', { accountNumber: '0123\u0000' }],
    ['service', { service: 'QRWRONG' }],
    ['amount', { amount: '' }],
    ['amount', { amount: '0' }],
    ['amount', { amount: '-1' }],
    ['amount', { amount: '01' }],
    ['amount', { amount: '1.5' }],
    ['amount', { amount: '1e3' }],
    ['amount', { amount: '10000000000000' }],
    ['mcc', { mcc: '541' }],
    ['mcc', { mcc: '541a' }],
    ['merchantName', { merchantName: 'x'.repeat(26) }],
    ['merchantCity', { merchantCity: 'x'.repeat(16) }],
    ['purpose', { purpose: 'x'.repeat(26) }],
    ['purpose', { purpose: '' }],
    ['purpose', { purpose: '北京' }],
    ['billNumber', { billNumber: 'x'.repeat(26) }],
    ['storeLabel', { storeLabel: 'x'.repeat(26) }],
    ['reference', { reference: 'x'.repeat(26) }],
    ['customerLabel', { customerLabel: 'x'.repeat(26) }],
    ['terminalLabel', { terminalLabel: 'x'.repeat(26) }],
    ['mcc', { service: 'QRPUSH' }],
    ['merchantName', { service: 'QRPUSH', mcc: '5411' }],
    ['merchantCity', { service: 'QRPUSH', mcc: '5411', merchantName: 'SHOP' }],
    ['mcc', { service: 'QRCASH', mcc: '5411', reference: 'R', terminalLabel: 'T' }],
    ['reference', { service: 'QRCASH', mcc: '6011', terminalLabel: 'T' }],
    ['terminalLabel', { service: 'QRCASH', mcc: '6011', reference: 'R' }],
  ])('%s: %j', (name, wrong) => {
    const write = () => writeVietQr({ ...account, ...wrong } as VietQr)
    expect(write).toThrow(RangeError)
    expect(write).toThrow(new RegExp(`^${name} `))
  })
})
