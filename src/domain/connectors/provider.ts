// What a payment provider (a wallet or a payment gateway) is here: an order one asks it for, and a signed callback it sends.
import { transferText } from '../payments/reference.ts'

/** What signing and reading need from outside. */
export type Tools = {
  /** Lower-case hex. */
  readonly hmac: (algorithm: 'sha256' | 'sha512', key: string, text: string) => string
  /** Compares in constant time. */
  readonly equal: (a: string, b: string) => boolean
  /** The object that a JSON text is, where it has one meaning only. */
  readonly object: (json: string) => Callback | undefined
}

/** What a provider is told of a payment. */
export type Order = {
  readonly reference: string
  /** From 1. A provider that knows an order already, because an answer was lost, is asked for the next attempt. */
  readonly attempt: number
  /** Whole đồng. */
  readonly amount: bigint
  readonly at: Date
  readonly expiresAt: Date
  /** Where the payer comes back to. */
  readonly returnUrl: string
  /** Where the provider sends its callback. */
  readonly notificationUrl: string
}

export type Account<Credentials> = { readonly credentials: Credentials; readonly baseUrl: string }

/** A POST to the provider. */
export type ProviderRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How to pay: a page of the provider, and, where it gives one, the text of a QR. */
export type Way = { readonly payUrl: string; readonly qrText?: string }

/** `known`: the provider has this order already and does not say again how to pay it. */
export type OrderAnswer =
  | { readonly ok: true; readonly way: Way }
  | { readonly ok: false; readonly known: boolean; readonly reason: string }

/** A callback's fields as they came: any JSON, or the parameters of a query. */
export type Callback = Readonly<Record<string, unknown>>

/** Money that a callback says has arrived. */
export type Arrived = {
  readonly transactionId: string
  /** Whole đồng. */
  readonly amount: string
  readonly references: readonly string[]
  /** The provider's clock, where it can be read. */
  readonly occurredAt: string | undefined
}

/** What a signed callback says. `declined`: no money moved. `code` is for people and for counting, never personal data. */
type CallbackReading =
  | { readonly read: 'paid'; readonly arrived: Arrived }
  | { readonly read: 'declined'; readonly code: string }
  | { readonly read: 'unreadable'; readonly code: string }

export type Credentials = Readonly<Record<string, string>>

export type Provider<C extends Credentials = Credentials> = {
  /** Names of the credentials, as the API takes them. */
  readonly credentials: readonly (keyof C & string)[]
  readonly baseUrls: { readonly sandbox: string; readonly live: string }
  /** The request that makes an order, or the way to pay where the provider takes a signed link and need not be asked. */
  readonly order: (order: Order, account: Account<C>, tools: Tools) => ProviderRequest | Way
  readonly readOrder: (answer: Callback) => OrderAnswer
  readonly isSigned: (callback: Callback, credentials: C, tools: Tools) => boolean
  /** What a callback says whose signature is right. Needs no credentials, so that it can be read again at any time. */
  readonly read: (callback: Callback, tools: Tools) => CallbackReading
}

/** Keeps the type of a provider's own credentials while it is written; erased in the table of all. */
export const provider = <C extends Credentials>(value: Provider<C>): Provider => value as unknown as Provider

export const unreadable = (code: string): CallbackReading => ({ read: 'unreadable', code })

/** The order's name at the provider: the transfer text, so that the payment is found in it as in a bank's words. */
export const orderName = ({ reference, attempt }: Order): string =>
  attempt === 1 ? transferText(reference) : `${transferText(reference)}_${attempt}`

/** Letters, digits and spaces only: other characters are encoded one way here and another way there. */
export const orderText = ({ reference }: Order): string => `Thanh toan ${transferText(reference)}`

/** A value as it stands in a string to sign; undefined for what cannot stand there. */
export const scalar = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined

export const textOf = (value: unknown): string => scalar(value) ?? ''

/** Whole đồng above zero, from a JSON number or digits. */
export function wholeDong(value: unknown): string | undefined {
  const text = textOf(value)
  return /^[1-9]\d{0,14}$/.test(text) ? text : undefined
}

/** A provider's name for a transaction: printable and bounded, or none. */
export const nameOf = (value: unknown): string | undefined => {
  const text = textOf(value)
  return /^[\x21-\x7e]{1,64}$/.test(text) ? text : undefined
}

/**
 * Pairs joined by `&` can be cut in two ways when a value holds `&name=`. The signature is then right for both, so
 * which one was meant is for a person to say.
 */
export const isAmbiguous = (values: readonly unknown[]): boolean =>
  values.some((value) => /&\w+=/.test(textOf(value)))

/** A refusal of the provider, in one printable line. */
export const refusal = (code: unknown, message: unknown, known = false): OrderAnswer => {
  const line = `${textOf(code)} ${textOf(message)}`.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, ' ')
  return { ok: false, known, reason: line.trim().slice(0, 200) }
}

/** The way to pay when the provider's answer holds a web address. */
export const wayTo = (payUrl: unknown, qrText: unknown): OrderAnswer => {
  if (typeof payUrl !== 'string' || !/^https?:\/\/[\x21-\x7e]{1,2000}$/.test(payUrl))
    return refusal('', 'the answer names no page to pay at')
  const hasText = typeof qrText === 'string' && /^[\x20-\x7e]{1,1000}$/.test(qrText)
  return { ok: true, way: { payUrl, ...(hasText && { qrText }) } }
}
