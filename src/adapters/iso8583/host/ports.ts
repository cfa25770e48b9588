// What the host of the tills needs from the gateway.
import type { Recorded } from '../../../domain/core/eventStore.ts'
import type { Gateway } from '../../../domain/gateway.ts'
import type { RegisteredMerchant } from '../../../domain/merchants/merchant.ts'
import type { CardAuthorizer } from '../../../domain/pos/authorizeCard.ts'
import type { BatchRecord } from '../../../domain/pos/batchEntries.ts'
import type { RegisteredTerminal } from '../../../domain/pos/terminal.ts'
import type { FeeBook } from '../../../domain/settlement/feeBook.ts'
import type { Fields, Message } from '../message.ts'

export type HostPorts = Pick<Gateway, 'terminals' | 'merchants' | 'payments' | 'batches'> &
  BatchQueries & {
    /** Undefined: no cards are taken. */
    readonly cards: CardAuthorizer | undefined
    readonly now: () => Date
    readonly fees: Pick<FeeBook, 'termsFor'>
    /** A keyed hash of what is named; ids made of it tell nothing of what they were made from. */
    readonly derive: (purpose: string, ...parts: readonly string[]) => Uint8Array
    readonly macKeyOf: (terminalId: string, generation: number) => Uint8Array
    /** A terminal has been heard of: remembered, and nothing more. */
    readonly seen: (terminalId: string) => void
    /** A terminal says that it is there; throws where that cannot be recorded. */
    readonly beat: (terminalId: string) => Promise<void>
    /** The events of one stream as recorded. */
    readonly readStream: (stream: string) => Promise<readonly Recorded[]>
    /** Where the log ended when this was asked, once the read models have come that far; throws where they do not in time. */
    readonly caughtUp: () => Promise<string>
    /** A message was refused because of who sent it, or who did not. */
    readonly refused: (why: 'not_permitted' | 'mac_wrong') => void
    /** Outside it a till must prove who it is. */
    readonly sandbox: boolean
  }

/** What is asked of the read models. */
type BatchQueries = {
  /** Numbers of a terminal's batches, the newest first. */
  readonly batchNumbers: (
    terminalId: string,
    page: { readonly limit: number; readonly cursor: undefined },
  ) => Promise<{ readonly rows: readonly string[] }>
  /** What was recorded at a terminal in a currency, all that something happened to after a place in the log. */
  readonly batchRecords: (
    terminalId: string,
    currency: string,
    after: string,
  ) => Promise<readonly BatchRecord[]>
}

/** A terminal that may be answered. */
export type Till = {
  /** `ter_…`. */
  readonly id: string
  readonly terminal: RegisteredTerminal
}

/** DE39, and whatever else the answer has besides what it repeats of the request. */
export type HostAnswer = { readonly responseCode: string; readonly fields?: Fields }

export type MessageHandler = (message: Message, till: Till, ports: HostPorts) => Promise<HostAnswer>

/** The merchant of a till: a key of the log that leads nowhere is a bug. */
export async function merchantOf(
  { terminal }: Till,
  { merchants }: Pick<HostPorts, 'merchants'>,
): Promise<RegisteredMerchant> {
  const { state } = await merchants.load(terminal.merchantId)
  if (state.status === 'new') throw new Error(`terminal of an unknown merchant ${terminal.merchantId}`)
  return state
}
