// MoMo v2: an order made by a signed call, and an IPN signed over its fields in a fixed order.
import { readMilliseconds } from '../core/vietnamTime.ts'
import { findReferences } from '../payments/reference.ts'
import {
  type Callback,
  isAmbiguous,
  nameOf,
  orderName,
  orderText,
  provider,
  refusal,
  scalar,
  textOf,
  unreadable,
  wayTo,
  wholeDong,
} from './provider.ts'

type MomoCredentials = {
  readonly partnerCode: string
  readonly accessKey: string
  readonly secretKey: string
}

const createFields = [
  'accessKey',
  'amount',
  'extraData',
  'ipnUrl',
  'orderId',
  'orderInfo',
  'partnerCode',
  'redirectUrl',
  'requestId',
  'requestType',
] as const

const ipnFields = [
  'accessKey',
  'amount',
  'extraData',
  'message',
  'orderId',
  'orderInfo',
  'orderType',
  'partnerCode',
  'payType',
  'requestId',
  'responseTime',
  'resultCode',
  'transId',
] as const

const joined = (names: readonly string[], fields: Callback): string =>
  names.map((name) => `${name}=${textOf(fields[name])}`).join('&')

export const createText = (fields: Callback): string => joined(createFields, fields)
export const ipnText = (fields: Callback): string => joined(ipnFields, fields)

const knownCodes = ['40', '41'] // the request or the order is known

export const momo = provider<MomoCredentials>({
  credentials: ['partnerCode', 'accessKey', 'secretKey'],
  baseUrls: { sandbox: 'https://test-payment.momo.vn', live: 'https://payment.momo.vn' },

  order: (order, { credentials: { partnerCode, accessKey, secretKey }, baseUrl }, { hmac }) => {
    const name = orderName(order)
    const fields = {
      partnerCode,
      requestId: name, // the same request again is answered as the first time
      amount: Number(order.amount), // whole đồng, which they want as a JSON number
      orderId: name,
      orderInfo: orderText(order),
      redirectUrl: order.returnUrl,
      ipnUrl: order.notificationUrl,
      requestType: 'captureWallet',
      extraData: '',
    }
    const signature = hmac('sha256', secretKey, createText({ ...fields, accessKey }))
    return {
      url: `${baseUrl}/v2/gateway/api/create`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fields, lang: 'vi', signature }),
    }
  },

  readOrder: (answer) => {
    const code = textOf(answer.resultCode)
    if (code !== '0') return refusal(code, answer.message, knownCodes.includes(code))
    return wayTo(answer.payUrl, answer.qrCodeUrl)
  },

  isSigned: (callback, { accessKey, secretKey }, { hmac, equal }) => {
    const fields: Callback = { ...callback, accessKey }
    const signable = ipnFields.every(
      (name) => fields[name] === undefined || scalar(fields[name]) !== undefined,
    )
    return signable && equal(hmac('sha256', secretKey, ipnText(fields)), textOf(callback.signature))
  },

  read: (callback) => {
    const code = textOf(callback.resultCode)
    if (!/^\d{1,6}$/.test(code)) return unreadable('status_malformed')
    if (isAmbiguous(ipnFields.map((name) => callback[name]))) return unreadable('ambiguous')
    if (code !== '0') return { read: 'declined', code }
    const transactionId = nameOf(callback.transId)
    const amount = wholeDong(callback.amount)
    if (!transactionId) return unreadable('transaction_malformed')
    if (!amount) return unreadable('amount_malformed')
    const references = findReferences(textOf(callback.orderId))
    const occurredAt = readMilliseconds(callback.responseTime)
    return { read: 'paid', arrived: { transactionId, amount, references, occurredAt } }
  },
})
