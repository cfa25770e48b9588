// A provider's API on a local port: checks the signature of each order as the provider does, and plays its bad days.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { credentials } from './callbacks.ts'

type Fields = Record<string, unknown>

/** What the provider does next: as it should, nothing at all, or take the order and lose the answer. */
type Mood = 'well' | 'loses the answer' | 'refuses' | 'babbles' | 'moves elsewhere' | 'talks without end'

export type FakeProvider = {
  readonly url: string
  /** Orders taken, each as it was asked for. */
  readonly orders: Fields[]
  mood: Mood
  readonly close: () => Promise<void>
}

const hmac = (key: string, signed: string): string => createHmac('sha256', key).update(signed).digest('hex')

const joined = (fields: Fields, names: readonly string[]): string =>
  names.map((name) => `${name}=${fields[name]}`).join('&')

/** Each provider's rule, written a second time from its documents: whether an order is signed, its name, and the answers. */
const rules: Readonly<Record<string, Rule>> = {
  '/v2/gateway/api/create': {
    signed: (order) => {
      const names =
        'accessKey amount extraData ipnUrl orderId orderInfo partnerCode redirectUrl requestId requestType'
      const { accessKey, secretKey } = credentials.momo
      return order.signature === hmac(secretKey, joined({ ...order, accessKey }, names.split(' ')))
    },
    name: ({ orderId }) => String(orderId),
    answer: (order) => ({
      resultCode: 0,
      message: 'Thành công.',
      payUrl: `https://test-payment.momo.vn/pay/${order.orderId}`,
      qrCodeUrl: `momo://app?action=payWithApp&orderId=${order.orderId}`,
    }),
    known: { resultCode: 41, message: 'orderId đã tồn tại' },
    refused: { resultCode: 11, message: 'Access\u202edenied.' },
    forged: { resultCode: 11007, message: 'bad signature' },
  },
  '/v2/create': {
    signed: (order) => {
      const { key1 } = credentials.zalopay
      const names = 'app_id app_trans_id app_user amount app_time embed_data item'.split(' ')
      return order.mac === hmac(key1, names.map((name) => order[name]).join('|'))
    },
    name: ({ app_trans_id }) => String(app_trans_id),
    answer: (order) => ({
      return_code: 1,
      return_message: 'Giao dịch thành công',
      order_url: `https://qcgateway.zalopay.vn/openinapp?order=${order.app_trans_id}`,
      qr_code: '00020101021226520010vn.zalopay',
    }),
    known: { return_code: 2, sub_return_code: -68, sub_return_message: 'Mã giao dịch bị trùng' },
    refused: { return_code: 2, sub_return_code: -401, sub_return_message: 'Dữ liệu không hợp lệ' },
    forged: { return_code: 2, sub_return_code: -402, sub_return_message: 'Chữ ký không hợp lệ' },
  },
  '/v2/payment-requests': {
    signed: (order) => {
      const names = 'amount cancelUrl description orderCode returnUrl'.split(' ')
      return order.signature === hmac(credentials.payos.checksumKey, joined(order, names))
    },
    name: ({ orderCode }) => String(orderCode),
    answer: (order) => ({
      code: '00',
      desc: 'success',
      data: { checkoutUrl: `https://pay.payos.vn/web/${order.orderCode}`, qrCode: '00020101021238570010A0' },
    }),
    known: { code: '231', desc: 'Đơn thanh toán đã tồn tại' },
    refused: { code: '20', desc: 'Thông tin truyền lên không đúng.' },
    forged: { code: '201', desc: 'Mã kiểm tra không hợp lệ' },
  },
}

type Rule = {
  readonly signed: (order: Fields) => boolean
  readonly name: (order: Fields) => string
  readonly answer: (order: Fields) => object
  readonly known: object
  readonly refused: object
  readonly forged: object
}

export async function openFakeProvider(): Promise<FakeProvider> {
  const fake: { mood: Mood; orders: Fields[] } = { mood: 'well', orders: [] }
  const server = createServer((request, response) => void answer(request, response, fake))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(fake, {
    url,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  fake: { mood: Mood; orders: Fields[] },
): Promise<void> {
  const rule = rules[request.url ?? '']!
  const order = fieldsOf(request.headers['content-type'] ?? '', await text(request))
  const say = (body: object) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  if (fake.mood === 'refuses') return void say(rule.refused)
  if (fake.mood === 'babbles') return void response.writeHead(502).end('<html>Bad gateway</html>')
  if (fake.mood === 'talks without end') return void response.end('x'.repeat(100_000))
  if (fake.mood === 'moves elsewhere') return void response.writeHead(307, { location: '/elsewhere' }).end()
  if (!rule.signed(order)) return void say(rule.forged)
  if (fake.orders.some((known) => rule.name(known) === rule.name(order))) return void say(rule.known)
  fake.orders.push({ ...order, ...ownHeaders(request) })
  if (fake.mood === 'loses the answer') return void request.socket.destroy()
  say(rule.answer(order))
}

const fieldsOf = (type: string, body: string): Fields =>
  type.includes('json') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))

const ownHeaders = ({ headers }: IncomingMessage): Fields =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-')))
