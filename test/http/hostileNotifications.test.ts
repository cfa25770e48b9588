// Hostile notifications of every kind: a clear answer, no crash, nothing lost that was signed, nothing kept that was not.
import { afterAll, describe, expect, test } from 'vitest'
import { type ProviderKind, providerKinds } from '../../src/domain/connectors/providers.ts'
import { bytesOf } from '../../src/http/takeNotification.ts'
import {
  callbacks,
  momoBody,
  payosBody,
  signedZalopay,
  vnpayQuery,
  zalopayBody,
} from '../support/callbacks.ts'
import {
  type Answer,
  ask,
  notificationFor,
  openBank,
  openShop,
  openTestGateway,
  pay,
  signedHeaders,
} from '../support/gateway.ts'
import { callBack, connectAll } from '../support/providers.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
const bank = await openBank(gateway)
const connectors = await connectAll(gateway)
afterAll(async () => {
  // After all that, money still comes in.
  const { body } = await pay(gateway, bank, await ask(gateway, shop), 'after all')
  expect(body.outcome).toBe('applied')
  await gateway.stop()
})

const payment = { reference: '7K3MA9QZXW4F2P8R60', amount: '125000' }
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const fromBank = (body: string) =>
  gateway.call('POST', `/v1/connectors/${bank.id}/notifications`, {
    body,
    headers: signedHeaders(bank.secret, body, gateway.clock.now),
  })
const fromProvider = (kind: ProviderKind, text: string): Promise<Answer> =>
  callBack(gateway, kind, connectors[kind], text)

/** What was written since a position: the words as they came, or nothing at all. */
async function keptSince(position: string): Promise<string[]> {
  const events = await gateway.store.readAll(position, 100)
  return events
    .filter(({ type }) => type === 'NotificationSetAside' || type === 'CreditReceived')
    .map(({ data }) => {
      const { sealed, encoding = 'utf-8' } = data as { sealed: string; encoding?: 'utf-8' }
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        bytesOf(gateway.services.vault.open(sealed)!, encoding),
      )
    })
}

describe('signed by a bank, kept word for word:', () => {
  const told = (changes: object = {}) =>
    JSON.stringify(notificationFor(payment, 'hostile', gateway.clock.now, changes))
  const bodies: [string, string, () => string][] = [
    ['nothing', 'malformed_json', () => ''],
    ['not JSON', 'malformed_json', () => '{"transactionId":'],
    ['two values', 'malformed_json', () => `${told()}${told()}`],
    ['a depth of 10,000', 'nesting_too_deep', () => told().replace('{', `{"a":${deep(10_000)},`)],
    ['a key twice', 'duplicate_key', () => told().replace('{', '{"amount":"1",')],
    ['__proto__', 'validation_failed', () => told().replace('{', '{"__proto__":{"amount":"1"},')],
    ['null', 'validation_failed', () => 'null'],
    ['a list', 'validation_failed', () => `[${told()}]`],
    ['a number of 300 digits', 'validation_failed', () => told().replace('"125000"', '9'.repeat(300))],
    ['an amount past all numbers', 'validation_failed', () => told().replace('"125000"', '1e400')],
    ['an amount of 300 digits', 'validation_failed', () => told({ amount: '9'.repeat(300) })],
    ['objects for texts', 'validation_failed', () => told({ content: { toString: 'x' }, bankBin: [970422] })],
    ['half a surrogate pair', 'validation_failed', () => told({ transactionId: '\ud800' })],
    ['a year past all dates', 'validation_failed', () => told({ occurredAt: '999999-01-01T00:00:00Z' })],
  ]
  test.each(bodies)('%s', async (_what, code, make) => {
    const body = make()
    const before = await gateway.store.head()
    expectRefused(await fromBank(body), code as 'malformed_json')
    expect(await keptSince(before)).toEqual([body])
  })

  const taken: [string, object][] = [
    [
      'NUL in every text',
      { transactionId: 'a\0b', content: `\0TN${payment.reference}\0`, payer: { '\0': '\0' } },
    ],
    ['half a surrogate pair in the words', { transactionId: 't2', content: '\udc00', payer: '\ud800' }],
    ['huge numbers beside', { transactionId: 't3', balance: 1e300, id: Number.MAX_SAFE_INTEGER }],
    ['constructor', { transactionId: 'constructor', constructor: 'x', hasOwnProperty: 1 }],
  ]
  test.each(taken)('%s: taken', async (_what, changes) => {
    const before = await gateway.store.head()
    const body = told(changes)
    expect((await fromBank(body)).status).toBe(200)
    expect(await keptSince(before)).toEqual([body])
  })

  test('a byte order mark before it: taken, and kept', async () => {
    const before = await gateway.store.head()
    const body = `\ufeff${told({ transactionId: 'bom' })}`
    expect((await fromBank(body)).status).toBe(200)
    expect(await keptSince(before)).toEqual([body])
  })
})

describe('ten megabytes are not read, and so not kept:', () => {
  test.each(['vietqr-bank', 'momo', 'zalopay', 'payos'] as const)('%s', async (kind) => {
    const body = JSON.stringify({ data: 'x'.repeat(10_000_000) })
    const before = await gateway.store.head()
    const answer = kind === 'vietqr-bank' ? await fromBank(body) : await fromProvider(kind, body)
    expectRefused(answer, 'body_too_large')
    expect(await gateway.store.head()).toBe(before)
  })
})

const inWords: Record<ProviderKind, (answer: Answer) => string> = {
  vnpay: ({ text }) => JSON.parse(text).RspCode,
  zalopay: ({ text }) => String(JSON.parse(text).return_code),
  momo: ({ status, body }) => body?.code ?? String(status),
  payos: ({ status, body }) => body?.code ?? String(status),
}
const forgedWord = { vnpay: '97', zalopay: '-1', momo: 'signature_invalid', payos: 'signature_invalid' }
const unreadWord = {
  vnpay: '99',
  zalopay: '0',
  momo: 'notification_unreadable',
  payos: 'notification_unreadable',
}

describe('what no signature can stand for is forged, and not kept:', () => {
  const texts: [string, (text: string) => string][] = [
    ['nothing', () => ''],
    ['not JSON', () => '{"broken'],
    ['null', () => 'null'],
    ['a list', (text) => `[${text}]`],
    ['a depth of 10,000', () => deep(10_000)],
    ['a key twice', (text) => text.replace('{', '{"signature":"x","mac":"x",')],
    ['__proto__', (text) => text.replace('{', '{"__proto__":{},')],
    ['wrong types', () => '{"data":[1],"mac":{},"signature":[],"amount":{}}'],
    ['bytes that are no text', () => '\ufffd{'],
  ]
  const asked = providerKinds.filter((kind) => kind !== 'vnpay')
  test.each(asked.flatMap((kind) => texts.map(([what, make]) => [kind, what, make] as const)))(
    '%s %s',
    async (kind, _what, make) => {
      const before = await gateway.store.head()
      const answer = await fromProvider(kind, make(callbacks[kind](payment, '1')))
      expect(inWords[kind](answer)).toBe(forgedWord[kind])
      expect(await gateway.store.head()).toBe(before)
    },
  )

  const queries: [string, (query: string) => string][] = [
    ['nothing', () => ''],
    ['no value', () => 'vnp_SecureHash'],
    ['the hash twice', (query) => `${query}&vnp_SecureHash=x`],
    ['the amount twice, the same', (query) => `${query}&vnp_Amount=12500000`],
    ['a parameter twice, in another spelling', (query) => `${query}&vnp%5FAmount=1`],
    ['broken escapes', (query) => query.replace('Thanh', '%E0%A4%A')],
    ['__proto__', (query) => query.replace('vnp_Amount', '__proto__')],
    ['ten thousand parameters', () => Array.from({ length: 10_000 }, (_, i) => `vnp_${i}=x`).join('&')],
  ]
  test.each(queries)('vnpay %s', async (_what, make) => {
    const before = await gateway.store.head()
    const answer = await fromProvider('vnpay', make(vnpayQuery(payment, '1')))
    expect(inWords.vnpay(answer)).toBe('97')
    expect(await gateway.store.head()).toBe(before)
  })
})

describe('signed and hostile is kept, and the provider hears that it was not taken:', () => {
  const bad: [ProviderKind, string, string][] = [
    ['vnpay', 'a huge amount', vnpayQuery(payment, '1', { vnp_Amount: `${'9'.repeat(300)}00` })],
    ['vnpay', 'NUL for a transaction', vnpayQuery(payment, '\0')],
    ['vnpay', 'half a surrogate pair', vnpayQuery(payment, '\ud800')],
    ['vnpay', 'no status', vnpayQuery(payment, '1', { vnp_ResponseCode: '', vnp_TransactionStatus: '' })],
    ['momo', 'a huge amount', momoBody(payment, '1', { amount: 1e300 })],
    ['momo', 'NUL for a transaction', momoBody(payment, '1', { transId: '\0' })],
    ['momo', 'a status of another type', momoBody(payment, '1', { resultCode: 'false' })],
    ['momo', 'no fields at all', momoBody(payment, '1', { resultCode: undefined, amount: undefined })],
    ['zalopay', 'a depth of 10,000', signedZalopay(`{"a":${deep(10_000)}}`)],
    ['zalopay', 'a key twice', signedZalopay('{"amount":1,"amount":2,"zp_trans_id":1}')],
    ['zalopay', 'a list', signedZalopay('[1]')],
    ['zalopay', 'null', signedZalopay('null')],
    ['zalopay', 'NUL and half a pair', signedZalopay('{"zp_trans_id":"\\u0000\\ud800","amount":1}')],
    ['zalopay', 'an amount past all numbers', signedZalopay('{"amount":1e400,"zp_trans_id":1}')],
    ['payos', 'a huge amount', payosBody(payment, '1', { amount: 1e300 })],
    ['payos', 'objects for texts', payosBody(payment, '1', { reference: { a: [1] } })],
    ['payos', 'NUL for a transaction', payosBody(payment, '\0')],
  ]
  test.each(bad)('%s %s', async (kind, _what, text) => {
    const before = await gateway.store.head()
    expect(inWords[kind](await fromProvider(kind, text))).toBe(unreadWord[kind])
    expect(await keptSince(before)).toEqual([text])
    await fromProvider(kind, text)
    expect(await keptSince(before)).toEqual([text])
  })

  test.each([
    ['momo', momoBody(payment, '771', { message: '\0\ud800', promotionInfo: { deep: [[[[1]]]] } })],
    ['zalopay', zalopayBody(payment, '772', { embed_data: '{"\\u0000":"\\ud800"}', server_time: 1e300 })],
    ['payos', payosBody(payment, 'FT773', { desc: '\0\ud800', transactionDateTime: 'yesterday' })],
    ['vnpay', vnpayQuery(payment, '774', { vnp_PayDate: '99999999999999', vnp_OrderInfo: '\0' })],
  ] as const)(
    '%s: strange words around a readable payment do not keep it from being taken',
    async (kind, text) => {
      const before = await gateway.store.head()
      await fromProvider(kind, text)
      const [credit] = await gateway.store.readAll(before, 10)
      expect(credit).toMatchObject({ type: 'CreditReceived', data: { amount: { amount: '125000' } } })
      expect(await keptSince(before)).toEqual([text])
    },
  )
})
