// Which scheme a payload belongs to, told by the GUID of its merchant account template.
import { type Field, textAt } from './tlv.ts'

/** `emv`: well formed, of no scheme known here. `unknown`: not EMV text at all. */
export type Profile = 'vietqr' | 'vnpay-qr' | 'airpay' | 'promptpay' | 'khqr' | 'qris' | 'emv' | 'unknown'

type Scheme = {
  readonly profile: Profile
  readonly guidAt: string
  readonly guid: RegExp
  /** Where the account, merchant or proxy number of the payee may stand. */
  readonly accountAt: readonly string[]
}

export const napasGuid = 'A000000727'

// KHQR has no GUID of its own: 00 of template 29 (person) or 30 (merchant) is the account, user@bank.
const schemes: readonly Scheme[] = [
  { profile: 'vietqr', guidAt: '38.00', guid: /^A000000727$/, accountAt: ['38.01.01'] },
  { profile: 'vnpay-qr', guidAt: '26.00', guid: /^A000000775$/, accountAt: ['26.01'] },
  { profile: 'airpay', guidAt: '26.00', guid: /^vn\.airpay\.www$/, accountAt: ['26.01'] },
  {
    profile: 'promptpay',
    guidAt: '29.00',
    guid: /^A000000677010111$/,
    accountAt: ['29.01', '29.02', '29.03'],
  },
  { profile: 'khqr', guidAt: '29.00', guid: /^[^@]+@[^@]+$/, accountAt: ['29.00'] },
  { profile: 'khqr', guidAt: '30.00', guid: /^[^@]+@[^@]+$/, accountAt: ['30.00'] },
  { profile: 'qris', guidAt: '51.00', guid: /^ID\.CO\.QRIS\.WWW$/, accountAt: ['51.02'] },
]

/** The scheme of a payload and the number it pays to, where the scheme says which object that is. */
export function recognize(fields: readonly Field[]): {
  readonly profile: Profile
  readonly accountNumber?: string
} {
  const scheme = schemes.find(({ guidAt, guid }) => guid.test(textAt(fields, guidAt) ?? ''))
  if (!scheme) return { profile: 'emv' }
  const { profile, accountAt } = scheme
  const accountNumber = accountAt.map((path) => textAt(fields, path)).find((text) => text !== undefined)
  return accountNumber === undefined ? { profile } : { profile, accountNumber }
}
