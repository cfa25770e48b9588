// What the HTTP app needs from the world. Each runtime's composition root supplies it.

import type { ReadModels } from '../../projections/readModels.ts'
import type { Published } from '../domain/adoption/disclosure/published.ts'
import type { Target } from '../domain/adoption/indicators.ts'
import type { Revisions } from '../domain/adoption/revisions.ts'
import type { Column, Shaped } from '../domain/adoption/tables/shape.ts'
import type { ProviderRequest } from '../domain/connectors/provider.ts'
import type { EventStore, Recorded } from '../domain/core/eventStore.ts'
import type { Gateway } from '../domain/gateway.ts'
import type { CreditMatcher } from '../domain/payments/matchCredit.ts'
import type { CardAuthorizer } from '../domain/pos/authorizeCard.ts'
import type { CardFacts } from '../domain/pos/cardPaymentEvents.ts'
import type { ClosingPorts } from '../domain/settlement/closeDay.ts'
import type { FeeBook } from '../domain/settlement/feeBook.ts'
import type { PayoutAccount } from '../domain/settlement/payout.ts'
import type { SignatureScheme } from '../domain/webhooks/webhookEndpoint.ts'
import type { WebhookQueue } from '../domain/webhooks/webhookQueue.ts'
import type { Receipt } from './pages/receipt/receipt.ts'
import type { SandboxBank } from './sandboxBank.ts'

/** Small, synchronous cryptography: node:crypto on Node (WebCrypto costs thirty times more). */
export type Crypto = {
  readonly hmac: (key: Uint8Array, ...parts: (string | Uint8Array)[]) => Uint8Array
  /** As providers sign: a key that is text, the result in lower-case hex. */
  readonly hmacHex: (algorithm: 'sha256' | 'sha512', key: string, text: string) => string
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
export type Vault = {
  /**
   * Makes the keys that are not there yet, all with one write: what is sealed next under these names waits for none. A key
   * that was dropped is not made anew before something is sealed under it.
   */
  readonly prepare: (keyNames: readonly string[]) => void
  readonly seal: (keyName: string, text: string) => string
  /** The text, or undefined when its key has been dropped. */
  readonly open: (sealed: string) => string | undefined
  /** Absent where keys derive from the master key: none of them can be destroyed alone. */
  readonly erasure?: Erasure
}

export type Erasure = {
  /** Whether there is a key of this name. */
  readonly has: (keyName: string) => boolean
  /**
   * Destroys a key with every copy of it, at an instant (RFC 3339). Answers how often keys of this name were dropped: again
   * without a new key between is the same time. Throws StoreBusy where copies may be left because others use the file;
   * again completes it.
   */
  readonly drop: (keyName: string, at: string) => number
  /** When that was asked for last, while there is no new key. */
  readonly droppedAt: (keyName: string) => string | undefined
}

/** What was read out of a file that was received whole; `hash`: the file's SHA-256 in hex. It is gone once it is disposed of. */
export type Spool = AsyncDisposable & {
  readonly hash: string
  /** The blocks that were kept, as they were given, from the first; as often as it is asked for. */
  readonly read: () => AsyncIterable<Uint8Array>
}

/** Sends one request to a provider's API and reads its answer; throws when none comes in time. */
export type CallProvider = (request: ProviderRequest) => Promise<{ status: number; text: string }>

export type Pictures = {
  readonly svg: (payload: string) => Promise<string>
  readonly png: (payload: string) => Promise<Uint8Array<ArrayBuffer>>
}

/** How far a projection or process is behind the log. */
export type Lag = { readonly name: string; readonly behindMs: number }

/** What the API of webhook endpoints asks of the process that delivers. */
export type Webhooks = {
  /** Why a URL cannot be delivered to, undefined when it can. */
  readonly urlFault: (url: string) => string | undefined
  /** What the receiver checks signatures with: `whsec_…` or `whpk_…`. */
  readonly keyText: (endpointId: string, generation: number, scheme: SignatureScheme) => string
  readonly queue: Pick<WebhookQueue, 'endpointsOf' | 'lastSequence' | 'messages' | 'lane' | 'replays'>
}

/** `status`: what the terminal said of itself. */
export type LastSeen = { readonly at: string; readonly status?: string }

/** When each terminal was last seen. Kept outside the log; losing it costs freshness only. */
export type Presence = {
  readonly last: (terminalId: string) => LastSeen | undefined
  readonly mark: (terminalId: string, seen: LastSeen) => void
  /** Before this the gateway heard nobody. */
  readonly listeningSince: string
}

/** Somebody who has signed in to the console, until `expiresAt`. `fingerprint`: of the key's secret, to know it again. */
export type Session = { readonly keyId: string; readonly fingerprint: string; readonly expiresAt: string }

/** The sessions of the console by the hash of what the browser holds. Kept outside the log; losing them costs signing in again. */
export type Sessions = {
  readonly open: (tokenHash: string, session: Session, now: string) => void
  readonly find: (tokenHash: string) => Session | undefined
  readonly end: (tokenHash: string) => void
}

/** A posted form with a file as its last part: the small fields before it, and its bytes as they come. */
export type PostedFile = {
  readonly fields: ReadonlyMap<string, string>
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The topic that new payments of a terminal come under. */
export const paymentsOf = (terminalId: string): string => `payments of ${terminalId}`

/** What the log said at an instant: the same for ever, whatever is recorded later. */
export type Known = {
  /** Of the last event that was recorded by then, '' where there was none. */
  readonly position: string
  /** Only what statistics are counted from. */
  readonly readModels: ReadModels
}

/** A month as the public sees it where disclosure control is on. */
export type PublishedMonth = Pick<Known, 'position'> & {
  readonly month: string
  /** Its last day. */
  readonly asOf: string
  readonly knownAt: string
  /** By currency. */
  readonly payments: ReadonlyMap<string, Published>
  readonly acceptance: Published
  /** What is counted from its read models under a name: once, because they are not kept for ever. */
  readonly counted: <T>(name: string, count: (readModels: ReadModels) => Promise<T>) => Promise<T>
}

export type Services = {
  readonly gateway: Gateway
  readonly matchCredit: CreditMatcher
  /** Which fee terms a payment is asked for under. */
  readonly fees: FeeBook
  readonly readModels: ReadModels
  /** The read models as known at a past instant (RFC 3339 UTC, milliseconds); StoreBusy while they are being made. */
  readonly knownAt: (instant: string) => Promise<Known>
  /** A month (`2026-11`) whose time of publication is past. */
  readonly published: (month: string) => Promise<PublishedMonth>
  /** What was known of an indicator's day after each change; StoreBusy while it is being read. */
  readonly revisions: (targets: readonly Target[], asOf: string) => Promise<Revisions>
  readonly crypto: Crypto
  /** The secret that a connector signs with. */
  readonly connectorSecret: (connectorId: string) => Secret
  readonly vault: Vault
  /** Receives a file and keeps what `through` makes of it, which is too large for memory. */
  readonly spool: (
    pieces: AsyncIterable<Uint8Array>,
    through: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
  ) => Promise<Spool>
  /** Reads multipart/form-data as far as its file; undefined where it is none, or has none. */
  readonly postedFile: (
    contentType: string,
    body: AsyncIterable<Uint8Array>,
  ) => Promise<PostedFile | undefined>
  readonly sessions: Sessions
  /** The way to the card network, undefined where there is none. */
  readonly cards: CardAuthorizer | undefined
  /** What is known of a card by its token. */
  readonly cardOf: (token: string) => CardFacts | undefined
  readonly callProvider: CallProvider
  readonly sandboxBank: SandboxBank
  /** Whether a connector can send money out. */
  readonly canSend: boolean
  /** Whether a connector can debit payers' accounts. */
  readonly canDebit: boolean
  readonly webhooks: Webhooks
  readonly pictures: Pictures
  /** A receipt on paper; `qr` is a PNG of the link to its proof. */
  readonly receiptPdf: (receipt: Receipt, qr: Uint8Array | undefined) => Promise<Uint8Array<ArrayBuffer>>
  /** A table as a Parquet file with notes in its metadata. */
  readonly parquet: (table: Shaped, notes: Readonly<Record<string, string>>) => Uint8Array<ArrayBuffer>
  /** A large one while it is sent; it breaks off where its rows do. */
  readonly parquetStream: (
    columns: readonly Column[],
    pieces: AsyncIterable<Shaped['rows']>,
    notes: Readonly<Record<string, string>>,
  ) => AsyncGenerator<Uint8Array>
  readonly presence: Presence
  readonly now: () => Date
  /** The events of one stream as recorded. */
  readonly readStream: (stream: string) => Promise<readonly Recorded[]>
  /** Up to `limit` events of the whole log after a position. */
  readonly readAll: EventStore['readAll']
  /** Calls back on every new event of a stream, or on every new stream of a topic, until the returned function is called. */
  readonly watch: (topic: string, changed: (stream: string) => void) => () => void
  /** Where the log ended when this was asked, once the read models have come that far; throws where they do not in time. */
  readonly caughtUp: () => Promise<string>
  readonly lags: () => Promise<readonly Lag[]>
  /** How many events each process has set aside because it could not handle them; none, unless something is wrong. */
  readonly setAside: () => readonly { readonly reader: string; readonly count: number }[]
  readonly metrics: {
    readonly render: () => Promise<string>
    readonly observe: (route: string, method: string, status: number, seconds: number) => void
  }
  readonly log: {
    readonly error: (fields: object, message: string) => void
    readonly debug: (fields: object, message: string) => void
  }
  /** Tells visitors of the pages apart, as far as the runtime can: by the address they come from. */
  readonly visitorOf: (env: unknown) => string
  /** A file of a page's assets (docs), or nothing. */
  readonly asset: (path: string) => Promise<Response | undefined>
  /** What closing business dates needs. */
  readonly closing: ClosingPorts
  readonly settings: Settings
  readonly departure: Departure
}

/** How a gateway leaves, so that nobody loses an answer. */
export type Departure = {
  /** Whether a balancer is to send requests to others; those that come are answered. */
  readonly isDraining: () => boolean
  /** Aborts when the live streams are to end: their readers come again, and find another gateway. */
  readonly streamsEnd: AbortSignal
}

export type Settings = {
  readonly version: string
  /** Where payers reach the gateway; without a slash at the end. */
  readonly publicUrl: string
  readonly sandbox: boolean
  /** The demo shops are open, and the sandbox's till sells for them. */
  readonly demo?: boolean
  /** Idempotent ids, connector secrets and signing keys derive from it, and it wraps the keys of the vault; kept beside the data, never in it. */
  readonly masterKey: Uint8Array
  /** Webhooks may be delivered to this machine itself; as `sandbox` unless said. */
  readonly webhookLoopback?: boolean
  /** Where the map's tiles come from, as `https://host/{z}/{x}/{y}.png`, and whose they are; without them it has a plain ground. */
  readonly mapTiles?: { readonly url: string; readonly attribution: string }
  /** Whether public statistics are protected; off in the sandbox and on elsewhere unless said. */
  readonly disclosure?: 'on' | 'off'
  /** Hash of OPERATOR_KEY where the environment names one. */
  readonly operatorKeyHash?: string
  /** Unapplied money is escheated after so many days; not at all without it. */
  readonly escheatAfterDays?: number
  /** The account that merchants are paid from; the sandbox has a pretend one. */
  readonly payoutFrom?: PayoutAccount
  /** /readyz fails past this. */
  readonly lagMaxMs: number
}
