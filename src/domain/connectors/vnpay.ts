// VNPAY PAY 2.1.0: a signed link to pay, and an IPN that comes as a signed query.
import { readVietnamTime, vietnamDigits } from '../core/vietnamTime.ts'
import { findReferences } from '../payments/reference.ts'
import {
  type Callback,
  nameOf,
  orderName,
  orderText,
  provider,
  type Tools,
  textOf,
  unreadable,
  wholeDong,
} from './provider.ts'

type VnpayCredentials = { readonly tmnCode: string; readonly hashSecret: string }

const signatureField = 'vnp_SecureHash'
const unsigned = new Set([signatureField, 'vnp_SecureHashType'])

/** The parameters that are signed, sorted by name and form-encoded. */
export const signedText = (fields: Callback): string => {
  const names = Object.keys(fields).filter((name) => name.startsWith('vnp_') && !unsigned.has(name))
  return new URLSearchParams(names.sort().map((name) => [name, textOf(fields[name])])).toString()
}

const sign = (fields: Callback, { hashSecret }: VnpayCredentials, { hmac }: Tools): string =>
  hmac('sha512', hashSecret, signedText(fields))

export const vnpay = provider<VnpayCredentials>({
  credentials: ['tmnCode', 'hashSecret'],
  baseUrls: { sandbox: 'https://sandbox.vnpayment.vn', live: 'https://pay.vnpay.vn' },

  order: (order, { credentials, baseUrl }, tools) => {
    const fields = {
      vnp_Version: '2.1.0',
      vnp_Command: 'pay',
      vnp_TmnCode: credentials.tmnCode,
      vnp_Amount: `${order.amount * 100n}`,
      vnp_CurrCode: 'VND',
      vnp_TxnRef: orderName(order),
      vnp_OrderInfo: orderText(order),
      vnp_OrderType: 'other',
      vnp_Locale: 'vn',
      vnp_ReturnUrl: order.returnUrl,
      vnp_IpAddr: '127.0.0.1', // wants the payer's, whom a till does not know
      vnp_CreateDate: vietnamDigits(order.at),
      vnp_ExpireDate: vietnamDigits(order.expiresAt),
    }
    const query = `${signedText(fields)}&${signatureField}=${sign(fields, credentials, tools)}`
    return { payUrl: `${baseUrl}/paymentv2/vpcpay.html?${query}` }
  },

  readOrder: () => {
    throw new Error('VNPAY is not asked for orders')
  },

  isSigned: (callback, credentials, tools) =>
    tools.equal(sign(callback, credentials, tools), textOf(callback[signatureField])),

  read: (callback) => {
    const codes = [callback.vnp_ResponseCode, callback.vnp_TransactionStatus].map(textOf)
    if (codes.some((code) => !/^\d\d$/.test(code))) return unreadable('status_malformed')
    if (codes.some((code) => code !== '00')) return { read: 'declined', code: codes.join('/') }
    const transactionId = nameOf(callback.vnp_TransactionNo)
    const amount = hundredth(callback.vnp_Amount)
    if (!transactionId) return unreadable('transaction_malformed')
    if (!amount) return unreadable('amount_malformed')
    const references = findReferences(textOf(callback.vnp_TxnRef))
    const occurredAt = readVietnamTime(textOf(callback.vnp_PayDate))
    return { read: 'paid', arrived: { transactionId, amount, references, occurredAt } }
  },
})

/** VNPAY counts in hundredths of a đồng, which do not exist. */
const hundredth = (value: unknown): string | undefined => {
  const hundredths = wholeDong(value)
  return hundredths?.endsWith('00') ? wholeDong(hundredths.slice(0, -2)) : undefined
}

/** The order and the amount that any readable IPN names, also a declined one. */
export const namedBy = (callback: Callback) => ({
  references: findReferences(textOf(callback.vnp_TxnRef)),
  amount: hundredth(callback.vnp_Amount),
})
