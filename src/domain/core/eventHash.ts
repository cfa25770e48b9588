// The hash of an event: over all that was stored of it and the hash before it, so that a stream is a chain.

/** SHA-256 of a text's UTF-8 bytes, base64url. */
export type Digest = (text: string) => string

/** What an event's hash covers, each part as the text that is stored or shown. */
export type HashedEvent = {
  readonly stream: string
  readonly version: number
  readonly id: string
  readonly type: string
  readonly recordedAt: string
  /** The JSON texts exactly as stored. */
  readonly data: string
  readonly metadata: string
}

/** What the first event of a stream has for the hash before it. */
export const chainStart = ''

/**
 * One line per part. A text with exactly seven line breaks splits in one way only, and no part has one of its own:
 * names, ids and types are made here of printable characters, and JSON writes every control character as an escape.
 */
const hashedText = (previous: string, event: HashedEvent): string =>
  `${previous}\n${event.stream}\n${event.version}\n${event.id}\n${event.type}\n${event.recordedAt}\n${event.data}\n${event.metadata}`

export const eventHash = (previous: string, event: HashedEvent, digest: Digest): string =>
  digest(hashedText(previous, event))
