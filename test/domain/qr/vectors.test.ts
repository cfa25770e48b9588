// Payloads printed by others: valid ones pass, lenient ones with named warnings, invalid ones are refused.
import { describe, expect, test } from 'vitest'
import { readQr } from '../../../src/domain/qr/readQr.ts'
import { type Field, writeFields } from '../../../src/domain/qr/tlv.ts'
import { type VietQr, writeVietQr } from '../../../src/domain/qr/writeVietQr.ts'
import file from '../../vectors/qr-vectors.json' with { type: 'json' }

type Values = { readonly [id: string]: string | Values }
type Vector = {
  readonly id: string
  readonly scheme: string
  readonly payload: string
  readonly emvStrict: string | readonly string[]
  readonly napasProfile?: string | readonly string[]
  readonly meaning: Values | null
  readonly fields?: Values
  readonly rootOrder?: readonly string[]
}

const valid = file.valid as unknown as Vector[]
const lenient = file.lenient as unknown as Vector[]
const invalid = file.invalid as unknown as Vector[]
const all = [...valid, ...lenient, ...invalid]

const rulesOf = (issues: readonly { rule: string }[]): string[] => issues.map(({ rule }) => rule).sort()

/** The rules a vector names, less those that NAPAS does not ask of a transfer. */
function namedRules({ scheme, emvStrict, napasProfile, meaning }: Vector): string[] {
  const optional = scheme.startsWith('VIETQR') && meaning?.bankBin && meaning.service !== 'QRPUSH'
  return [emvStrict, napasProfile ?? []]
    .flat()
    .map((text) => text.split(' ')[0]!) // some carry details after the name
    .filter((rule) => rule !== 'pass' && !(optional && /^MISSING_(52|59|60)_/.test(rule)))
    .sort()
}

describe('valid', () => {
  test.each(valid)('$id has neither errors nor warnings', ({ payload }) => {
    expect(readQr(payload)).toMatchObject({ errors: [], warnings: [] })
  })
})

describe('lenient', () => {
  test.each(lenient)('$id has exactly the named warnings', (vector) => {
    const { errors, warnings } = readQr(vector.payload)
    expect(errors).toEqual([])
    expect(rulesOf(warnings)).toEqual(namedRules(vector))
    expect(warnings).not.toEqual([])
  })
})

describe('invalid', () => {
  test.each(invalid)('$id is refused for exactly the named reasons', (vector) => {
    const { errors, warnings } = readQr(vector.payload)
    expect(rulesOf([...errors, ...warnings])).toEqual(namedRules(vector))
    expect(errors).not.toEqual([])
  })
})

describe('objects', () => {
  const withFields = all.filter(({ fields }) => fields)

  /** JavaScript lists 10-99 before 00-09, so the root has its order beside it; templates here ascend. */
  const inOrder = (values: Values, order: readonly string[]): Field[] =>
    order.map((id) => {
      const value = values[id]!
      return { id, value: typeof value === 'string' ? value : inOrder(value, Object.keys(value).sort()) }
    })

  test.each(withFields)('$id is read into its objects', ({ payload, fields, rootOrder }) => {
    expect(readQr(payload).fields).toEqual(inOrder(fields!, rootOrder!))
  })

  test.each(withFields)('$id is written again byte for byte', ({ payload, fields, rootOrder }) => {
    expect(writeFields(inOrder(fields!, rootOrder!))).toBe(payload)
    expect(writeFields(readQr(payload).fields)).toBe(payload)
  })
})

describe('meaning', () => {
  const ourNames: Readonly<Record<string, string>> = {
    account: 'accountNumber',
    city: 'merchantCity',
    referenceLabel: 'reference',
    feeIndicator: 'tipIndicator',
    additionalConsumerDataRequest: 'askedOfPayer',
  }
  // Prose, objects without a name, and bank names that differ between lists (the BIN is compared).
  const notCompared = /^(bank|serviceMeaning|unexpectedInside38\.01|62\.\d\d)$/

  /** The vector's meaning under our names. */
  function translated({ alternateLanguage, tag26, ...rest }: Values): object {
    const { lang, name, city } = (alternateLanguage ?? {}) as Values
    const same = Object.entries(rest).filter(
      ([key, value]) => !notCompared.test(key) && value !== 'invalid 13',
    )
    return {
      ...Object.fromEntries(same.map(([key, value]) => [ourNames[key] ?? key, value])),
      ...(alternateLanguage && { language: lang, localName: name, localCity: city }),
      ...(tag26 && { accountNumber: (tag26 as Values).merchantId }),
    }
  }

  test.each(all)('$id says what it says', ({ payload, meaning }) => {
    expect(readQr(payload).meaning).toMatchObject(translated(meaning ?? {}))
  })

  test('a method that is none is absent', () => {
    const { payload } = invalid.find(({ id }) => id === 'neg-khqr-poi-13')!
    expect(readQr(payload).meaning).not.toHaveProperty('method')
  })

  test('a bank has its present name', () => {
    expect(readQr(valid[0]!.payload).meaning.bank).toBe('Sacombank')
  })
})

describe('profile', () => {
  const profiles: Readonly<Record<string, string>> = {
    VIETQR: 'vietqr',
    'VIETQR-WALLET': 'vietqr',
    'VNPAY-QR': 'vnpay-qr',
    AIRPAY: 'airpay',
    PROMPTPAY: 'promptpay',
    KHQR: 'khqr',
    EMV: 'emv',
  }
  test.each([...valid, ...lenient])('$id is $scheme', ({ payload, scheme }) => {
    expect(readQr(payload).profile).toBe(profiles[scheme])
  })
})

describe('our writer', () => {
  // 61 and 64 are read and never written.
  const ours = valid.filter(({ scheme, fields }) => scheme.startsWith('VIETQR') && !fields!['61'])

  test.each(ours)('$id comes out of its meaning', ({ payload }) => {
    const { meaning } = readQr(payload)
    expect(writeVietQr(meaning as VietQr)).toBe(payload)
  })

  test('there is something to compare', () => expect(ours.length).toBe(11))
})
