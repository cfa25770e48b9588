// payOS: an order made by a signed call, and a webhook whose data is signed over its sorted fields.
import { readVietnamTime } from '../core/vietnamTime.ts'
import { findReferences, transferText } from '../payments/reference.ts'
import {
  type Callback,
  isAmbiguous,
  nameOf,
  provider,
  refusal,
  scalar,
  type Tools,
  textOf,
  unreadable,
  wayTo,
  wholeDong,
} from './provider.ts'

type PayosCredentials = { readonly clientId: string; readonly apiKey: string; readonly checksumKey: string }

/** Every field sorted by name, `name=value` joined by `&`, null as nothing and what has parts as JSON. */
export const signedText = (data: Callback): string =>
  Object.keys(data)
    .sort()
    .map((name) => `${name}=${fieldText(data[name])}`)
    .join('&')

const fieldText = (value: unknown): string => (value === null ? '' : (scalar(value) ?? JSON.stringify(value)))

const attemptsMax = 3

/** An order is a number at payOS: 52 bits of a hash of the reference, so that it can be made again and checked. */
export const orderCode = (reference: string, attempt: number, { hmac }: Tools): number =>
  Number.parseInt(hmac('sha256', 'payos order', `${reference} ${attempt}`).slice(0, 13), 16)

/** payOS sends this sample to every webhook that is registered with it. It is signed, and no money came. */
const isSample = ({ orderCode, paymentLinkId }: Callback): boolean =>
  textOf(orderCode) === '123' && paymentLinkId === '124c33293c43417ab7879e14c8d9eb18'

const dataOf = (callback: Callback): Callback | undefined => {
  const { data } = callback
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Callback) : undefined
}

export const payos = provider<PayosCredentials>({
  credentials: ['clientId', 'apiKey', 'checksumKey'],
  baseUrls: { sandbox: 'https://api-merchant.payos.vn', live: 'https://api-merchant.payos.vn' },

  order: (order, { credentials: { clientId, apiKey, checksumKey }, baseUrl }, tools) => {
    const fields = {
      amount: Number(order.amount), // whole đồng, which they want as a JSON number
      cancelUrl: order.returnUrl,
      description: transferText(order.reference),
      orderCode: orderCode(order.reference, order.attempt, tools),
      returnUrl: order.returnUrl,
    }
    const signature = tools.hmac('sha256', checksumKey, signedText(fields))
    const expiredAt = Math.floor(order.expiresAt.getTime() / 1000)
    return {
      url: `${baseUrl}/v2/payment-requests`,
      headers: { 'content-type': 'application/json', 'x-client-id': clientId, 'x-api-key': apiKey },
      body: JSON.stringify({ ...fields, expiredAt, signature }),
    }
  },

  readOrder: (answer) => {
    const code = textOf(answer.code)
    const data = dataOf(answer)
    if (code !== '00' || !data) return refusal(code, answer.desc, code === '231')
    return wayTo(data.checkoutUrl, data.qrCode)
  },

  isSigned: (callback, { checksumKey }, { hmac, equal }) => {
    const data = dataOf(callback)
    if (!data) return false
    return equal(hmac('sha256', checksumKey, signedText(data)), textOf(callback.signature))
  },

  read: (callback, tools) => {
    const data = dataOf(callback) ?? {}
    if (isAmbiguous(Object.values(data).map(fieldText))) return unreadable('ambiguous')
    const codes = [callback.code, data.code].map(textOf)
    if (codes.some((code) => !/^\w{1,10}$/.test(code))) return unreadable('status_malformed')
    if (codes.some((code) => code !== '00') || callback.success === false)
      return { read: 'declined', code: codes.join('/') }
    if (isSample(data)) return { read: 'declined', code: 'sample' }
    const [link, transfer] = [nameOf(data.paymentLinkId), nameOf(data.reference)]
    const amount = wholeDong(data.amount)
    if (!link || !transfer) return unreadable('transaction_malformed')
    if (!amount || (data.currency !== undefined && data.currency !== 'VND'))
      return unreadable('amount_malformed')
    const references = findReferences(textOf(data.description)).filter((one) => isOrderOf(one, data, tools))
    const occurredAt = readVietnamTime(textOf(data.transactionDateTime))
    // One link may be paid by several transfers, and two banks may use one number.
    return { read: 'paid', arrived: { transactionId: `${link} ${transfer}`, amount, references, occurredAt } }
  },
})

/** The transfer text can be typed by anyone; the order's number cannot. */
const isOrderOf = (reference: string, data: Callback, tools: Tools): boolean =>
  Array.from({ length: attemptsMax }, (_, index) => orderCode(reference, index + 1, tools)).some(
    (code) => String(code) === textOf(data.orderCode),
  )
