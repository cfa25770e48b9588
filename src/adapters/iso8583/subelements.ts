// What stands inside DE3, DE22, DE54, DE90 and DE95. Each reads a value that the codec has found right, and says so if it is not of its form.
import { type Broken, broken } from './fault.ts'

const malformed = (what: string): Broken => broken('subelement_malformed', what)

const transactions: Readonly<Record<string, string>> = {
  '00': 'sale',
  '01': 'cash',
  '09': 'sale with cashback',
  '20': 'refund',
  '30': 'balance inquiry',
}

export type ProcessingCode = {
  readonly type: string
  readonly meaning: string
  readonly fromAccount: string
  readonly toAccount: string
}

/** DE3: type of transaction, account from, account to. */
export function readProcessingCode(value: string): ProcessingCode | Broken {
  if (!/^\d{6}$/.test(value)) return malformed('a processing code is six digits')
  const type = value.slice(0, 2)
  const meaning = transactions[type] ?? 'unknown'
  return { type, meaning, fromAccount: value.slice(2, 4), toAccount: value.slice(4) }
}

const entries: Readonly<Record<string, string>> = {
  '00': 'unknown',
  '01': 'manual',
  '02': 'magnetic stripe',
  '05': 'chip',
  '07': 'contactless chip',
  '90': 'magnetic stripe, whole track',
  '91': 'contactless magnetic stripe',
  '95': 'chip, card verification unreliable',
}
const pins: Readonly<Record<string, string>> = { '1': 'possible', '2': 'not possible' }

export type EntryMode = { readonly mode: string; readonly meaning: string; readonly pin: string }

/** DE22: how the card was read, and whether the terminal takes a PIN. */
export function readEntryMode(value: string): EntryMode | Broken {
  if (!/^\d{3}$/.test(value)) return malformed('an entry mode is three digits')
  const mode = value.slice(0, 2)
  return { mode, meaning: entries[mode] ?? 'unknown', pin: pins[value[2]!] ?? 'unknown' }
}

export type AdditionalAmount = {
  readonly account: string
  readonly type: string
  readonly currency: string
  readonly sign: 'C' | 'D'
  /** Minor units, without leading zeros. */
  readonly amount: string
}

const amountGroup = /^(\d\d)(\d\d)(\d{3})([CD])(\d{12})$/
const groupLength = 20

/** DE54: up to six amounts of twenty characters each, such as the cash of a sale with cashback. */
export function readAdditionalAmounts(value: string): readonly AdditionalAmount[] | Broken {
  const groups = value.match(/.{1,20}/g) ?? []
  const amounts: AdditionalAmount[] = []
  for (const group of groups) {
    const parts = amountGroup.exec(group)
    if (!parts) return malformed(`amount ${amounts.length + 1} is not ${groupLength} characters of its form`)
    const [, account, type, currency, sign, amount] = parts as unknown as string[]
    amounts.push({
      account: account!,
      type: type!,
      currency: currency!,
      sign: sign as 'C' | 'D',
      amount: withoutZeros(amount!),
    })
  }
  return amounts
}

export type OriginalData = {
  readonly mti: string
  readonly stan: string
  /** DE7 of the original, MMDDhhmmss in UTC. */
  readonly transmittedAt: string
  readonly acquirer: string
  readonly forwarder: string
}

/** DE90: which message a reversal or completion is about. */
export function readOriginalData(value: string): OriginalData | Broken {
  const parts = /^(\d{4})(\d{6})(\d{10})(\d{11})(\d{11})$/.exec(value)
  if (!parts) return malformed('original data elements are 42 digits')
  const [, mti, stan, transmittedAt, acquirer, forwarder] = parts as unknown as string[]
  return { mti: mti!, stan: stan!, transmittedAt: transmittedAt!, acquirer: acquirer!, forwarder: forwarder! }
}

export const writeOriginalData = ({ mti, stan, transmittedAt, acquirer, forwarder }: OriginalData): string =>
  mti + stan + transmittedAt + acquirer.padStart(11, '0') + forwarder.padStart(11, '0')

export type ReplacementAmounts = {
  readonly transaction: string
  readonly settlement: string
  readonly transactionFee: string
  readonly settlementFee: string
}

/** DE95: the amounts that a reversal or completion leaves standing, in minor units; fees with their sign. */
export function readReplacementAmounts(value: string): ReplacementAmounts | Broken {
  const parts = /^(\d{12})(\d{12})([CD]\d{8})([CD]\d{8})$/.exec(value)
  if (!parts) return malformed('replacement amounts are 12 and 12 digits and two signed fees')
  const [, transaction, settlement, transactionFee, settlementFee] = parts as unknown as string[]
  return {
    transaction: withoutZeros(transaction!),
    settlement: withoutZeros(settlement!),
    transactionFee: transactionFee!,
    settlementFee: settlementFee!,
  }
}

/** What remains of the transaction amount after a partial reversal or completion, without fees. */
export const writeReplacementAmounts = (minor: bigint): string =>
  `${minor.toString().padStart(12, '0')}${'0'.repeat(12)}D00000000D00000000`

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '')
