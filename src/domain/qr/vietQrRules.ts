// The NAPAS profile: what a VietQR asks for beyond EMVCo, and what it does not.
// Sources: NAPAS VietQR format 1.0 (09/2021); member specification 1.5.2 (2021) for QRPUSH and QRCASH.
import { broken, type Issue } from './issue.ts'
import { countCharacters, type Field, textAt, valueAt } from './tlv.ts'

/** Transfer to an account, transfer to a card, merchant payment, cash from an ATM. */
export const vietQrServices = ['QRIBFTTA', 'QRIBFTTC', 'QRPUSH', 'QRCASH'] as const
export type VietQrService = (typeof vietQrServices)[number]

export const isVietQrService = (text: string): text is VietQrService =>
  (vietQrServices as readonly string[]).includes(text)

/** Characters of an account, card or merchant number. */
export const accountNumberMax = 19
/** The category code of an ATM cash withdrawal. */
/** NAPAS247 moves less than 500 million đồng at a time (VietQR format 1.0, 8.1.1). */
export const transferAmountMax = 499_999_999n

export const cashMcc = '6011'

/** The root objects EMVCo asks for and NAPAS does not; a merchant payment needs them again. */
export const optionalObjects = (fields: readonly Field[]): readonly string[] =>
  textAt(fields, '38.02') === 'QRPUSH' ? [] : ['52', '59', '60']

/** Every NAPAS rule that a payload with tag 38 breaks. */
export const checkVietQr = (fields: readonly Field[]): Issue[] => [
  ...checkBeneficiary(fields),
  ...checkService(fields),
  ...checkRoot(fields),
  ...(textAt(fields, '38.02') === 'QRCASH' ? checkCash(fields) : []),
]

function checkBeneficiary(fields: readonly Field[]): Issue[] {
  const beneficiary = valueAt(fields, '38.01')
  if (beneficiary === undefined) return [broken('MISSING_38.01_BENEFICIARY', '38.01', 'no bank and account')]
  if (typeof beneficiary === 'string') return [] // already reported as malformed
  const unexpected = beneficiary.filter(({ id }) => id !== '00' && id !== '01')
  return [
    ...unexpected.map(({ id }) =>
      broken(`UNEXPECTED_38.01.${id}`, `38.01.${id}`, `object ${id} does not belong beside bank and account`),
    ),
    ...checkBin(textAt(beneficiary, '00')),
    ...checkAccount(textAt(beneficiary, '01')),
  ]
}

function checkBin(bin: string | undefined): Issue[] {
  if (bin === undefined) return [broken('MISSING_38.01.00_BANK_BIN', '38.01.00', 'no bank')]
  if (/^\d{6}$/.test(bin)) return []
  return [broken('FORMAT_38.01.00', '38.01.00', `bank BIN ${JSON.stringify(bin)} is not six digits`)]
}

function checkAccount(account: string | undefined): Issue[] {
  const path = '38.01.01'
  if (account === undefined) return [broken('MISSING_38.01.01_ACCOUNT', path, 'no account')]
  const length = countCharacters(account)
  if (length > accountNumberMax)
    return [
      broken('TOO_LONG_38.01.01', path, `account has ${length} characters, at most ${accountNumberMax} fit`),
    ]
  if (/^[\x21-\x7e]+$/.test(account)) return []
  return [broken('FORMAT_38.01.01', path, `account ${JSON.stringify(account)} is not well formed`)]
}

function checkService(fields: readonly Field[]): Issue[] {
  const service = textAt(fields, '38.02')
  if (service === undefined)
    return [broken('MISSING_38.02_SERVICE_CODE', '38.02', 'no service code: read as a merchant payment')]
  if (isVietQrService(service)) return []
  return [broken('FORMAT_38.02', '38.02', `service code ${JSON.stringify(service)} is not one of NAPAS`)]
}

function checkRoot(fields: readonly Field[]): Issue[] {
  const issues: Issue[] = []
  if (textAt(fields, '01') === undefined)
    issues.push(broken('MISSING_01_POINT_OF_INITIATION', '01', 'neither static nor dynamic'))
  if (textAt(fields, '53') !== '704')
    issues.push(broken('CURRENCY_NOT_704', '53', 'a VietQR is in đồng (704)'))
  if (textAt(fields, '58') !== 'VN')
    issues.push(broken('COUNTRY_NOT_VN', '58', 'a VietQR is of Vietnam (VN)'))
  return issues
}

function checkCash(fields: readonly Field[]): Issue[] {
  const issues: Issue[] = []
  if (textAt(fields, '01') !== '12')
    issues.push(broken('QRCASH_NOT_DYNAMIC', '01', 'a cash withdrawal is for once (01 = 12)'))
  if (textAt(fields, '52') !== cashMcc)
    issues.push(broken('QRCASH_MCC_NOT_6011', '52', `a cash withdrawal has category ${cashMcc}`))
  if (textAt(fields, '62.05') === undefined)
    issues.push(broken('MISSING_62.05_REFERENCE', '62.05', 'a cash withdrawal needs a reference'))
  if (textAt(fields, '62.07') === undefined)
    issues.push(broken('MISSING_62.07_TERMINAL', '62.07', 'a cash withdrawal needs a terminal'))
  return issues
}
