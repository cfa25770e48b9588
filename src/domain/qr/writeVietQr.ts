// Writes a VietQR payload: NAPAS tag 38, EMVCo order, and only what every bank app reads without a warning.
import { foldToAscii } from './ascii.ts'
import { crc16 } from './crc.ts'
import { napasGuid } from './profile.ts'
import { writeField } from './tlv.ts'
import { accountNumberMax, cashMcc, isVietQrService, type VietQrService } from './vietQrRules.ts'

export type VietQr = {
  /** Six digits. */
  readonly bankBin: string
  /** Account, card (QRIBFTTC) or merchant number (QRPUSH): 1-19 letters and digits. */
  readonly accountNumber: string
  /** Transfer to an account (QRIBFTTA) unless said otherwise. */
  readonly service?: VietQrService
  /**
   * Whole đồng as a decimal string, at most 13 digits; without it the payer types the amount. That is what
   * fits: one NAPAS247 transfer moves less than 500 million (format 1.0, 8.1.1), which is for callers to say.
   */
  readonly amount?: string
  /** The transfer text (62.08): what the payee's bank reports with the credit. */
  readonly purpose?: string
  readonly billNumber?: string
  readonly storeLabel?: string
  readonly reference?: string
  readonly customerLabel?: string
  readonly terminalLabel?: string
  readonly merchantName?: string
  readonly merchantCity?: string
  /** Four digits, ISO 18245. */
  readonly mcc?: string
}

/**
 * Longest text of each field, in characters after `foldToAscii`. Those of template 62 (all but the last two)
 * must also fit 99 together, each with 4 more for its id and length.
 */
export const vietQrTextMax = {
  billNumber: 25,
  storeLabel: 25,
  reference: 25,
  customerLabel: 25,
  terminalLabel: 25,
  purpose: 25,
  merchantName: 25,
  merchantCity: 15,
} as const

/**
 * The payload of a VietQR, static without an amount and dynamic with one. Text is folded to ASCII.
 * Throws RangeError naming the field that does not fit: callers check their input first.
 */
export function writeVietQr(qr: VietQr): string {
  const service = qr.service ?? 'QRIBFTTA'
  requireFor(service, qr)
  const once = qr.amount !== undefined || service === 'QRCASH'
  const body =
    (once ? '000201010212' : '000201010211') +
    writeField('38', account(qr, service)) +
    (qr.mcc === undefined ? '' : category(qr.mcc)) +
    '5303704' +
    (qr.amount === undefined ? '' : amount(qr.amount)) +
    '5802VN' +
    text('59', 'merchantName', qr.merchantName) +
    text('60', 'merchantCity', qr.merchantCity) +
    additionalData(qr) +
    '6304'
  return body + crc16(body)
}

function account({ bankBin, accountNumber }: VietQr, service: VietQrService): string {
  if (!/^\d{6}$/.test(bankBin)) throw unfit('bankBin', 'is not six digits')
  if (!/^[0-9A-Za-z]+$/.test(accountNumber) || accountNumber.length > accountNumberMax)
    throw unfit('accountNumber', `is not 1-${accountNumberMax} letters and digits`)
  const beneficiary = writeField('00', bankBin) + writeField('01', accountNumber)
  return writeField('00', napasGuid) + writeField('01', beneficiary) + writeField('02', service)
}

function requireFor(service: VietQrService, qr: VietQr): void {
  if (!isVietQrService(service)) throw unfit('service', 'is not one of NAPAS')
  const needed = neededBy[service].find((name) => qr[name] === undefined)
  if (needed) throw unfit(needed, `is needed for ${service}`)
  if (service === 'QRCASH' && qr.mcc !== cashMcc) throw unfit('mcc', `is not ${cashMcc}, as QRCASH needs`)
}

const neededBy = {
  QRIBFTTA: [],
  QRIBFTTC: [],
  QRPUSH: ['mcc', 'merchantName', 'merchantCity'],
  QRCASH: ['mcc', 'reference', 'terminalLabel'],
} as const satisfies Record<VietQrService, readonly (keyof VietQr)[]>

function category(mcc: string): string {
  if (!/^\d{4}$/.test(mcc)) throw unfit('mcc', 'is not four digits')
  return writeField('52', mcc)
}

function amount(dong: string): string {
  if (!/^[1-9]\d{0,12}$/.test(dong)) throw unfit('amount', 'is not whole đồng of 1-13 digits')
  return writeField('54', dong)
}

function additionalData(qr: VietQr): string {
  const data =
    text('01', 'billNumber', qr.billNumber) +
    text('03', 'storeLabel', qr.storeLabel) +
    text('05', 'reference', qr.reference) +
    text('06', 'customerLabel', qr.customerLabel) +
    text('07', 'terminalLabel', qr.terminalLabel) +
    text('08', 'purpose', qr.purpose)
  if (data.length > 99)
    throw unfit(
      'billNumber, storeLabel, reference, customerLabel, terminalLabel and purpose',
      `take ${data.length} of 99 characters together`,
    )
  return data && writeField('62', data)
}

function text(id: string, name: keyof typeof vietQrTextMax, value: string | undefined): string {
  if (value === undefined) return ''
  const folded = foldToAscii(value)
  if (folded === '') throw unfit(name, 'has no character that a VietQR can carry')
  if (folded.length > vietQrTextMax[name])
    throw unfit(name, `has ${folded.length} characters, at most ${vietQrTextMax[name]} fit`)
  return writeField(id, folded)
}

const unfit = (name: string, why: string): RangeError => new RangeError(`${name} ${why}`)
