// A shop and a bank for load tests: makes them through the API, and knows how to sell and how to notify.
import { createHmac } from 'node:crypto'
import type { Answer, Connection } from './httpClient.ts'

export const operatorKey = 'operator-key-of-the-load-tests'
export const account = { bankBin: '970422', accountNumber: '0123456789' }

export type Till = {
  readonly sell: (connection: Connection) => Promise<Sale>
  readonly pay: (connection: Connection, sale: Sale) => Promise<Answer>
  readonly saleBody: () => string
}

export type Sale = { readonly id: string; readonly reference: string; readonly amount: string }

export type OpenTill = Till & {
  /** How many payments the API says were paid and their sum, once no reader is behind the log. */
  readonly takings: () => Promise<{ count: number; gross: string }>
  readonly merchantKey: string
  readonly siteId: string
  readonly bank: { readonly id: string; readonly secret: string }
}

export async function openTill(port: number): Promise<OpenTill> {
  const post = async (path: string, key: string, body: object) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { id: string; apiKey: string; secret: string }
  }
  const merchant = await post('/v1/merchants', operatorKey, {
    name: 'Siêu thị tải',
    taxCode: '0101234567',
    sector: 'supermarket',
    district: 'Hoàn Kiếm',
    settlementAccount: { ...account, accountName: 'CONG TY TAI' },
    feePlan: { rate: '0.55', fixed: '0' },
  })
  const place = { name: 'Quầy tải', sector: 'supermarket', district: 'Hoàn Kiếm', address: '1 Tràng Tiền' }
  const site = await post('/v1/sites', merchant.apiKey, place)
  const bank = await post('/v1/connectors', operatorKey, { kind: 'vietqr-bank', name: 'Ngân hàng tải' })
  const takings = () => settledTakings(`http://127.0.0.1:${port}`, merchant.apiKey)
  const till = tillOf(merchant.apiKey, site.id, bank)
  return { ...till, takings, merchantKey: merchant.apiKey, siteId: site.id, bank }
}

function tillOf(key: string, siteId: string, bank: { id: string; secret: string }): Till {
  const run = Date.now().toString(36)
  const notifications = `/v1/connectors/${bank.id}/notifications`
  const secret = Buffer.from(bank.secret.slice('whsec_'.length), 'base64')
  let count = 0

  const saleBody = () =>
    JSON.stringify({
      siteId,
      method: 'qr',
      amount: String(10_000 + (count % 1_000) * 500),
      currency: 'VND',
      description: 'Hoa don ban le',
      orderId: `HD${count}`,
    })
  const sell = async (connection: Connection): Promise<Sale> => {
    const headers = `authorization: Bearer ${key}\r\nidempotency-key: ${run}-${count++}\r\n`
    const { status, body } = await connection.send('/v1/payments', headers, saleBody())
    if (status !== 201) throw new Error(`create: ${status} ${body}`)
    return JSON.parse(body) as Sale
  }
  const pay = async (connection: Connection, { reference, amount }: Sale): Promise<Answer> => {
    const transactionId = `FT${reference}`
    const body = JSON.stringify({
      transactionId,
      ...account,
      amount,
      currency: 'VND',
      content: `MBVCB.${reference.slice(-6)}.TN${reference}.CT tu 0987654321`,
      payer: { name: 'NGUYEN VAN A', accountNumber: '0987654321' },
      occurredAt: new Date().toISOString(),
    })
    const timestamp = String(Math.floor(Date.now() / 1000))
    const mac = createHmac('sha256', secret).update(`${transactionId}.${timestamp}.${body}`).digest('base64')
    const headers = `webhook-id: ${transactionId}\r\nwebhook-timestamp: ${timestamp}\r\nwebhook-signature: v1,${mac}\r\n`
    const answer = await connection.send(notifications, headers, body)
    if (answer.status !== 200 || !answer.body.includes('"applied"'))
      throw new Error(`notify: ${answer.status} ${answer.body}`)
    return answer
  }
  return { sell, pay, saleBody }
}

/** The day's takings once no reader is behind the log. */
async function settledTakings(url: string, key: string): Promise<{ count: number; gross: string }> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { lags } = (await (await fetch(`${url}/readyz`)).json()) as { lags: { behindMs: number }[] }
    if (lags.every(({ behindMs }) => behindMs === 0)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const response = await fetch(`${url}/v1/takings`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const { data } = (await response.json()) as { data: { count: number; gross: string }[] }
  return {
    count: data.reduce((sum, day) => sum + day.count, 0),
    gross: data.reduce((sum, day) => sum + BigInt(day.gross), 0n).toString(),
  }
}
