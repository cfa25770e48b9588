// Every rule that no published payload breaks, broken one at a time.
import { describe, expect, test } from 'vitest'
import { crc16 } from '../../../src/domain/qr/crc.ts'
import { readQr } from '../../../src/domain/qr/readQr.ts'
import { writeField as field } from '../../../src/domain/qr/tlv.ts'

/** Root objects by id; `undefined` leaves one out. */
type Objects = Readonly<Record<string, string | undefined>>

const emv: Objects = {
  '00': '01',
  '01': '11',
  '26': field('00', 'com.example'),
  '52': '5411',
  '53': '840',
  '58': 'US',
  '59': 'SHOP',
  '60': 'TOWN',
}
const beneficiary = field('00', '970422') + field('01', '0123456789')
const napas = (inside: string, service = 'QRIBFTTA') =>
  field('00', 'A000000727') + field('01', inside) + field('02', service)
const transfer: Objects = { '00': '01', '01': '11', '38': napas(beneficiary), '53': '704', '58': 'VN' }
const cash: Objects = {
  ...transfer,
  '01': '12',
  '38': napas(beneficiary, 'QRCASH'),
  '52': '6011',
  '62': field('05', 'REF') + field('07', 'ATM1'),
}
const push: Objects = {
  ...transfer,
  '38': napas(beneficiary, 'QRPUSH'),
  '52': '5411',
  '59': 'SHOP',
  '60': 'TOWN',
}

const seal = (body: string): string => `${body}6304${crc16(`${body}6304`)}`
const body = (objects: Objects): string =>
  Object.keys(objects)
    .filter((id) => objects[id] !== undefined)
    .sort()
    .map((id) => field(id, objects[id]!))
    .join('')
const written = (objects: Objects): string => seal(body(objects))
const rules = (payload: string) => {
  const { errors, warnings } = readQr(payload)
  return { errors: errors.map(({ rule }) => rule), warnings: warnings.map(({ rule }) => rule) }
}

test.each([emv, transfer, cash, push])('what is changed below is right to begin with', (objects) => {
  expect(rules(written(objects))).toEqual({ errors: [], warnings: [] })
})

describe('EMVCo errors', () => {
  test.each<[string, Objects]>([
    ['MISSING_00_PAYLOAD_FORMAT', { ...emv, '00': undefined }],
    ['FORMAT_00', { ...emv, '00': '02' }],
    ['MISSING_52_MCC', { ...emv, '52': undefined }],
    ['MISSING_53_CURRENCY', { ...emv, '53': undefined }],
    ['FORMAT_53', { ...emv, '53': 'USD' }],
    ['MISSING_58_COUNTRY', { ...emv, '58': undefined }],
    ['FORMAT_58', { ...emv, '58': 'us' }],
    ['MISSING_59_MERCHANT_NAME', { ...emv, '59': undefined }],
    ['MISSING_60_MERCHANT_CITY', { ...emv, '60': undefined }],
    ['FORMAT_54', { ...emv, '54': '0.00' }],
    ['FORMAT_54', { ...emv, '54': '50 000' }],
    ['FORMAT_54', { ...emv, '54': '1,000' }],
    ['FORMAT_54', { ...emv, '54': '-1' }],
    ['FORMAT_54', { ...emv, '54': '１００' }],
    ['TOO_LONG_54', { ...emv, '54': '12345678901234' }],
    ['DECIMALS_54', { ...emv, '54': '1.000' }],
    ['DECIMALS_56', { ...emv, '55': '02', '56': '1.000' }],
    ['FORMAT_56', { ...emv, '55': '02', '56': '0' }],
    ['FORMAT_57', { ...emv, '55': '03', '57': '0' }],
    ['FORMAT_57', { ...emv, '55': '03', '57': '5%' }],
    ['TOO_LONG_57', { ...emv, '55': '03', '57': '10.000' }],
    ['FEE_WITHOUT_55', { ...emv, '56': '1' }],
    ['FEE_WITHOUT_55', { ...emv, '57': '1' }],
    ['TIP_PROMPT_WITH_FEE', { ...emv, '55': '01', '57': '1' }],
    ['FIXED_FEE_RULE_55_02_needs_56_only', { ...emv, '55': '02' }],
    ['FIXED_FEE_RULE_55_02_needs_56_only', { ...emv, '55': '02', '56': '1', '57': '1' }],
    ['PERCENT_FEE_RULE_55_03_needs_57_only', { ...emv, '55': '03' }],
    ['MISSING_26.00_GUID', { ...emv, '26': field('01', 'x') }],
    ['TOO_LONG_26.00', { ...emv, '26': field('00', 'x'.repeat(33)) }],
    ['TEMPLATE_MALFORMED', { ...emv, '26': '0099x' }],
    ['TEMPLATE_MALFORMED', { ...emv, '62': 'TN123' }],
    ['DUPLICATE_62.08', { ...emv, '62': field('08', 'a') + field('08', 'b') }],
  ])('%s', (rule, objects) => {
    expect(rules(written(objects))).toEqual({ errors: [rule], warnings: [] })
  })

  test('DUPLICATE_54', () => {
    const payload = seal(body(emv) + field('54', '1') + field('54', '2'))
    expect(rules(payload).errors).toEqual(['DUPLICATE_54'])
  })

  test('FIRST_NOT_00', () => {
    const payload = seal(body({ ...emv, '00': undefined }) + field('00', '01'))
    expect(rules(payload).errors).toEqual(['FIRST_NOT_00'])
  })

  test('LAST_NOT_63', () => {
    expect(rules(written(emv) + field('61', '10000')).errors).toEqual(['LAST_NOT_63'])
  })

  test('MISSING_63_CRC', () => {
    expect(rules(body(emv)).errors).toEqual(['MISSING_63_CRC'])
  })

  test('FORMAT_63', () => {
    expect(rules(`${body(emv)}6304WXYZ`).errors).toEqual(['FORMAT_63'])
  })

  test.each(['', '0', '0002', '000201ab', '000201５３0２04', 'https://example.com/pay'])(
    'text that is not EMV: %j',
    (text) => {
      const { profile, errors, meaning } = readQr(text)
      expect({ profile, meaning }).toEqual({ profile: 'unknown', meaning: {} })
      expect(errors.map(({ rule }) => rule)).toEqual([text === '' ? 'EMPTY' : 'TLV_MALFORMED'])
    },
  )

  test('a fault names the object it is in and keeps what came before', () => {
    expect(readQr('00020153037')).toMatchObject({
      fields: [{ id: '00', value: '01' }],
      errors: [{ rule: 'TLV_MALFORMED', path: '53' }],
    })
  })
})

describe('EMVCo rules that may be broken with a warning', () => {
  test.each<[string, Objects]>([
    ['TOO_LONG_59', { ...emv, '59': 'x'.repeat(31) }],
    ['FORMAT_59', { ...emv, '59': 'Cà phê' }],
    ['FORMAT_59', { ...emv, '59': 'SHOP\u202e' }],
    ['TOO_LONG_60', { ...emv, '60': 'x'.repeat(16) }],
    ['TOO_LONG_61', { ...emv, '61': 'x'.repeat(11) }],
    ['TOO_LONG_62.08', { ...emv, '62': field('08', 'x'.repeat(26)) }],
    ['FORMAT_62.08', { ...emv, '62': field('08', 'cảm ơn') }],
    ['FORMAT_62.09', { ...emv, '62': field('09', 'AA') }],
    ['TEMPLATE_MALFORMED', { ...emv, '64': 'vi' }],
    ['MISSING_64.00_LANGUAGE', { ...emv, '64': field('01', 'Cửa hàng') }],
    ['MISSING_64.01_MERCHANT_NAME', { ...emv, '64': field('00', 'vi') }],
    ['MISSING_85.00_GUID', { ...emv, '85': field('01', 'x') }],
    ['TOO_LONG_85.00', { ...emv, '85': field('00', 'x'.repeat(33)) }],
  ])('%s', (rule, objects) => {
    expect(rules(written(objects))).toEqual({ errors: [], warnings: [rule] })
  })
})

describe('what EMVCo allows', () => {
  test.each<[string, Objects]>([
    ['a point with no decimals', { ...transfer, '01': '12', '54': '50000.' }],
    ['asking for everything', { ...emv, '62': field('09', 'MEA') }],
    ['asking the payer for a label', { ...emv, '62': field('02', '***') }],
    ['a percentage', { ...emv, '55': '03', '57': '02.50' }],
    ['a tip', { ...emv, '55': '01' }],
    ['no point of initiation', { ...emv, '01': undefined }],
    ['a Visa account as raw text', { ...emv, '26': undefined, '02': '4000123456789012' }],
  ])('%s', (_, objects) => {
    expect(rules(written(objects))).toEqual({ errors: [], warnings: [] })
  })

  test('a CRC in lower case', () => {
    const payload = written(emv)
    const crc = payload.slice(-4)
    expect(crc).toMatch(/[A-F]/)
    expect(rules(payload.slice(0, -4) + crc.toLowerCase())).toEqual({ errors: [], warnings: [] })
  })

  test('a point with no decimals is not part of the amount', () => {
    expect(readQr(written({ ...transfer, '54': '50000.' })).meaning.amount).toBe('50000')
  })
})

describe('NAPAS errors', () => {
  const at38 = (inside: string, service?: string): Objects => ({ ...transfer, '38': napas(inside, service) })
  test.each<[string, Objects]>([
    ['MISSING_01_POINT_OF_INITIATION', { ...transfer, '01': undefined }],
    ['CURRENCY_NOT_704', { ...transfer, '53': '840' }],
    ['COUNTRY_NOT_VN', { ...transfer, '58': 'US' }],
    ['DECIMALS_54', { ...transfer, '54': '50000.00' }],
    ['MISSING_38.01_BENEFICIARY', { ...transfer, '38': field('00', 'A000000727') + field('02', 'QRIBFTTA') }],
    ['TEMPLATE_MALFORMED', at38('000697042201120123456789012345')],
    ['MISSING_38.01.00_BANK_BIN', at38(field('01', '0123456789'))],
    ['FORMAT_38.01.00', at38(field('00', '97042') + field('01', '0123456789'))],
    ['MISSING_38.01.01_ACCOUNT', at38(field('00', '970422'))],
    ['TOO_LONG_38.01.01', at38(field('00', '970422') + field('01', '0'.repeat(20)))],
    ['FORMAT_38.01.01', at38(field('00', '970422') + field('01', '0123\u00006789'))],
    ['FORMAT_38.02', at38(beneficiary, 'QRWRONG')],
    ['QRCASH_NOT_DYNAMIC', { ...cash, '01': '11' }],
    ['QRCASH_MCC_NOT_6011', { ...cash, '52': '5411' }],
    ['MISSING_62.05_REFERENCE', { ...cash, '62': field('07', 'ATM1') }],
    ['MISSING_62.07_TERMINAL', { ...cash, '62': field('05', 'REF') }],
    ['MISSING_52_MCC', { ...push, '52': undefined }],
    ['MISSING_59_MERCHANT_NAME', { ...push, '59': undefined }],
    ['MISSING_60_MERCHANT_CITY', { ...push, '60': undefined }],
  ])('%s', (rule, objects) => {
    expect(rules(written(objects))).toEqual({ errors: [rule], warnings: [] })
  })
})

test('QRIS is recognized by its own template', () => {
  const qris = {
    ...emv,
    '26': undefined,
    '51': field('00', 'ID.CO.QRIS.WWW') + field('02', 'ID1020021181745'),
  }
  expect(readQr(written(qris))).toMatchObject({
    profile: 'qris',
    meaning: { accountNumber: 'ID1020021181745' },
    errors: [],
  })
})

test('a currency the gateway does not take keeps its number', () => {
  expect(readQr(written({ ...emv, '53': '360' })).meaning.currency).toBe('360')
})
