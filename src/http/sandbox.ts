// POST /v1/sandbox/pay: plays the payer's bank. Reads the QR text as a bank app would, and sends the signed notification.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { foldToAscii } from '../domain/qr/ascii.ts'
import { readQr } from '../domain/qr/readQr.ts'
import { CreditReply } from './creditReply.ts'
import { endpoint, type Reply } from './endpoint.ts'
import { takeFromBank } from './notifications.ts'
import { Problem } from './problem.ts'
import type { Notification } from './readNotification.ts'
import { amount, text } from './schemas.ts'
import type { Services } from './services.ts'
import { sign } from './standardWebhooks.ts'

/** The sandbox bank is one connector with a fixed id, so that starting twice makes it once. */
export const sandboxConnectorId = 'con_SANDB0XBANK0'

/** From whom money comes. */
export const sandboxPayer = { name: 'NGUYEN VAN A', bankBin: '970422', accountNumber: '0123456789' }

export async function openSandboxBank({ gateway, now }: Services): Promise<void> {
  const data = { kind: 'sandbox', name: 'Sandbox bank', registeredAt: now().toISOString() } as const
  await gateway.connectors.handle(
    sandboxConnectorId,
    { type: 'RegisterConnector', data },
    { actor: 'sandbox' },
    { expectNew: true },
  )
}

const PayBody = z.strictObject({
  qrPayload: z.string().min(1).max(1024),
  amount: amount
    .optional()
    .openapi({ description: 'Another amount than the QR says, or one where it says none' }),
  content: text(200).optional().openapi({ description: 'Another transfer text than the QR says' }),
  transactionId: text(60)
    .optional()
    .openapi({ description: 'Send one twice to play a repeated notification' }),
  lost: z
    .boolean()
    .optional()
    .openapi({ description: 'The money moves, but the notification never comes: catch-up finds it' }),
})
type PayBody = z.output<typeof PayBody>

const LostReply = z.object({
  transactionId: z.string(),
  outcome: z.literal('lost').openapi({ description: 'Paid, and nobody was told' }),
})

const pay = endpoint({
  method: 'post',
  path: '/v1/sandbox/pay',
  summary: 'Pay a QR as a bank app would',
  tag: 'Sandbox',
  access: 'public',
  body: PayBody,
  reply: {
    status: 200,
    description: 'What the gateway answered the bank',
    schema: z.union([CreditReply, LostReply]),
  },
  problems: ['qr_invalid', 'qr_not_ours', 'credit_conflict'],
  run: ({ body, chance, metadata }, services) => {
    const transactionId = body.transactionId ?? `SB${base32(chance('transaction', 10), 16)}`
    return payQr({ ...body, transactionId }, metadata, services)
  },
})

/**
 * Pays a QR, or throws the problem that a bank app has with it. The message is signed and checked as a real bank's;
 * `metadata` remembers the request by its idempotency key, which a message cannot: it tells the time anew.
 */
export async function payQr(
  body: PayBody & { transactionId: string },
  metadata: Metadata,
  services: Services,
): Promise<Reply> {
  return sendAsBank(readAsBank(body, services), metadata, services, body.lost)
}

/** Moves money in the sandbox bank and tells the gateway, unless the message is to be lost. */
export async function sendAsBank(
  notification: Notification,
  metadata: Metadata,
  services: Services,
  lost = false,
): Promise<Reply> {
  const { transactionId, occurredAt } = notification
  const text = JSON.stringify(notification)
  services.sandboxBank.remember({ connectorId: sandboxConnectorId, notification: text, occurredAt })
  if (lost) return { status: 200, body: { transactionId, outcome: 'lost' } }
  const { raw, headers } = signed(`msg_${transactionId}`, text, services)
  const message = { raw, header: (name: string) => headers[name], metadata }
  return takeFromBank(sandboxConnectorId, { kind: 'sandbox' }, message, services)
}

function readAsBank(body: PayBody & { transactionId: string }, { now }: Services): Notification {
  const { meaning, errors } = readQr(body.qrPayload)
  if (errors.length > 0) {
    const details = errors.map(({ rule, message }) => ({
      pointer: '/qrPayload',
      detail: message,
      code: rule,
    }))
    throw new Problem('qr_invalid', { errors: details })
  }
  const { bankBin, accountNumber, purpose } = meaning
  if (!bankBin || !accountNumber) throw new Problem('qr_not_ours')
  return {
    transactionId: body.transactionId,
    bankBin,
    accountNumber,
    amount: body.amount ?? meaning.amount ?? '',
    currency: 'VND',
    content: foldToAscii(body.content ?? purpose ?? ''),
    payer: sandboxPayer,
    occurredAt: now().toISOString(),
  }
}

function signed(id: string, text: string, { crypto, connectorSecret, now }: Services) {
  const raw = new TextEncoder().encode(text)
  const timestamp = String(Math.floor(now().getTime() / 1000))
  const { bytes } = connectorSecret(sandboxConnectorId)
  const headers: Readonly<Record<string, string>> = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': sign(id, timestamp, raw, bytes, crypto),
  }
  return { raw, headers }
}

export const sandboxEndpoints = [pay]
