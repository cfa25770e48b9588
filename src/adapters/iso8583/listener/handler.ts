// What stands behind the listener: it is given a till's message, and gives the answer.
import type { MessageCodec } from '../codec.ts'
import type { Message } from '../message.ts'

/** What is known of the connection that a message came over. */
export type TillConnection = {
  /** TLS, with a client certificate that our authority signed. */
  readonly authenticated: boolean
  readonly codec: MessageCodec
}

/** A message as it came: decoded, and with its bytes for the MAC. */
export type TillRequest = {
  readonly message: Message
  readonly bytes: Uint8Array
  readonly connection: TillConnection
}

/**
 * The encoded answer, without length and TPDU; undefined: nothing is answered. It never throws for what a till sends: what
 * it throws is a bug, and the till is answered 96.
 */
export type TillHandler = (request: TillRequest) => Promise<Uint8Array | undefined>
