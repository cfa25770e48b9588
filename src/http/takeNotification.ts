// What a signed notification leads to: a credit, recorded and matched; or, where it makes none, its words kept for later.
import { base32 } from '../domain/core/base32.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { type ReceivedCredit, sameClaim } from '../domain/payments/credit.ts'
import { answerOf, type CreditAnswer } from '../domain/payments/matchCredit.ts'
import { receiveWithPayment } from '../domain/payments/receiveCredit.ts'
import { accepted } from './outcome.ts'
import { type PayerHashing, payerHash } from './payer.ts'
import { Problem } from './problem.ts'
import type { Arrival, Reading } from './readNotification.ts'
import type { Services } from './services.ts'

/** A notification as it came, encrypted, and when. */
export type Original = { readonly sealed: string; readonly receivedAt: string }

type Taken = {
  readonly creditId: string
  /** Where the money went when it came: a repeat is answered as the first was, whatever became of it since. */
  readonly outcome: CreditAnswer
  readonly repeated: boolean
  /** The same, known by its idempotency key. */
  readonly replayed: boolean
}

type Sealing = Pick<Services, 'vault' | 'now'>

/** Seals a notification under a key of its connector and day. */
export function originalOf(connectorId: string, raw: Uint8Array, { vault, now }: Sealing): Original {
  const receivedAt = now().toISOString()
  return { sealed: vault.seal(keyName(connectorId, receivedAt), exactText.decode(raw)), receivedAt }
}

const keyName = (connectorId: string, receivedAt: string): string =>
  `${connectorId} ${receivedAt.slice(0, 10)}`

/** Word for word: a byte order mark stays where it is. */
const exactText = new TextDecoder('utf-8', { ignoreBOM: true })
const strictText = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

export const creditIdOf = (connectorId: string, transactionId: string, { digest }: Services['crypto']) =>
  `crd_${base32(digest(`${connectorId}\0${transactionId}`), 26)}`

type Taking = Pick<Services, 'gateway' | 'crypto' | 'matchCredit' | 'log'> & PayerHashing

/** Records the money that arrived and finds its payment. A repeat changes nothing. */
export async function takeArrival(
  connectorId: string,
  arrival: Arrival,
  { sealed, receivedAt }: Original,
  { gateway, crypto, settings, matchCredit, log }: Taking,
  metadata: Metadata = {},
): Promise<Taken> {
  const { transactionId, bankBin, accountNumber, amount, references, nearReferences } = arrival
  const { occurredAt = receivedAt } = arrival
  const creditId = creditIdOf(connectorId, transactionId, crypto)
  const account = { bankBin, accountNumber }
  const payer = payerHash(arrival.payer, { crypto, settings })
  const data = {
    connectorId,
    transactionId,
    ...account,
    amount,
    references,
    ...(nearReferences.length > 0 && { nearReferences }),
    ...(payer !== undefined && { payerHash: payer }),
    sealed,
    occurredAt,
    receivedAt,
  }
  const receive = { type: 'ReceiveCredit', data } as const
  const from = { ...metadata, actor: connectorId }
  const recorded = await receiveWithPayment(gateway, creditId, receive, from)
  const handled = recorded ?? accepted(await gateway.credits.handle(creditId, receive, from))
  const { replayed } = handled
  const now = replayed ? await gateway.credits.load(creditId) : handled // a replay's state is that of its first request
  const state = now.state as ReceivedCredit
  if (!sameClaim(state, data)) {
    log.error({ creditId, connectorId }, 'a transaction was notified again with another amount or account')
    throw new Problem('credit_conflict')
  }
  const answer = answerOf(state.reason ?? (await matchCredit(creditId, state)))
  return { creditId, outcome: answer, replayed, repeated: state.sealed !== sealed } // sealing never gives the same text twice
}

/** Keeps a notification that makes no credit. The same one again is there already. */
export async function setAside(
  connectorId: string,
  reading: Exclude<Reading, { read: 'paid' }>,
  raw: Uint8Array,
  { gateway, vault, now, crypto, log }: Services,
): Promise<void> {
  const notificationId = `ntf_${base32(crypto.digest(`${connectorId}\0${crypto.hash(raw)}`), 26)}`
  const receivedAt = now().toISOString()
  const { text, encoding } = textOf(raw)
  const data = {
    connectorId,
    reason: reading.read,
    code: reading.code,
    sealed: vault.seal(keyName(connectorId, receivedAt), text),
    encoding,
    receivedAt,
  }
  const command = { type: 'SetNotificationAside', data } as const
  accepted(
    await gateway.notifications.handle(notificationId, command, { actor: connectorId }, { expectNew: true }),
  )
  if (reading.read === 'unreadable')
    log.error({ connectorId, name: reading.code }, 'a signed notification could not be read; it is kept')
}

/** Bytes that are no text are kept too, as base64. */
function textOf(raw: Uint8Array): { text: string; encoding: 'utf-8' | 'base64' } {
  try {
    return { text: strictText.decode(raw), encoding: 'utf-8' }
  } catch {
    return { text: btoa(String.fromCharCode(...raw)), encoding: 'base64' }
  }
}

/** The bytes that were sealed. */
export const bytesOf = (text: string, encoding: 'utf-8' | 'base64'): Uint8Array =>
  encoding === 'utf-8'
    ? new TextEncoder().encode(text)
    : Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
