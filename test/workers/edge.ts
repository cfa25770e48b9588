// The Worker as its callers see it, with the keys that vitest.config.ts sets, and what a test needs to play a bank.
import { env } from 'cloudflare:workers'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import worker from '../../src/adapters/workers/main.ts'
import { sign } from '../../src/http/standardWebhooks.ts'

export const operatorKey = env.OPERATOR_KEY!

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it is there to check
export type Answer = { status: number; body: any; text: string; headers: Headers }
type Options = { key?: string; body?: unknown; headers?: Record<string, string> }

export async function call(
  method: string,
  path: string,
  { key, body, headers }: Options = {},
): Promise<Answer> {
  const request = new Request(`https://edge.test${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const response = await worker.fetch(request, env)
  const text = new TextDecoder().decode(await response.arrayBuffer()) // also of a picture
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    text,
    body: isJson && text ? JSON.parse(text) : undefined,
    headers: response.headers,
  }
}

export const account = { bankBin: '970422', accountNumber: '0123456789' }

/** A merchant with one site. The tests share a Worker: a district of its own makes its figures its own. */
export async function openShop(district = 'Hoàn Kiếm', sector = 'supermarket') {
  const merchant = await call('POST', '/v1/merchants', {
    key: operatorKey,
    body: {
      name: 'Siêu thị Hoa Sen',
      taxCode: '0101234567',
      sector,
      district,
      settlementAccount: { ...account, accountName: 'CONG TY HOA SEN' },
      feePlan: { rate: '0.55', fixed: '0' },
    },
  })
  const { id: merchantId, apiKey: key } = merchant.body as { id: string; apiKey: string }
  const site = await call('POST', '/v1/sites', {
    key,
    body: {
      name: 'Hoa Sen Tràng Tiền',
      sector,
      district,
      address: '24 Tràng Tiền',
    },
  })
  return { merchantId, code: merchantId.slice(4), key, siteId: site.body.id as string }
}

export async function openBank(): Promise<{ id: string; secret: string }> {
  const body = { kind: 'vietqr-bank', name: 'A bank' }
  return (await call('POST', '/v1/connectors', { key: operatorKey, body })).body
}

type Shop = Awaited<ReturnType<typeof openShop>>

export const ask = async ({ key, siteId }: Shop, changes: object = {}): Promise<Answer> =>
  call('POST', '/v1/payments', {
    key,
    body: { siteId, method: 'qr', amount: '125000', currency: 'VND', ...changes },
  })

/** What the bank says of a transfer with a text; signed. */
export function notify(
  { id, secret }: { id: string; secret: string },
  content: string,
  transactionId: string,
  amount = '125000',
): Promise<Answer> {
  const occurredAt = new Date().toISOString()
  const body = JSON.stringify({ transactionId, ...account, amount, currency: 'VND', content, occurredAt })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (character) => character.charCodeAt(0))
  const signature = sign(`msg_${transactionId}`, timestamp, new TextEncoder().encode(body), bytes, nodeCrypto)
  const headers = {
    'webhook-id': `msg_${transactionId}`,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  }
  return call('POST', `/v1/connectors/${id}/notifications`, { body, headers })
}
