// POST /v1/connectors/{id}/notifications: a bank says that money has arrived. Kept word for word first, then matched.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { toData } from '../domain/core/money.ts'
import { type ReceivedCredit, sameClaim } from '../domain/payments/credit.ts'
import type { CreditOutcome } from '../domain/payments/matchCredit.ts'
import { receiveWithPayment } from '../domain/payments/receiveCredit.ts'
import { findReferences } from '../domain/payments/reference.ts'
import { checkJson, endpoint, type Reply, type Request } from './endpoint.ts'
import { accepted } from './outcome.ts'
import { Problem } from './problem.ts'
import { accountNumber, amount, bankBin, currency, id, instant, readMoney } from './schemas.ts'
import type { Services } from './services.ts'
import { verifySignature } from './standardWebhooks.ts'

/** Banks add fields without asking: what is not known here is kept in the sealed original and otherwise left alone. */
const NotificationBody = z
  .object({
    transactionId: z
      .string()
      .min(1)
      .max(100)
      .refine((value) => value.isWellFormed(), 'Half a surrogate pair names nothing.'),
    bankBin,
    accountNumber,
    amount,
    currency,
    content: z.string().max(1000),
    payer: z
      .unknown()
      .optional()
      .openapi({ description: 'Whatever the bank says of the payer; kept sealed.' }),
    occurredAt: instant,
  })
  .loose()
export type Notification = z.output<typeof NotificationBody>

export const creditOutcomes = [
  'applied',
  'overpaid',
  'duplicate',
  'late',
  'canceled',
  'unmatched',
  'mismatch',
  'underpaid',
] as const

export const CreditReply = z.object({
  creditId: id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
  outcome: z.enum(creditOutcomes),
})

const utf8 = new TextDecoder()

/** What a signed notification leads to: the credit, recorded and matched. A repeat leads to the same. */
export async function takeNotification(
  connectorId: string,
  notification: Notification,
  raw: Uint8Array,
  services: Services,
  metadata: Metadata = {},
): Promise<{ creditId: string; outcome: CreditOutcome; replayed: boolean }> {
  const { gateway, crypto, now, vault, matchCredit, log } = services
  const money = toData(readMoney(notification))
  const { transactionId, bankBin, accountNumber, occurredAt } = notification
  const creditId = `crd_${base32(crypto.digest(`${connectorId}\0${transactionId}`), 26)}`
  const receivedAt = now().toISOString()
  const data = {
    connectorId,
    transactionId,
    bankBin,
    accountNumber,
    amount: money,
    references: findReferences(notification.content),
    sealed: vault.seal(`${connectorId} ${receivedAt.slice(0, 10)}`, utf8.decode(raw)),
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt,
  }
  const receive = { type: 'ReceiveCredit', data } as const
  const from = { ...metadata, actor: connectorId }
  const recorded = await receiveWithPayment(gateway, creditId, receive, from)
  const handled = recorded ?? accepted(await gateway.credits.handle(creditId, receive, from))
  const { state: taken, replayed } = handled
  const state = taken as ReceivedCredit
  if (!sameClaim(state, data)) {
    log.error({ creditId, connectorId }, 'a transaction was notified again with another amount or account')
    throw new Problem('credit_conflict')
  }
  const known = replayed ? undefined : state // a replay's state is that of its first request: the credit has moved on since
  return { creditId, outcome: asAnsweredFirst(await matchCredit(creditId, known)), replayed }
}

/** A repeat gets the first answer: what a payment let go of when it ended half paid had been applied to it. */
const asAnsweredFirst = (outcome: CreditOutcome): CreditOutcome =>
  outcome === 'underpaid' ? 'applied' : outcome

type Message = Pick<Request<undefined, undefined, undefined>, 'raw' | 'header' | 'metadata'>

/** A bank's message: nothing in it is read before its signature fits. */
export async function receiveMessage(
  connectorId: string,
  { raw, header, metadata }: Message,
  services: Services,
): Promise<Reply> {
  const { state } = await services.gateway.connectors.load(connectorId)
  if (state.status === 'new') throw new Problem('not_found')
  const secret = services.connectorSecret(connectorId)
  verifySignature(header, raw, secret.bytes, services.now(), services.crypto)
  const notification = checkJson(raw, NotificationBody, header('content-type'))
  const { replayed, ...body } = await takeNotification(connectorId, notification, raw, services, metadata)
  return { status: 200, body, ...(replayed && { headers: { 'idempotent-replayed': 'true' } }) }
}

const notify = endpoint({
  method: 'post',
  path: '/v1/connectors/{id}/notifications',
  summary: 'Notify a credit (signed by the bank)',
  tag: 'Connectors',
  access: 'signed',
  params: z.object({ id: id('con', 'con_7K3MA9QZXW4F') }),
  body: NotificationBody,
  reply: { status: 200, description: 'The credit and where the money went', schema: CreditReply },
  problems: ['signature_missing', 'signature_invalid', 'timestamp_outside_window', 'credit_conflict'],
  // What names a bank's request is its transaction id: an idempotency key of its own must not hide a conflict.
  run: ({ params, raw, header }, services) =>
    receiveMessage(params.id, { raw, header, metadata: {} }, services),
})

export const notificationEndpoints = [notify]
