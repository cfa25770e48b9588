// ZaloPay v2: an order made by a signed call, and a callback whose data is one signed string.
import { readMilliseconds, vietnamDigits } from '../core/vietnamTime.ts'
import { findReferences } from '../payments/reference.ts'
import {
  nameOf,
  orderName,
  orderText,
  provider,
  refusal,
  textOf,
  unreadable,
  wayTo,
  wholeDong,
} from './provider.ts'

type ZalopayCredentials = { readonly appId: string; readonly key1: string; readonly key2: string }

type OrderFields = {
  readonly app_id: string
  readonly app_trans_id: string
  readonly app_user: string
  readonly amount: string
  readonly app_time: string
  readonly embed_data: string
  readonly item: string
}

export const createText = (fields: OrderFields): string => {
  const { app_id, app_trans_id, app_user, amount, app_time, embed_data, item } = fields
  return [app_id, app_trans_id, app_user, amount, app_time, embed_data, item].join('|')
}

const [shortestSeconds, longestSeconds] = [300, 2_592_000]
const orderKnown = '-68'

/** The callback of a payment; another type tells of an agreement, which moves no money. */
const paymentType = '1'

export const zalopay = provider<ZalopayCredentials>({
  credentials: ['appId', 'key1', 'key2'],
  baseUrls: { sandbox: 'https://sb-openapi.zalopay.vn', live: 'https://openapi.zalopay.vn' },

  order: (order, { credentials: { appId, key1 }, baseUrl }, { hmac }) => {
    const seconds = Math.floor((order.expiresAt.getTime() - order.at.getTime()) / 1000)
    const fields = {
      app_id: appId,
      app_trans_id: `${vietnamDigits(order.at).slice(2, 8)}_${orderName(order)}`,
      app_user: 'payer',
      amount: `${order.amount}`,
      app_time: `${order.at.getTime()}`,
      embed_data: JSON.stringify({ redirecturl: order.returnUrl }),
      item: '[]',
    }
    const body = new URLSearchParams({
      ...fields,
      description: orderText(order),
      bank_code: '',
      callback_url: order.notificationUrl,
      expire_duration_seconds: `${Math.min(Math.max(seconds, shortestSeconds), longestSeconds)}`,
      mac: hmac('sha256', key1, createText(fields)),
    })
    return {
      url: `${baseUrl}/v2/create`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    }
  },

  readOrder: (answer) => {
    const code = textOf(answer.sub_return_code)
    if (textOf(answer.return_code) === '1') return wayTo(answer.order_url, answer.qr_code)
    return refusal(code, answer.sub_return_message ?? answer.return_message, code === orderKnown)
  },

  isSigned: ({ data, mac }, { key2 }, { hmac, equal }) =>
    typeof data === 'string' && equal(hmac('sha256', key2, data), textOf(mac)),

  read: ({ type, data }, { object }) => {
    if (type !== undefined && textOf(type) !== paymentType) return { read: 'declined', code: 'not_a_payment' }
    const payment = object(textOf(data))
    if (!payment) return unreadable('data_malformed')
    const transactionId = nameOf(payment.zp_trans_id)
    const amount = wholeDong(payment.amount)
    if (!transactionId) return unreadable('transaction_malformed')
    if (!amount) return unreadable('amount_malformed')
    const references = findReferences(textOf(payment.app_trans_id))
    const occurredAt = readMilliseconds(payment.server_time)
    return { read: 'paid', arrived: { transactionId, amount, references, occurredAt } }
  },
})
