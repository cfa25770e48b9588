// What a payload says, in words: the objects a payment needs, under the names `writeVietQr` takes.
import { findBank } from './banks.ts'
import { currencyOf } from './currency.ts'
import { recognize } from './profile.ts'
import { type Field, textAt } from './tlv.ts'
import { isVietQrService, type VietQrService } from './vietQrRules.ts'

/** Objects whose text is their meaning. */
const texts = {
  bankBin: '38.01.00',
  country: '58',
  mcc: '52',
  merchantName: '59',
  merchantCity: '60',
  postalCode: '61',
  billNumber: '62.01',
  mobileNumber: '62.02',
  storeLabel: '62.03',
  loyaltyNumber: '62.04',
  reference: '62.05',
  customerLabel: '62.06',
  terminalLabel: '62.07',
  purpose: '62.08',
  askedOfPayer: '62.09',
  language: '64.00',
  localName: '64.01',
  localCity: '64.02',
  tipIndicator: '55',
  feePercent: '57',
} as const

/** What is absent from the payload, or not understood, is absent here. */
export type Meaning = {
  /** `static`: used again and again, the payer types the amount. `dynamic`: for one payment. */
  readonly method?: 'static' | 'dynamic'
  /** Short name of the bank that the BIN names. */
  readonly bank?: string
  /** Account, card, merchant or proxy number of the payee, as its scheme writes it. */
  readonly accountNumber?: string
  readonly service?: VietQrService
  /** Major units as a decimal string. */
  readonly amount?: string
  /** ISO 4217 letters; the number as written when the gateway does not take the currency. */
  readonly currency?: string
  /** Major units, added to the amount when `tipIndicator` is `02`. */
  readonly feeFixed?: string
} & { readonly [name in keyof typeof texts]?: string }

/** Reads the meaning out of opened objects, whether or not they keep the rules. */
export function meaningOf(fields: readonly Field[]): Meaning {
  const at = (path: string): string | undefined => textAt(fields, path)
  const service = at('38.02')
  const currency = at('53')
  return present({
    method: methods.get(at('01') ?? ''),
    bank: findBank(at(texts.bankBin) ?? '')?.shortName,
    accountNumber: recognize(fields).accountNumber,
    service: service !== undefined && isVietQrService(service) ? service : undefined,
    amount: decimal(at('54')),
    currency: currencyOf(currency)?.code ?? currency,
    feeFixed: decimal(at('56')),
    ...Object.fromEntries(Object.entries(texts).map(([name, path]) => [name, at(path)])),
  })
}

const methods: ReadonlyMap<string, 'static' | 'dynamic'> = new Map([
  ['11', 'static'],
  ['12', 'dynamic'],
])

/** EMVCo allows a point with nothing after it (`98.`); nobody downstream should have to. */
const decimal = (text: string | undefined): string | undefined => text?.replace(/\.$/, '')

type Present<T> = { [name in keyof T]?: Exclude<T[name], undefined> }

const present = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
