// Callbacks as each provider sends them, signed with the credentials of the tests.
import { createHmac } from 'node:crypto'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { ipnText } from '../../src/domain/connectors/momo.ts'
import { orderCode, signedText as payosText } from '../../src/domain/connectors/payos.ts'
import type { ProviderKind } from '../../src/domain/connectors/providers.ts'
import { signedText as vnpayText } from '../../src/domain/connectors/vnpay.ts'
import { transferText } from '../../src/domain/payments/reference.ts'
import { providerTools } from '../../src/http/providerTools.ts'

export const tools = providerTools(nodeCrypto)

export const credentials = {
  vnpay: { tmnCode: 'TESTTMN1', hashSecret: 'CANARYVNPAYHASHSECRET' },
  momo: { partnerCode: 'MOMOTEST', accessKey: 'CANARYMOMOACCESS', secretKey: 'CANARYMOMOSECRET' },
  zalopay: { appId: '2553', key1: 'CANARYZALOKEY1', key2: 'CANARYZALOKEY2' },
  payos: { clientId: 'CANARYPAYOSCLIENT', apiKey: 'CANARYPAYOSAPI', checksumKey: 'CANARYPAYOSCHECKSUM' },
} as const satisfies Record<ProviderKind, Record<string, string>>

const hmac = (algorithm: string, key: string, text: string): string =>
  createHmac(algorithm, key).update(text).digest('hex')

type Payment = { readonly reference: string; readonly amount: string }
type Changes = Readonly<Record<string, unknown>>

/** The query of VNPAY's IPN: paid exactly; `changes` make it something else, before it is signed. */
export function vnpayQuery(
  { reference, amount }: Payment,
  transaction: string,
  changes: Changes = {},
): string {
  const fields = {
    vnp_Amount: `${amount}00`,
    vnp_BankCode: 'NCB',
    vnp_CardType: 'ATM',
    vnp_OrderInfo: `Thanh toan ${transferText(reference)}`,
    vnp_PayDate: '20261122100100',
    vnp_ResponseCode: '00',
    vnp_TmnCode: credentials.vnpay.tmnCode,
    vnp_TransactionNo: transaction,
    vnp_TransactionStatus: '00',
    vnp_TxnRef: transferText(reference),
    ...changes,
  }
  const text = vnpayText(fields)
  return `${text}&vnp_SecureHash=${hmac('sha512', credentials.vnpay.hashSecret, text)}`
}

/** MoMo's IPN. */
export function momoBody({ reference, amount }: Payment, transaction: string, changes: Changes = {}): string {
  const { partnerCode, accessKey, secretKey } = credentials.momo
  const fields = {
    partnerCode,
    orderId: transferText(reference),
    requestId: transferText(reference),
    amount: Number(amount),
    orderInfo: `Thanh toan ${transferText(reference)}`,
    orderType: 'momo_wallet',
    transId: Number(transaction),
    resultCode: 0,
    message: 'Thành công.',
    payType: 'qr',
    responseTime: Date.parse('2026-11-22T03:01:00Z'),
    extraData: '',
    ...changes,
  }
  return JSON.stringify({
    ...fields,
    signature: hmac('sha256', secretKey, ipnText({ ...fields, accessKey })),
  })
}

/** ZaloPay's callback; `changes` are to its data. */
export function zalopayBody(
  { reference, amount }: Payment,
  transaction: string,
  changes: Changes = {},
): string {
  const data = JSON.stringify({
    app_id: Number(credentials.zalopay.appId),
    app_trans_id: `261122_${transferText(reference)}`,
    app_time: Date.parse('2026-11-22T03:00:00Z'),
    app_user: 'payer',
    amount: Number(amount),
    embed_data: '{}',
    item: '[]',
    zp_trans_id: Number(transaction),
    server_time: Date.parse('2026-11-22T03:01:00Z'),
    channel: 38,
    merchant_user_id: 'payer',
    user_fee_amount: 0,
    discount_amount: 0,
    ...changes,
  })
  return signedZalopay(data)
}

export const signedZalopay = (data: string, type = 1): string =>
  JSON.stringify({ data, mac: hmac('sha256', credentials.zalopay.key2, data), type })

/** payOS's webhook; `changes` are to its data, `around` to what is not signed. */
export function payosBody(
  { reference, amount }: Payment,
  transaction: string,
  changes: Changes = {},
  around: Changes = {},
): string {
  const data = {
    accountNumber: '12345678',
    amount: Number(amount),
    description: `CS7K3M ${transferText(reference)}`,
    reference: transaction,
    transactionDateTime: '2026-11-22 10:01:00',
    virtualAccountNumber: '',
    counterAccountName: null,
    currency: 'VND',
    orderCode: orderCode(reference, 1, tools),
    paymentLinkId: '7f9a3c0e5d2b4a1f8e6c',
    code: '00',
    desc: 'Thành công',
    ...changes,
  }
  const signature = hmac('sha256', credentials.payos.checksumKey, payosText(data))
  return JSON.stringify({ code: '00', desc: 'success', success: true, ...around, data, signature })
}

type Make = (payment: Payment, transaction: string, changes?: Changes) => string
export const callbacks: Readonly<Record<ProviderKind, Make>> = {
  vnpay: vnpayQuery,
  momo: momoBody,
  zalopay: zalopayBody,
  payos: payosBody,
}
