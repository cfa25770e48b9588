// A bank's notification: signed, kept once, found again in whatever words the bank wraps it.

import { Webhook } from 'standardwebhooks'
import { afterAll, describe, expect, test } from 'vitest'
import { bytesOf } from '../../src/http/takeNotification.ts'
import {
  ask,
  notificationFor,
  notify,
  openBank,
  openShop,
  openTestGateway,
  pay,
  signedHeaders,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
const bank = await openBank(gateway)
afterAll(() => gateway.stop())

const send = (body: string, headers: Record<string, string>, connector = bank.id) =>
  gateway.call('POST', `/v1/connectors/${connector}/notifications`, { body, headers })
const statusOf = async (id: string) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body.status
const someText = async (transactionId: string) =>
  JSON.stringify(notificationFor(await ask(gateway, shop), transactionId, gateway.clock.now))

describe('the signature', () => {
  test('made with the official Standard Webhooks package is accepted', async () => {
    const body = await someText('official')
    const at = gateway.clock.now
    const headers = {
      'webhook-id': 'msg_official',
      'webhook-timestamp': String(at.getTime() / 1000),
      'webhook-signature': new Webhook(bank.secret).sign('msg_official', at, body),
    }
    const answer = await send(body, headers)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ creditId: expect.stringMatching(/^crd_[0-9A-Z]{26}$/), outcome: 'applied' })
  })

  test('may be one of several, as while a secret is being changed', async () => {
    const body = await someText('several')
    const headers = signedHeaders(bank.secret, body, gateway.clock.now)
    const others = `v1,${'A'.repeat(43)}= v1a,c29tZXRoaW5nIGVsc2U=`
    const answer = await send(body, {
      ...headers,
      'webhook-signature': `${others} ${headers['webhook-signature']}`,
    })
    expect(answer.status).toBe(200)
  })

  type Headers = Record<string, string>
  const forgeries: [string, 'signature_missing' | 'signature_invalid', (right: Headers) => Headers][] = [
    ['no headers at all', 'signature_missing', () => ({})],
    ['no id', 'signature_missing', ({ 'webhook-id': _, ...rest }) => rest],
    ['no timestamp', 'signature_missing', ({ 'webhook-timestamp': _, ...rest }) => rest],
    ['no signature', 'signature_missing', ({ 'webhook-signature': _, ...rest }) => rest],
    ['another id', 'signature_invalid', (right) => ({ ...right, 'webhook-id': 'msg_2' })],
    [
      'a later timestamp under the same signature',
      'signature_invalid',
      (right) => ({ ...right, 'webhook-timestamp': String(Number(right['webhook-timestamp']) + 1) }),
    ],
    [
      'one character of the signature changed',
      'signature_invalid',
      (right) => ({ ...right, 'webhook-signature': flip(right['webhook-signature']!) }),
    ],
    [
      'the signature under another version',
      'signature_invalid',
      (right) => ({ ...right, 'webhook-signature': right['webhook-signature']!.replace('v1,', 'v2,') }),
    ],
    [
      'the signature cut short',
      'signature_invalid',
      (right) => ({ ...right, 'webhook-signature': right['webhook-signature']!.slice(0, 20) }),
    ],
  ]
  test.each(forgeries)('with %s is refused as %s and nothing is written', async (_what, code, forge) => {
    const body = await someText('forged')
    const head = await gateway.store.head()
    expectRefused(await send(body, forge(signedHeaders(bank.secret, body, gateway.clock.now))), code)
    expect(await gateway.store.head()).toBe(head)
  })

  const flip = (signature: string): string =>
    signature.slice(0, 10) + (signature[10] === 'A' ? 'B' : 'A') + signature.slice(11)

  test('over another body, even one space longer, is refused', async () => {
    const body = await someText('space')
    const headers = signedHeaders(bank.secret, body, gateway.clock.now)
    expectRefused(await send(`${body} `, headers), 'signature_invalid')
  })

  test("with another connector's secret is refused", async () => {
    const other = await openBank(gateway)
    expect(other.secret).not.toBe(bank.secret)
    const body = await someText('foreign')
    expectRefused(await send(body, signedHeaders(other.secret, body, gateway.clock.now)), 'signature_invalid')
  })

  test('to a connector that nobody registered is 404', async () => {
    const body = await someText('nowhere')
    const headers = signedHeaders(bank.secret, body, gateway.clock.now)
    for (const connector of ['con_7K3MA9QZXW4F', 'con_', bank.id.toLowerCase(), 'ter_9QZXW4F2'])
      expectRefused(await send(body, headers, connector), 'not_found')
  })

  test('is looked at before the body: who cannot sign learns nothing about it', async () => {
    expectRefused(
      await send('{"broken', signedHeaders('whsec_AAAA', '{"broken', gateway.clock.now)),
      'signature_invalid',
    )
    expectRefused(
      await send('{"broken', signedHeaders(bank.secret, '{"broken', gateway.clock.now)),
      'malformed_json',
    )
  })
})

describe('the timestamp', () => {
  const signedAt = async (transactionId: string, seconds: number) => {
    const body = await someText(transactionId)
    const at = new Date(gateway.clock.now.getTime() + seconds * 1000)
    return send(body, signedHeaders(bank.secret, body, at))
  }

  test.each([-300, -1, 0, 300])('%d seconds from now is taken', async (seconds) => {
    expect((await signedAt(`in window ${seconds}`, seconds)).status).toBe(200)
  })

  test.each([-301, 301, -86_400, 86_400])('%d seconds from now is refused', async (seconds) => {
    const answer = await signedAt(`out of window ${seconds}`, seconds)
    expectRefused(answer, 'timestamp_outside_window')
  })

  test.each([
    '0',
    '-1795316400',
    '1795316400.5',
    '1.7953164e9',
    'NaN',
    '2026-11-22T03:00:00Z',
    '99999999999999',
  ])('%s, rightly signed, is refused', async (timestamp) => {
    const body = await someText('odd timestamp')
    const right = signedHeaders(bank.secret, body, gateway.clock.now)
    const { sign } = await import('../../src/http/standardWebhooks.ts')
    const secret = Buffer.from(bank.secret.slice('whsec_'.length), 'base64')
    const signature = sign('msg_1', timestamp, Buffer.from(body), secret, gateway.services.crypto)
    const headers = { ...right, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    expectRefused(await send(body, headers), 'timestamp_outside_window')
  })
})

describe('the same transaction', () => {
  test('again, also under a new message id and an hour later, is 200 with the same body and adds nothing', async () => {
    const payment = await ask(gateway, shop, { expiresInSeconds: 86_400 })
    const notification = notificationFor(payment, 'repeat', gateway.clock.now)
    const first = await notify(gateway, bank, notification)
    await gateway.settled()
    const head = await gateway.store.head()
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 3_600_000)
    const body = JSON.stringify(notification)
    const again = await send(body, signedHeaders(bank.secret, body, gateway.clock.now, 'msg_again'))
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(await gateway.store.head()).toBe(head)
  })

  test('forty times at once is one credit', async () => {
    const payment = await ask(gateway, shop)
    const answers = await Promise.all(Array.from({ length: 40 }, () => pay(gateway, bank, payment, 'burst')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    const types = (await gateway.store.read(`credit-${answers[0]!.body.creditId}`)).map(({ type }) => type)
    expect(types.filter((type) => type === 'CreditReceived').length).toBe(1)
    expect(types).not.toContain('CreditUnapplied')
    expect(await statusOf(payment.id)).toBe('paid')
  })

  test('with another amount is 409, is recorded once, and the first stands', async () => {
    const payment = await ask(gateway, shop)
    const { creditId } = (await pay(gateway, bank, payment, 'conflict')).body
    const other = { amount: '1250000' }
    expectRefused(await pay(gateway, bank, payment, 'conflict', other), 'credit_conflict')
    const recorded = await gateway.store.read(`credit-${creditId}`)
    const conflicts = recorded.filter(({ type }) => type === 'CreditConflicted')
    expect(conflicts.map(({ data }) => data)).toMatchObject([
      { amount: { amount: '1250000', currency: 'VND' } },
    ])

    const head = await gateway.store.head()
    expectRefused(await pay(gateway, bank, payment, 'conflict', other), 'credit_conflict')
    expect((await pay(gateway, bank, payment, 'conflict')).body).toEqual({ creditId, outcome: 'applied' })
    expect(await gateway.store.head()).toBe(head)
    expect((await gateway.call('GET', `/v1/payments/${payment.id}`, { key: shop.key })).body).toMatchObject({
      status: 'paid',
      amountReceived: '125000',
    })
  })

  test('with the same digits in another currency is a conflict too', async () => {
    const payment = await ask(gateway, shop)
    await pay(gateway, bank, payment, 'currency conflict')
    const answer = await pay(gateway, bank, payment, 'currency conflict', { currency: 'JPY' })
    expectRefused(answer, 'credit_conflict')
  })

  test('from two banks is two credits', async () => {
    const other = await openBank(gateway)
    const [one, two] = [await ask(gateway, shop), await ask(gateway, shop)]
    const first = await pay(gateway, bank, one, 'FT26326000001')
    const second = await pay(gateway, other, two, 'FT26326000001')
    expect([first.body.outcome, second.body.outcome]).toEqual(['applied', 'applied'])
    expect(second.body.creditId).not.toBe(first.body.creditId)
  })
})

describe('the reference is found', () => {
  const wordings: [string, (reference: string) => string][] = [
    ['alone', (reference) => `TN${reference}`],
    [
      'between the words of the bank',
      (reference) => `MBVCB.5821.TN${reference}.CT tu 0987654321 NGUYEN VAN A`,
    ],
    ['in lower case', (reference) => `tn${reference.toLowerCase()}`],
    ['with spaces in between', (reference) => `T N ${reference.replace(/(.{4})/g, '$1 ')}`],
    ['with punctuation in between', (reference) => `TN-${reference.replace(/(.{3})/g, '$1.')};`],
    ['wrapped over two lines', (reference) => `Thanh toan TN${reference.slice(0, 7)}\n${reference.slice(7)}`],
    ['run together with the words around it', (reference) => `CKTN${reference}FT26326`],
    ['after another TN', (reference) => `TN TNTN ${reference}`],
    ['after Vietnamese words', (reference) => `Trả tiền bánh mì TN${reference} ạ`],
  ]
  test.each(wordings)('%s', async (wording, make) => {
    const payment = await ask(gateway, shop)
    const answer = await pay(gateway, bank, payment, `words ${wording}`, { content: make(payment.reference) })
    expect(answer.body.outcome).toBe('applied')
    expect(await statusOf(payment.id)).toBe('paid')
  })

  test('not when one character of it was mistyped or two were swapped', async () => {
    const { reference } = await ask(gateway, shop)
    const changed = reference.slice(0, 9) + (reference[9] === '7' ? '8' : '7') + reference.slice(10)
    const at = [...reference].findIndex((character, i) => i > 4 && character !== reference[i + 1])
    const swapped = reference.slice(0, at) + reference[at + 1] + reference[at] + reference.slice(at + 2)
    for (const wrong of [changed, swapped]) {
      const answer = await pay(gateway, bank, { amount: '125000', reference: wrong }, `typo ${wrong}`)
      expect(answer.body.outcome).toBe('unmatched')
    }
  })
})

test('fields that the bank adds are taken, and no payer need be named', async () => {
  const changes = { payer: null, balance: 12_500_000.25, channel: { app: 'VCB Digibank' }, tags: ['247'] }
  const answer = await pay(gateway, bank, await ask(gateway, shop), 'more fields', changes)
  expect(answer.body.outcome).toBe('applied')
})

test('a readable notification costs two appends: the credit with its words, and what the payment took', async () => {
  const payment = await ask(gateway, shop)
  const before = await gateway.store.head()
  await pay(gateway, bank, payment, 'two appends')
  const written = await gateway.store.readAll(before, 10)
  expect(written.map(({ type }) => type)).toEqual(['CreditReceived', 'CreditApplied', 'PaymentPaid'])
})

test('what the bank wrote is kept word for word, sealed', async () => {
  const payer = { name: 'TRẦN THỊ BÍCH', accountNumber: '19036789012345' }
  const notification = notificationFor(await ask(gateway, shop), 'sealed', gateway.clock.now, { payer })
  const body = JSON.stringify(notification, null, 3)
  const { creditId } = (await send(body, signedHeaders(bank.secret, body, gateway.clock.now))).body
  const [received] = await gateway.store.read(`credit-${creditId}`)
  const { sealed } = received!.data as { sealed: string }
  const { sqliteVault } = await import('../../src/adapters/sqlite/vault.ts')
  const vault = sqliteVault(`${gateway.dataDir}/vault.sqlite`, gateway.services.settings.masterKey)
  expect(vault.open(sealed)).toBe(body)
  vault.close()
})

describe('a notification that does not fit is refused, with the place, and nothing but its words is kept:', () => {
  const misfits: [string, object, string][] = [
    ['an amount as a number', { amount: 125000 }, '/amount'],
    ['a negative amount', { amount: '-125000' }, '/amount'],
    ['no transaction id', { transactionId: '' }, '/transactionId'],
    ['an endless transaction id', { transactionId: 'F'.repeat(101) }, '/transactionId'],
    ['half a surrogate pair in the transaction id', { transactionId: 'FT\ud800' }, '/transactionId'],
    ['a bank number of five digits', { bankBin: '97042' }, '/bankBin'],
    ['an account number with a dash', { accountNumber: '0123-456' }, '/accountNumber'],
    ['a currency that does not exist', { currency: 'XXX' }, '/currency'],
    ['a time without a zone', { occurredAt: '2026-11-22T10:00:00' }, '/occurredAt'],
    ['no transfer text', { content: undefined }, '/content'],
  ]
  test.each(misfits)('%s', async (what, changes, pointer) => {
    const payment = await ask(gateway, shop)
    const head = await gateway.store.head()
    const tell = () => pay(gateway, bank, payment, `misfit ${what}`, changes)
    expectRefused(await tell(), 'validation_failed', pointer)
    expectRefused(await tell(), 'validation_failed', pointer) // the same again is there already
    const written = await gateway.store.readAll(head, 10)
    expect(written.map(({ type }) => type)).toEqual(['NotificationSetAside'])
    const { sealed, ...open } = written[0]!.data as { sealed: string }
    expect(open).toEqual({
      connectorId: bank.id,
      reason: 'unreadable',
      code: 'validation_failed',
      encoding: 'utf-8',
      receivedAt: gateway.clock.now.toISOString(),
    })
    const told = notificationFor(payment, `misfit ${what}`, gateway.clock.now, changes)
    expect(gateway.services.vault.open(sealed)).toBe(JSON.stringify(told))
  })

  test('bytes that are no text at all', async () => {
    const body = new Uint8Array([0x7b, 0xff, 0xfe, 0x00, 0x7d])
    const secret = Buffer.from(bank.secret.slice('whsec_'.length), 'base64')
    const timestamp = String(gateway.clock.now.getTime() / 1000)
    const { sign } = await import('../../src/http/standardWebhooks.ts')
    const headers = {
      'webhook-id': 'msg_bytes',
      'webhook-timestamp': timestamp,
      'webhook-signature': sign('msg_bytes', timestamp, body, secret, gateway.services.crypto),
    }
    const head = await gateway.store.head()
    const path = `/v1/connectors/${bank.id}/notifications`
    expectRefused(await gateway.call('POST', path, { body, headers }), 'malformed_json')
    const [kept] = await gateway.store.readAll(head, 10)
    const { sealed, encoding } = kept!.data as { sealed: string; encoding: 'base64' }
    expect([encoding, bytesOf(gateway.services.vault.open(sealed)!, encoding)]).toEqual(['base64', body])
  })
})
