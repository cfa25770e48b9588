// Callbacks of the providers: each answered in its own words, byte for byte, and each a credit like a bank's.
import { afterAll, describe, expect, test } from 'vitest'
import { type ProviderKind, providerKinds } from '../../src/domain/connectors/providers.ts'
import { bytesOf } from '../../src/http/takeNotification.ts'
import {
  callbacks,
  credentials,
  momoBody,
  payosBody,
  signedZalopay,
  vnpayQuery,
  zalopayBody,
} from '../support/callbacks.ts'
import { openFakeProvider } from '../support/fakeProvider.ts'
import {
  type Answer,
  ask,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  unappliedOf,
} from '../support/gateway.ts'
import { callBack, connectAll } from '../support/providers.ts'
import { expectRefused } from '../support/refused.ts'

const fake = await openFakeProvider()
const gateway = await openTestGateway()
const shop = await openShop(gateway)
const connectors = await connectAll(gateway, { baseUrl: fake.url })
afterAll(async () => {
  await gateway.stop()
  await fake.close()
})

let transactions = 14422574
/** The provider's number of a transaction that has not been told yet. */
const another = (): string => String(++transactions)

/** What was recorded after a position, of these types. */
const since = async (position: string, type: string) =>
  (await gateway.store.readAll(position, 1_000)).filter((event) => event.type === type)

const order = (kind: ProviderKind, changes: object = {}) =>
  ask(gateway, shop, { connectorId: connectors[kind], ...changes })

const call = (kind: ProviderKind, text: string, connector = connectors[kind]): Promise<Answer> =>
  callBack(gateway, kind, connector, text)

const read = async ({ id }: { id: string }) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body
const said = ({ status, text }: Answer) => `${status} ${text}`
const typesSince = async (position: string) =>
  (await gateway.store.readAll(position, 100)).map(({ type }) => type)

/** What each provider hears, to the byte. */
const words: Record<ProviderKind, { taken: string; repeated: string }> = {
  vnpay: {
    taken: '200 {"RspCode":"00","Message":"Confirm Success"}',
    repeated: '200 {"RspCode":"02","Message":"Order already confirmed"}',
  },
  momo: { taken: '204 ', repeated: '204 ' },
  zalopay: {
    taken: '200 {"return_code":1,"return_message":"success"}',
    repeated: '200 {"return_code":2,"return_message":"duplicate"}',
  },
  payos: { taken: '200 {"success":true}', repeated: '200 {"success":true}' },
}

describe.each(providerKinds)('%s', (kind) => {
  test('pays its payment, once, kept word for word', async () => {
    const payment = await order(kind)
    const text = callbacks[kind](payment, another())
    const before = await gateway.store.head()
    expect(said(await call(kind, text))).toBe(words[kind].taken)
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
    expect(await typesSince(before)).toEqual(['CreditReceived', 'CreditApplied', 'PaymentPaid'])
    const [credit] = await gateway.store.readAll(before, 1)
    const data = credit!.data as Record<string, string>
    expect(data).toMatchObject({
      connectorId: connectors[kind],
      bankBin: '',
      accountNumber: '',
      occurredAt: expect.stringMatching(/^2026-11-22T03:01:00/),
    })
    expect(gateway.services.vault.open(data.sealed!)).toBe(text)

    const head = await gateway.store.head()
    for (let again = 0; again < 3; again++) expect(said(await call(kind, text))).toBe(words[kind].repeated)
    expect(await gateway.store.head()).toBe(head)
  })

  test('forty at once are one credit', async () => {
    const payment = await order(kind)
    const text = callbacks[kind](payment, another())
    const before = await gateway.store.head()
    const answers = await Promise.all(Array.from({ length: 40 }, () => call(kind, text)))
    for (const answer of answers) expect([words[kind].taken, words[kind].repeated]).toContain(said(answer))
    expect((await since(before, 'CreditReceived')).length).toBe(1)
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  })

  test('less than due adds up, more is overpaid, a second transfer is a duplicate', async () => {
    const payment = await order(kind)
    const before = await gateway.store.head()
    await call(kind, callbacks[kind]({ ...payment, amount: '25000' }, another()))
    expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '25000' })
    await call(kind, callbacks[kind]({ ...payment, amount: '110000' }, another()))
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
    await call(kind, callbacks[kind](payment, another()))
    const credits = await since(before, 'CreditUnapplied')
    expect(credits.map(({ data }) => data)).toMatchObject([
      { reason: 'overpaid', amount: { amount: '10000' } },
      { reason: 'duplicate', amount: { amount: '125000' } },
    ])
  })

  test('after expiry it is late money, and nobody is told to call again', async () => {
    const payment = await order(kind, { expiresInSeconds: 59 }) // the callback says 60 seconds after
    const { now } = gateway.clock
    await passTime(gateway, 3_600)
    const late = callbacks[kind](payment, another())
    expect(said(await call(kind, late))).toBe(words[kind].taken)
    gateway.clock.now = now
    expect(await read(payment)).toMatchObject({ status: 'expired' })
  })

  test("is paid by credits of its own connector only: a bank's transfer is a mismatch", async () => {
    const payment = await order(kind)
    const bank = await openBank(gateway)
    const { body } = await pay(gateway, bank, payment, another())
    expect(body.outcome).toBe('mismatch')
    expect(await unappliedOf(gateway, shop.key, body.creditId)).toMatchObject({ reason: 'mismatch' })
    expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '0' })
  })

  test('does not pay a VietQR payment, whose money goes to an account', async () => {
    const payment = await ask(gateway, shop)
    const before = await gateway.store.head()
    await call(kind, callbacks[kind](payment, another()))
    expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '0' })
    const [left] = await since(before, 'CreditUnapplied')
    expect(left!.data).toMatchObject({ reason: 'mismatch', paymentId: payment.id })
  })

  test('signed by another connector of its kind is forged, and nothing is written', async () => {
    const body = { kind, name: 'other', ...credentials[kind] }
    const others = Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name, name === 'kind' ? value : `${value}2`]),
    )
    const { id } = (await gateway.call('POST', '/v1/connectors', { key: operatorKey, body: others })).body
    const text = callbacks[kind](await order(kind), another())
    const head = await gateway.store.head()
    const answer = await call(kind, text, id)
    if (kind === 'vnpay') expect(said(answer)).toBe('200 {"RspCode":"97","Message":"Invalid Checksum"}')
    else if (kind === 'zalopay')
      expect(said(answer)).toBe('200 {"return_code":-1,"return_message":"mac not equal"}')
    else expectRefused(answer, 'signature_invalid')
    expect(await gateway.store.head()).toBe(head)
  })

  test('when the store is full the provider is told to call again, and then it is taken', async () => {
    const payment = await order(kind)
    const text = callbacks[kind](payment, another())
    const { credits } = gateway.services.gateway
    const { handle, propose } = credits
    const full = () => Promise.reject(new Error('disk full'))
    Object.assign(credits, { handle: full, propose: full })
    const answer = await call(kind, text)
    Object.assign(credits, { handle, propose })
    if (kind === 'vnpay') expect(said(answer)).toBe('200 {"RspCode":"99","Message":"Unknown error"}')
    else if (kind === 'zalopay')
      expect(said(answer)).toBe('200 {"return_code":0,"return_message":"not taken, please call again"}')
    else expect(answer.status).toBe(500)
    expect(said(await call(kind, text))).toBe(words[kind].taken)
  })
})

describe('a declined one is acknowledged, kept, and changes nothing:', () => {
  const declined: [ProviderKind, (payment: { reference: string; amount: string }) => string, string][] = [
    [
      'vnpay',
      (payment) => vnpayQuery(payment, another(), { vnp_ResponseCode: '24', vnp_TransactionStatus: '02' }),
      '24/02',
    ],
    ['vnpay', (payment) => vnpayQuery(payment, another(), { vnp_TransactionStatus: '01' }), '00/01'],
    ['momo', (payment) => momoBody(payment, another(), { resultCode: 1006 }), '1006'],
    [
      'zalopay',
      (payment) => zalopayBody(payment, another()).replace('"type":1', '"type":2'),
      'not_a_payment',
    ],
    ['payos', (payment) => payosBody(payment, another(), { code: '01' }), '00/01'],
  ]
  test.each(declined)('%s', async (kind, make, code) => {
    const payment = await order(kind)
    const text = make(payment)
    const before = await gateway.store.head()
    for (let again = 0; again < 2; again++) expect(said(await call(kind, text))).toBe(words[kind].taken)
    const [kept, ...more] = await gateway.store.readAll(before, 10)
    expect(more).toEqual([])
    expect(kept).toMatchObject({ type: 'NotificationSetAside', data: { reason: 'declined', code } })
    expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '0' })
    expect(said(await call(kind, callbacks[kind](payment, another())))).toBe(words[kind].taken) // and then it is paid
    expect(await read(payment)).toMatchObject({ status: 'paid' })
  })
})

describe('VNPAY hears its checks in its order:', () => {
  const answerTo = async (query: string) => JSON.parse((await call('vnpay', query)).text).RspCode
  const nobody = { reference: '7K3MA9QZXW4F2P8R60', amount: '125000' }

  test('97 before 01 before 04 before 02', async () => {
    const payment = await order('vnpay')
    const forged = vnpayQuery({ ...nobody, amount: '1' }, another()).replace(
      'vnp_BankCode=NCB',
      'vnp_BankCode=VCB',
    )
    expect(await answerTo(forged)).toBe('97')
    expect(await answerTo(vnpayQuery({ ...nobody, amount: '1' }, another()))).toBe('01')
    expect(await answerTo(vnpayQuery(await order('momo'), another()))).toBe('01') // another connector's
    expect(await answerTo(vnpayQuery({ ...payment, amount: '1' }, another()))).toBe('04')
    expect(await answerTo(vnpayQuery({ ...payment, amount: '124999' }, another()))).toBe('04')
    expect(await read(payment)).toMatchObject({ status: 'paid' }) // the money came all the same
    expect(await answerTo(vnpayQuery({ ...payment, amount: '1' }, another()))).toBe('04')
    expect(await answerTo(vnpayQuery(payment, another()))).toBe('02')
    expect(await answerTo(vnpayQuery(payment, another(), { vnp_ResponseCode: '24' }))).toBe('02')
  })

  test('its answers are not kept by a proxy: the next call must reach us', async () => {
    const { headers } = await call('vnpay', vnpayQuery(nobody, another()))
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('money for no order is recorded and waits for a person', async () => {
    const before = await gateway.store.head()
    expect(await answerTo(vnpayQuery(nobody, another()))).toBe('01')
    expect(await typesSince(before)).toEqual(['CreditReceived', 'CreditUnapplied'])
  })

  test('99 for one transaction with two amounts; the first stands, the second is recorded', async () => {
    const payment = await order('vnpay')
    const transaction = another()
    await answerTo(vnpayQuery(payment, transaction))
    const before = await gateway.store.head()
    expect(await answerTo(vnpayQuery({ ...payment, amount: '125001' }, transaction))).toBe('99')
    expect(await typesSince(before)).toEqual(['CreditConflicted'])
  })
})

describe('signed and unreadable: kept word for word, and the provider calls again', () => {
  const unreadable: [ProviderKind, string, string][] = [
    [
      'vnpay',
      vnpayQuery({ reference: 'X', amount: '0' }, '1'),
      '200 {"RspCode":"99","Message":"Unknown error"}',
    ],
    ['momo', momoBody({ reference: 'X', amount: '1' }, '1', { amount: 'một nghìn' }), '422'],
    [
      'zalopay',
      signedZalopay('{"zp_trans_id":1,"zp_trans_id":2}'),
      '200 {"return_code":0,"return_message":"not taken, please call again"}',
    ],
    [
      'zalopay',
      signedZalopay('not json \u0000'),
      '200 {"return_code":0,"return_message":"not taken, please call again"}',
    ],
    ['payos', payosBody({ reference: 'X', amount: '1' }, '1', { amount: { vnd: 1 } }), '422'],
  ]
  test.each(unreadable)('%s %s', async (kind, text, answered) => {
    const before = await gateway.store.head()
    const answer = await call(kind, text)
    if (answered === '422') expectRefused(answer, 'notification_unreadable')
    else expect(said(answer)).toBe(answered)
    await call(kind, text)
    const kept = await gateway.store.readAll(before, 10)
    expect(kept.map(({ type }) => type)).toEqual(['NotificationSetAside'])
    const { sealed, encoding, reason } = kept[0]!.data as {
      sealed: string
      encoding: 'utf-8'
      reason: string
    }
    expect(reason).toBe('unreadable')
    expect(new TextDecoder().decode(bytesOf(gateway.services.vault.open(sealed)!, encoding))).toBe(text)
  })
})

test('payOS tries a new webhook with a sample: acknowledged, and no money appears', async () => {
  const sample = payosBody({ reference: 'X', amount: '3000' }, 'TF230204212323', {
    description: 'VQRIO123',
    orderCode: 123,
    paymentLinkId: '124c33293c43417ab7879e14c8d9eb18',
  })
  const before = await gateway.store.head()
  expect(said(await call('payos', sample))).toBe('200 {"success":true}')
  expect(await typesSince(before)).toEqual(['NotificationSetAside'])
})

test('a method that a kind does not use is 405, and says which it does', async () => {
  const at = (kind: ProviderKind) => `/v1/connectors/${connectors[kind]}/notifications`
  const posted = await gateway.call('POST', at('vnpay'), { body: {} })
  expectRefused(posted, 'method_not_allowed')
  expect(posted.headers.get('allow')).toBe('GET')
  for (const path of [at('momo'), '/v1/connectors/con_SANDB0XBANK0/notifications']) {
    const got = await gateway.call('GET', path)
    expectRefused(got, 'method_not_allowed')
    expect(got.headers.get('allow')).toBe('POST')
  }
  expectRefused(await gateway.call('GET', '/v1/connectors/con_7K3MA9QZXW4F/notifications'), 'not_found')
})
