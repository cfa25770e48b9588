// POST /v1/connectors/{id}/notifications: a bank says that money has arrived. Kept word for word first, then matched.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import { toData } from '../domain/core/money.ts'
import { type ReceivedCredit, sameClaim } from '../domain/payments/credit.ts'
import { findNearReferences, findReferences } from '../domain/payments/reference.ts'
import { checkJson, endpoint } from './endpoint.ts'
import { accepted } from './outcome.ts'
import { payerHash } from './payer.ts'
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
): Promise<{ creditId: string; outcome: string }> {
  const { gateway, crypto, now, vault, matchCredit, log } = services
  const money = toData(readMoney(notification))
  const { transactionId, bankBin, accountNumber, occurredAt } = notification
  const creditId = `crd_${base32(crypto.digest(`${connectorId}\0${transactionId}`), 26)}`
  const receivedAt = now().toISOString()
  const references = findReferences(notification.content)
  const near = references.length > 0 ? [] : findNearReferences(notification.content)
  const hash = payerHash(notification.payer, services)
  const data = {
    connectorId,
    transactionId,
    bankBin,
    accountNumber,
    amount: money,
    references,
    ...(near.length > 0 && { nearReferences: near }),
    ...(hash !== undefined && { payerHash: hash }),
    sealed: vault.seal(`${connectorId} ${receivedAt.slice(0, 10)}`, utf8.decode(raw)),
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt,
  }
  const outcome = await gateway.credits.handle(
    creditId,
    { type: 'ReceiveCredit', data },
    { actor: connectorId },
    { expectNew: true },
  )
  const state = accepted(outcome).state as ReceivedCredit
  if (!sameClaim(state, data)) {
    log.error({ creditId, connectorId }, 'a transaction was notified again with another amount or account')
    throw new Problem('credit_conflict')
  }
  return { creditId, outcome: await matchCredit(creditId, state) }
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
  run: async ({ params, raw, header }, services) => {
    const { state } = await services.gateway.connectors.load(params.id)
    if (state.status === 'new') throw new Problem('not_found')
    const secret = services.connectorSecret(params.id)
    verifySignature(header, raw, secret.bytes, services.now(), services.crypto)
    const notification = checkJson(raw, NotificationBody, header('content-type'))
    return { status: 200, body: await takeNotification(params.id, notification, raw, services) }
  },
})

export const notificationEndpoints = [notify]
