// POST /v1/sandbox/pay: plays the payer's bank. Reads the QR text as a bank app would, and sends the signed notification.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import { foldToAscii } from '../domain/qr/ascii.ts'
import { readQr } from '../domain/qr/readQr.ts'
import { CreditReply } from './creditReply.ts'
import { endpoint, type Reply } from './endpoint.ts'
import { Problem } from './problem.ts'
import type { Notification } from './readNotification.ts'
import { amount, text } from './schemas.ts'
import type { Services } from './services.ts'
import { sign } from './standardWebhooks.ts'

/** The sandbox bank is one connector with a fixed id, so that starting twice makes it once. */
export const sandboxConnectorId = 'con_SANDB0XBANK0'

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

/** `send` delivers a request to the app itself, so that the sandbox takes the same road as a real bank. */
export type Send = (path: string, init: RequestInit) => Promise<Response>

const LostReply = z.object({
  transactionId: z.string(),
  outcome: z.literal('lost').openapi({ description: 'Paid, and nobody was told' }),
})

export const payEndpoint = (send: Send) =>
  endpoint({
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
    problems: ['qr_invalid', 'qr_not_ours'],
    run: async ({ body, chance }, services) => {
      const transactionId = body.transactionId ?? `SB${base32(chance('transaction', 10), 16)}`
      return passOn(await payQr({ ...body, transactionId }, send, services))
    },
  })

/** Pays a QR, or throws the problem that a bank app has with it. The gateway's answer to the bank comes back. */
export async function payQr(
  body: PayBody & { transactionId: string },
  send: Send,
  services: Services,
): Promise<Response> {
  const notification = readAsBank(body, services)
  const text = JSON.stringify(notification)
  const { occurredAt } = notification
  services.sandboxBank.remember({ connectorId: sandboxConnectorId, notification: text, occurredAt })
  if (body.lost) return Response.json({ transactionId: body.transactionId, outcome: 'lost' })
  const message = signed(`msg_${body.transactionId}`, text, services)
  return send(`/v1/connectors/${sandboxConnectorId}/notifications`, message)
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
    payer: { name: 'NGUYEN VAN A', bankBin: '970422', accountNumber: '0123456789' },
    occurredAt: now().toISOString(),
  }
}

function signed(id: string, text: string, { crypto, connectorSecret, now }: Services): RequestInit {
  const body = new TextEncoder().encode(text)
  const timestamp = String(Math.floor(now().getTime() / 1000))
  const { bytes } = connectorSecret(sandboxConnectorId)
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(body.byteLength),
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': sign(id, timestamp, body, bytes, crypto),
    },
  }
}

async function passOn(response: Response): Promise<Reply> {
  const type = response.headers.get('content-type') ?? 'application/json'
  return { status: response.status, body: await response.text(), headers: { 'content-type': type } }
}
