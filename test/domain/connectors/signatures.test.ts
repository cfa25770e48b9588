// Signatures of the providers: every vector, the official libraries, and no byte of a signed callback that may change.
import { PayOS } from '@payos/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VNPay } from 'vnpay'
import * as momo from '../../../src/domain/connectors/momo.ts'
import * as payos from '../../../src/domain/connectors/payos.ts'
import { type ProviderKind, providerKinds, providers } from '../../../src/domain/connectors/providers.ts'
import * as vnpay from '../../../src/domain/connectors/vnpay.ts'
import * as zalopay from '../../../src/domain/connectors/zalopay.ts'
import { callbackOf, readNotification } from '../../../src/http/readNotification.ts'
import { callbacks, credentials, momoBody, payosBody, tools, vnpayQuery } from '../../support/callbacks.ts'
import {
  fieldsOf,
  momoCreate,
  momoIpn,
  payosCreate,
  payosWebhook,
  vectors,
  vnpayIpn,
  vnpayOrder,
  zalopayCreate,
} from './vectors.ts'

const payment = { reference: '7K3MA9QZXW4F2P8R60', amount: '125000' }
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each(vectors)('$name', ({ algorithm, key, text, signature }) => {
  expect(tools.hmac(algorithm, key, text)).toBe(signature)
})

describe('the text that is signed is made as the vectors have it:', () => {
  const query = ({ text }: { text: string }) => Object.fromEntries(new URLSearchParams(text))

  test('VNPAY, whatever the order of the parameters', () => {
    const reversed = Object.fromEntries(Object.entries(query(vnpayIpn)).toReversed())
    const more = { ...reversed, vnp_SecureHash: 'x', vnp_SecureHashType: 'x', utm_source: 'x' }
    expect(vnpay.signedText(more)).toBe(vnpayIpn.text)
    expect(vnpay.signedText(query(vnpayOrder))).toBe(vnpayOrder.text)
  })

  test('MoMo', () => {
    expect(momo.createText(fieldsOf(momoCreate.text))).toBe(momoCreate.text)
    expect(momo.ipnText(fieldsOf(momoIpn.text))).toBe(momoIpn.text)
  })

  test('ZaloPay', () => {
    const [app_id, app_trans_id, app_user, amount, app_time, embed_data, item] = zalopayCreate.text.split('|')
    const fields = { app_id, app_trans_id, app_user, amount, app_time, embed_data, item }
    expect(zalopay.createText(fields as Record<keyof typeof fields, string>)).toBe(zalopayCreate.text)
  })

  test('payOS, with null as nothing', () => {
    const fields = fieldsOf(payosWebhook.text)
    const sent = { ...fields, amount: 3000, orderCode: 123, counterAccountName: null }
    expect(payos.signedText(sent)).toBe(payosWebhook.text)
    expect(payos.signedText(fieldsOf(payosCreate.text))).toBe(payosCreate.text)
  })
})

describe('as the official libraries sign and check:', () => {
  const { tmnCode, hashSecret } = credentials.vnpay
  const library = new VNPay({ tmnCode, secureSecret: hashSecret, testMode: true, enableLog: false })

  test('VNPAY takes our IPN, and we take the one it takes', () => {
    const sent = Object.fromEntries(new URLSearchParams(vnpayQuery(payment, '14422574')))
    expect(library.verifyIpnCall(sent as never)).toMatchObject({ isVerified: true, isSuccess: true })
    const published = { ...Object.fromEntries(new URLSearchParams(vnpayIpn.text)) }
    const signed = { ...published, vnp_SecureHash: vnpayIpn.signature }
    expect(providers.vnpay.isSigned(signed, { tmnCode, hashSecret: vnpayIpn.key }, tools)).toBe(true)
  })

  test('payOS takes our webhook, and its order is signed as ours', async () => {
    const { clientId, apiKey, checksumKey } = credentials.payos
    const library = new PayOS({ clientId, apiKey, checksumKey })
    const sent = JSON.parse(payosBody(payment, 'FT1'))
    await expect(library.webhooks.verify(sent)).resolves.toMatchObject({ amount: 125000 })
    await expect(library.webhooks.verify({ ...sent, data: { ...sent.data, amount: 1 } })).rejects.toThrow()
    const fields = fieldsOf(payosCreate.text)
    const signed = await library.crypto.createSignatureOfPaymentRequest(fields as never, payosCreate.key)
    expect(signed).toBe(payosCreate.signature)
  })
})

describe('a signed callback with one byte changed is refused, or says exactly the same:', () => {
  const read = (kind: ProviderKind, raw: Uint8Array) => {
    const callback = callbackOf(kind, raw)
    if (!callback || !providers[kind].isSigned(callback, credentials[kind], tools)) return 'refused'
    return readNotification(kind, raw, tools)
  }

  test.each(providerKinds)('%s', (kind) => {
    const raw = bytes(callbacks[kind](payment, '14422574'))
    const right = read(kind, raw)
    expect(right).toMatchObject({ read: 'paid', arrival: { amount: { amount: '125000', currency: 'VND' } } })
    const place = fc.integer({ min: 0, max: raw.length - 1 })
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Uint8Array.from(raw)
        other[at]! ^= change
        const reading = read(kind, other)
        // What is not signed (white space, an unsigned status) may make a callback count for less, never for more.
        if (reading !== 'refused' && reading.read === 'paid') expect(reading).toEqual(right)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(providerKinds)('%s: every byte of the signature counts', (kind) => {
    const text = callbacks[kind](payment, '14422574')
    const start = text.search(/[0-9a-f]{64}/)
    expect(start).toBeGreaterThan(0)
    for (let at = start; /[0-9a-f]/.test(text[at] ?? ''); at++) {
      const other = text[at] === 'a' ? 'b' : 'a'
      expect(read(kind, bytes(text.slice(0, at) + other + text.slice(at + 1)))).toBe('refused')
    }
  })

  test.each(providerKinds)('%s: with a part of the signature, or none, it is refused', (kind) => {
    const text = callbacks[kind](payment, '14422574')
    for (const cut of [/[0-9a-f]{64,128}/, /[0-9a-f]{10}(?=("|$|&))/])
      expect(read(kind, bytes(text.replace(cut, '')))).toBe('refused')
  })
})

describe('what a signature leaves open', () => {
  test('a VNPAY parameter that stands twice could mean either: refused', () => {
    const query = vnpayQuery(payment, '1')
    expect(callbackOf('vnpay', bytes(`${query}&vnp_Amount=1`))).toBeUndefined()
    expect(callbackOf('vnpay', bytes(`vnp_SecureHash=x&${query}`))).toBeUndefined()
  })

  test('pairs that can be cut in two ways are signed and still not believed', () => {
    const reading = (kind: ProviderKind, text: string) => readNotification(kind, bytes(text), tools)
    const ambiguous = { read: 'unreadable', code: 'ambiguous' }
    const twice = momoBody(payment, '1', { message: 'ok&orderId=TN7K3MA9QZXW4F2P8R60' })
    expect(reading('momo', twice)).toMatchObject(ambiguous)
    const typed = payosBody(payment, 'FT1', { description: 'x&orderCode=9' })
    expect(reading('payos', typed)).toMatchObject(ambiguous)
    const shop = payosBody(payment, 'FT1', { counterAccountName: 'H&M' })
    expect(reading('payos', shop)).toMatchObject({ read: 'paid' })
  })
})

describe('paid only when every status says so:', () => {
  const read = (kind: ProviderKind, text: string) => readNotification(kind, bytes(text), tools)
  const refusals: [string, ProviderKind, string][] = [
    ['VNPAY response', 'vnpay', vnpayQuery(payment, '1', { vnp_ResponseCode: '24' })],
    ['VNPAY status', 'vnpay', vnpayQuery(payment, '1', { vnp_TransactionStatus: '02' })],
    ['VNPAY suspicious', 'vnpay', vnpayQuery(payment, '1', { vnp_ResponseCode: '07' })],
    ['MoMo result', 'momo', momoBody(payment, '1', { resultCode: 1006 })],
    ['MoMo only authorized', 'momo', momoBody(payment, '1', { resultCode: 9000 })],
    ['ZaloPay agreement', 'zalopay', callbacks.zalopay(payment, '1').replace('"type":1', '"type":2')],
    ['payOS code', 'payos', payosBody(payment, '1', {}, { code: '01' })],
    ['payOS data code', 'payos', payosBody(payment, '1', { code: '02' })],
    ['payOS success', 'payos', payosBody(payment, '1', {}, { success: false })],
    [
      "payOS's sample to a new webhook",
      'payos',
      payosBody(payment, '1', { orderCode: 123, paymentLinkId: '124c33293c43417ab7879e14c8d9eb18' }),
    ],
  ]
  test.each(refusals)('%s', (_what, kind, text) => {
    expect(read(kind, text)).toMatchObject({ read: 'declined' })
  })

  test('money is a whole number of đồng above zero, in VND, with a transaction', () => {
    const misfits: [ProviderKind, string, string][] = [
      ['vnpay', vnpayQuery(payment, '1', { vnp_Amount: '12500050' }), 'amount_malformed'],
      ['vnpay', vnpayQuery(payment, '1', { vnp_Amount: '-100' }), 'amount_malformed'],
      ['vnpay', vnpayQuery(payment, ''), 'transaction_malformed'],
      ['vnpay', vnpayQuery(payment, '1', { vnp_ResponseCode: '0' }), 'status_malformed'],
      ['momo', momoBody(payment, '1', { amount: 1.5 }), 'amount_malformed'],
      ['momo', momoBody(payment, '1', { amount: 1e21 }), 'amount_malformed'],
      ['momo', momoBody(payment, '1', { transId: 'a\0b' }), 'transaction_malformed'],
      ['momo', momoBody(payment, '1', { resultCode: '' }), 'status_malformed'],
      ['zalopay', callbacks.zalopay(payment, '1', { amount: 0 }), 'amount_malformed'],
      ['zalopay', callbacks.zalopay(payment, '1', { zp_trans_id: null }), 'transaction_malformed'],
      ['payos', payosBody(payment, 'FT1', { amount: '1e5' }), 'amount_malformed'],
      ['payos', payosBody(payment, 'FT1', { currency: 'USD' }), 'amount_malformed'],
      ['payos', payosBody(payment, ''), 'transaction_malformed'],
    ]
    for (const [kind, text, code] of misfits)
      expect(read(kind, text)).toMatchObject({ read: 'unreadable', code })
  })

  test('a payOS transfer text that names another order than the one that was paid finds no payment', () => {
    const reading = read('payos', payosBody(payment, 'FT1', { orderCode: 4711 }))
    expect(reading).toMatchObject({ read: 'paid', arrival: { references: [] } })
  })
})
