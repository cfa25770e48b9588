// /v1/connectors/{id}/notifications: a bank or provider says that money has arrived. Kept word for word, then matched.
import { z } from '@hono/zod-openapi'
import type { RegisteredConnector } from '../domain/connectors/connector.ts'
import { isProviderKind } from '../domain/connectors/providers.ts'
import { CreditReply } from './creditReply.ts'
import { endpoint, type Reply, type Request } from './endpoint.ts'
import { Problem } from './problem.ts'
import { answerCallback } from './providerCallback.ts'
import { providerTools } from './providerTools.ts'
import { NotificationBody, readNotification } from './readNotification.ts'
import { id } from './schemas.ts'
import type { Services } from './services.ts'
import { verifySignature } from './standardWebhooks.ts'
import { originalOf, setAside, takeArrival } from './takeNotification.ts'

const path = '/v1/connectors/{id}/notifications'
const params = z.object({ id: id('con', 'con_7K3MA9QZXW4F') })

const ZalopayReply = z
  .object({ return_code: z.int(), return_message: z.string() })
  .openapi({ description: 'To ZaloPay: 1 taken, 2 taken before, -1 bad mac, 0 please call again' })
const PayosReply = z.object({ success: z.literal(true) }).openapi({ description: 'To payOS' })
const VnpayReply = z
  .object({ RspCode: z.string(), Message: z.string() })
  .openapi({ description: '00 taken, 01 no such order, 02 taken before, 04 amount, 97 checksum, 99 other' })

const notify = endpoint({
  method: 'post',
  path,
  summary: 'Notify a credit (signed by the bank or provider)',
  tag: 'Connectors',
  access: 'signed',
  params,
  body: NotificationBody.openapi({
    description: 'What a bank sends. MoMo, ZaloPay and payOS send callbacks of their own form.',
  }),
  reply: {
    status: 200,
    description:
      'To a bank: the credit and where the money went. Providers get their own answers; MoMo 204 without a body.',
    schema: z.union([CreditReply, ZalopayReply, PayosReply]),
  },
  problems: [
    'signature_missing',
    'signature_invalid',
    'timestamp_outside_window',
    'credit_conflict',
    'notification_unreadable',
    'method_not_allowed',
  ],
  run: async ({ params, raw, header }, services) => {
    const connector = await connectorOf(params.id, services)
    const { kind } = connector
    // What names a bank's request is its transaction id: an idempotency key of its own must not hide a conflict.
    if (!isProviderKind(kind))
      return takeFromBank(params.id, connector, { raw, header, metadata: {} }, services)
    if (kind === 'vnpay') throw new Problem('method_not_allowed', { headers: { allow: 'GET' } })
    return answerCallback(params.id, kind, connector, raw, services)
  },
})

type Message = Pick<Request<undefined, undefined, undefined>, 'raw' | 'header' | 'metadata'>

/** A bank's message: nothing in it is read before its signature fits. */
export async function takeFromBank(
  connectorId: string,
  { kind }: Pick<RegisteredConnector, 'kind'>,
  { raw, header, metadata }: Message,
  services: Services,
): Promise<Reply> {
  const secret = services.connectorSecret(connectorId)
  verifySignature(header, raw, secret.bytes, services.now(), services.crypto)
  const reading = readNotification(kind, raw, providerTools(services.crypto), header('content-type') ?? '')
  if (reading.read === 'paid') {
    const original = originalOf(connectorId, raw, services)
    const taken = await takeArrival(connectorId, reading.arrival, original, services, metadata)
    const { creditId, outcome, replayed } = taken
    const headers = replayed ? { headers: { 'idempotent-replayed': 'true' } } : {}
    return { status: 200, body: { creditId, outcome }, ...headers }
  }
  await setAside(connectorId, reading, raw, services)
  throw reading.read === 'unreadable' ? reading.problem : new Error(`a bank's ${reading.code}`)
}

const notifyByQuery = endpoint({
  method: 'get',
  path,
  summary: "VNPAY's IPN: a callback that comes as a signed query",
  tag: 'Connectors',
  access: 'signed',
  params,
  query: z.looseObject({
    vnp_TxnRef: z.string().optional(),
    vnp_Amount: z.string().optional().openapi({ description: 'In hundredths of a đồng' }),
    vnp_ResponseCode: z.string().optional(),
    vnp_TransactionStatus: z.string().optional(),
    vnp_TransactionNo: z.string().optional(),
    vnp_PayDate: z.string().optional(),
    vnp_SecureHash: z.string().optional().openapi({ description: 'Over every vnp_ parameter' }),
  }),
  reply: { status: 200, description: 'The answer in the form of VNPAY', schema: VnpayReply },
  problems: ['method_not_allowed'],
  run: async ({ params, queryText }, services) => {
    const connector = await connectorOf(params.id, services)
    const { kind } = connector
    if (kind !== 'vnpay') throw new Problem('method_not_allowed', { headers: { allow: 'POST' } })
    const raw = new TextEncoder().encode(queryText())
    return answerCallback(params.id, kind, connector, raw, services)
  },
})

async function connectorOf(connectorId: string, { gateway }: Services): Promise<RegisteredConnector> {
  const { state } = await gateway.connectors.load(connectorId)
  if (state.status === 'new') throw new Problem('not_found')
  return state
}

export const notificationEndpoints = [notify, notifyByQuery]
