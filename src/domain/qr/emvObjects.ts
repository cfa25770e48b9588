// The data objects of EMVCo merchant-presented QR: names, formats, longest values, and which must be there.
// Source: EMVCo QR Code Specification, Merchant-Presented Mode 1.0 (July 2017).

export type EmvObject = {
  readonly path: string
  readonly name: string
  readonly format: RegExp
  /** Characters, where the format does not say. */
  readonly max?: number
  /** The rule that is broken when it is absent. */
  readonly missing?: string
}

const common = /^[\x20-\x7e]*$/ // "ans": the common character set
const anything = /^/ // "S": any Unicode
const positive = /^(?=.*[1-9])\d+\.?\d*$/
const percentage = /^(?=.*[1-9])\d{1,2}(\.\d{1,2})?$/
const eachOnceOfAME = /^(?!.*(.).*\1)[AME]+$/

export const emvObjects: readonly EmvObject[] = [
  { path: '00', name: 'Payload format', format: /^01$/, missing: 'MISSING_00_PAYLOAD_FORMAT' },
  { path: '01', name: 'Point of initiation', format: /^1[12]$/ },
  { path: '52', name: 'Merchant category code', format: /^\d{4}$/, missing: 'MISSING_52_MCC' },
  { path: '53', name: 'Currency', format: /^\d{3}$/, missing: 'MISSING_53_CURRENCY' },
  { path: '54', name: 'Amount', format: positive, max: 13 },
  { path: '55', name: 'Tip or fee indicator', format: /^0[123]$/ },
  { path: '56', name: 'Fixed fee', format: positive, max: 13 },
  { path: '57', name: 'Percentage fee', format: percentage, max: 5 },
  { path: '58', name: 'Country', format: /^[A-Z]{2}$/, missing: 'MISSING_58_COUNTRY' },
  { path: '59', name: 'Merchant name', format: common, max: 25, missing: 'MISSING_59_MERCHANT_NAME' },
  { path: '60', name: 'Merchant city', format: common, max: 15, missing: 'MISSING_60_MERCHANT_CITY' },
  { path: '61', name: 'Postal code', format: common, max: 10 },
  { path: '62.01', name: 'Bill number', format: common, max: 25 },
  { path: '62.02', name: 'Mobile number', format: common, max: 25 },
  { path: '62.03', name: 'Store label', format: common, max: 25 },
  { path: '62.04', name: 'Loyalty number', format: common, max: 25 },
  { path: '62.05', name: 'Reference label', format: common, max: 25 },
  { path: '62.06', name: 'Customer label', format: common, max: 25 },
  { path: '62.07', name: 'Terminal label', format: common, max: 25 },
  { path: '62.08', name: 'Purpose', format: common, max: 25 },
  { path: '62.09', name: 'Asked of the payer', format: eachOnceOfAME },
  { path: '63', name: 'CRC', format: /^[0-9A-Fa-f]{4}$/, missing: 'MISSING_63_CRC' },
]

/** Template 64, another language: its objects count only where the template is there. */
export const languageObjects: readonly EmvObject[] = [
  { path: '64.00', name: 'Language', format: /^[A-Za-z]{2}$/, missing: 'MISSING_64.00_LANGUAGE' },
  { path: '64.01', name: 'Name in it', format: anything, max: 25, missing: 'MISSING_64.01_MERCHANT_NAME' },
  { path: '64.02', name: 'City in it', format: anything, max: 15 },
]
