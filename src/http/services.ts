// What the HTTP app needs from the world. Each runtime's composition root supplies it.

import type { ReadModels } from '../../projections/readModels.ts'
import type { Gateway } from '../domain/gateway.ts'
import type { CreditMatcher } from '../domain/payments/matchCredit.ts'

/** Small, synchronous cryptography: node:crypto on Node (WebCrypto costs thirty times more). */
export type Crypto = {
  readonly hmac: (key: Uint8Array, ...parts: (string | Uint8Array)[]) => Uint8Array
  /** SHA-256. */
  readonly digest: (data: string | Uint8Array) => Uint8Array
  /** SHA-256, base64url. */
  readonly hash: (data: string | Uint8Array) => string
  readonly random: (size: number) => Uint8Array
  /** Compares in constant time. */
  readonly equal: (a: string, b: string) => boolean
}

/** A signing secret: its bytes, and its text in Standard Webhooks form, `whsec_` and base64. */
export type Secret = { readonly bytes: Uint8Array; readonly text: string }

/** Text that may hold personal data, encrypted under a named key: dropping the key erases what it sealed, everywhere. */
export type Vault = { readonly seal: (keyName: string, text: string) => string }

export type Pictures = {
  readonly svg: (payload: string) => Promise<string>
  readonly png: (payload: string) => Promise<Uint8Array<ArrayBuffer>>
}

/** How far a projection or process is behind the log. */
export type Lag = { readonly name: string; readonly behindMs: number }

export type Services = {
  readonly gateway: Gateway
  readonly matchCredit: CreditMatcher
  readonly readModels: ReadModels
  readonly crypto: Crypto
  /** The secret that a connector signs with. */
  readonly connectorSecret: (connectorId: string) => Secret
  readonly vault: Vault
  /** Whether a connector can send money out. */
  readonly canSend: boolean
  readonly pictures: Pictures
  readonly now: () => Date
  /** The events of one stream as recorded. */
  readonly readStream: (stream: string) => Promise<readonly object[]>
  /** Calls back on every new event of a stream until the returned function is called. */
  readonly watch: (stream: string, changed: () => void) => () => void
  readonly lags: () => Promise<readonly Lag[]>
  readonly metrics: {
    readonly render: () => Promise<string>
    readonly observe: (route: string, method: string, status: number, seconds: number) => void
  }
  readonly log: {
    readonly error: (fields: object, message: string) => void
    readonly debug: (fields: object, message: string) => void
  }
  /** A file of a page's assets (docs), or nothing. */
  readonly asset: (path: string) => Promise<Response | undefined>
  readonly settings: Settings
}

export type Settings = {
  readonly version: string
  /** Where payers reach the gateway; without a slash at the end. */
  readonly publicUrl: string
  readonly sandbox: boolean
  /** The demo shops are open, and the sandbox's till sells for them. */
  readonly demo?: boolean
  /** From it idempotent ids and connector secrets are derived; kept beside the data, never in it. */
  readonly masterKey: Uint8Array
  /** Hash of OPERATOR_KEY where the environment names one. */
  readonly operatorKeyHash?: string
  /** Unapplied money is escheated after so many days; not at all without it. */
  readonly escheatAfterDays?: number
  /** /readyz fails past this. */
  readonly lagMaxMs: number
}
