// Payments by card over HTTP: what the network answers, and what is done with money that is held.
import { afterAll, describe, expect, test } from 'vitest'
import { approved, noAnswer, pretendNetwork, refusedWith } from '../support/cardNetwork.ts'
import {
  type Answer,
  ask,
  askByCard,
  eventually,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  passTime,
  pay,
} from '../support/gateway.ts'
import { becomes, post, refund } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

const pretend = pretendNetwork()
const { told, answerNext, answerAlways, answerLate } = pretend
const gateway = await openTestGateway({ cards: pretend })
const shop = await openShop(gateway, { feePlan: { rate: '1.1', fixed: '0' } })
afterAll(() => gateway.stop())

const sell = (changes: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  post(
    gateway,
    '/v1/payments',
    shop.key,
    {
      siteId: shop.siteId,
      method: 'card',
      card: { token: 'tok_approve' },
      amount: '125000',
      currency: 'VND',
      ...changes,
    },
    headers,
  )
const hold = (changes: object = {}) => askByCard(gateway, shop, changes)
const act = (id: string, name: string, body: object = {}, headers: Record<string, string> = {}) =>
  post(gateway, `/v1/payments/${id}/${name}`, shop.key, body, headers)
const read = async (id: string) => (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body
const eventTypes = async (id: string): Promise<string[]> =>
  (await gateway.call('GET', `/v1/payments/${id}/events`, { key: shop.key })).body.data.map(
    ({ type }: { type: string }) => type,
  )
const referenceOf = (id: string): string => id.slice('pay_'.length + 5, -1)
const toldOf = (kind: keyof typeof told, id: string) =>
  told[kind].filter(({ reference }) => reference === referenceOf(id))
/** The payment once it has that status. */
const becomesStatus = (id: string, status: string) =>
  becomes(gateway, shop, `/v1/payments/${id}`, 'status', status)

describe('a sale', () => {
  test('that is approved is paid, and its fee is the plan of the merchant', async () => {
    const { status, body } = await sell({ orderId: 'HD1' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      status: 'paid',
      method: 'card',
      amount: '125000',
      amountReceived: '125000',
      amountAuthorized: '125000',
      fee: '1375',
      capture: 'automatic',
      orderId: 'HD1',
      card: { scheme: 'visa', first6: '411111', last4: '1111', approvalCode: 'A1B2C3', responseCode: '00' },
    })
    expect(body).not.toHaveProperty('qr')
    expect(body).not.toHaveProperty('checkoutUrl')
    const [request] = toldOf('authorize', body.id)
    expect(request).toMatchObject({ kind: 'sale', amount: { minor: 125_000n, currency: 'VND' } })
    expect(await eventTypes(body.id)).toEqual([
      'PaymentRequested',
      'PaymentAuthorized',
      'PaymentCaptured',
      'PaymentPaid',
    ])
  })
  test('that is declined is no error, and says what to tell the payer and the cashier', async () => {
    answerNext('authorize', refusedWith('51'))
    const { status, body } = await sell()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      status: 'declined',
      amountReceived: '0',
      card: { responseCode: '51', messages: { payer: { en: 'Not enough funds.' } } },
    })
  })
  test('never tells the payer that a card is wanted', async () => {
    answerNext('authorize', refusedWith('43'))
    const { messages } = (await sell()).body.card
    expect(messages.cashier.en).toContain('Stolen')
    expect(messages.payer.en).not.toMatch(/stolen|pick/i)
  })
  test('in another currency is in its minor units', async () => {
    const { body } = await sell({ amount: '12.50', currency: 'USD' })
    expect(body).toMatchObject({ status: 'paid', amount: '12.50', amountReceived: '12.50', currency: 'USD' })
  })
  test('counts in the takings', async () => {
    const own = await openShop(gateway)
    const other = await askByCard(gateway, own, { capture: 'automatic', amount: '70000' })
    expect(other.status).toBe('paid')
    await gateway.settled()
    const { body } = await gateway.call('GET', '/v1/takings', { key: own.key })
    expect(body.data).toEqual([expect.objectContaining({ method: 'card', count: 1, gross: '70000' })])
  })
  test('names its terminal to the network, or else its site', async () => {
    const terminal = await openTerminal(gateway, shop)
    const byTill = await post(gateway, '/v1/payments', terminal.key, {
      siteId: shop.siteId,
      method: 'card',
      card: { token: 'tok_approve' },
      amount: '1000',
      currency: 'VND',
    })
    const cardAcceptorId = `TN${shop.siteId.slice(4)}`
    expect(toldOf('authorize', byTill.body.id)).toMatchObject([
      { terminalId: terminal.id.slice(4), cardAcceptorId },
    ])
    const online = await sell()
    expect(toldOf('authorize', online.body.id)).toMatchObject([
      { terminalId: shop.siteId.slice(-8), cardAcceptorId },
    ])
  })
})

describe('a partial approval', () => {
  const half = {
    status: 'answered',
    responseCode: '10',
    approvalCode: 'P1',
    amount: { minor: 60_000n, currency: 'VND' },
  } as const
  test('is taken by a till that said so', async () => {
    answerNext('authorize', half)
    const { body } = await sell({ acceptsPartial: true })
    expect(body).toMatchObject({ status: 'paid', amount: '125000', amountReceived: '60000', fee: '660' })
  })
  test('is reversed for any other', async () => {
    answerNext('authorize', half)
    const { body } = await sell()
    expect(body).toMatchObject({ status: 'authorized', reversing: true })
    expect(await becomesStatus(body.id, 'reversed')).not.toHaveProperty('reversing')
    expect(toldOf('reverse', body.id)).toMatchObject([{ reason: 'partial_not_accepted' }])
  })
})

describe('an outcome that nobody knows', () => {
  test('is a state of its own, and is reversed until the network acknowledges', async () => {
    answerAlways('reverse', noAnswer)
    answerNext('authorize', noAnswer)
    const { status, body } = await sell()
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'pending', outcomeUnknown: true, amountReceived: '0' })
    for (const repeats of [1, 2, 3]) {
      await eventually('the reversal is told', () => toldOf('reverse', body.id).length >= repeats)
      expect((await read(body.id)).outcomeUnknown).toBe(true)
      gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
    }
    answerAlways('reverse', undefined)
    expect(await becomesStatus(body.id, 'reversed')).not.toHaveProperty('outcomeUnknown')
    const [first, second] = toldOf('reverse', body.id)
    const [request] = toldOf('authorize', body.id)
    expect(first).toMatchObject({
      reason: 'no_answer',
      kind: 'sale',
      repeat: false,
      original: request?.trace,
    })
    expect(second).toEqual({ ...first, repeat: true })
  })
  test.each([
    ['neither yes nor no', refusedWith('68')],
    ['an approval without a code', { status: 'answered', responseCode: '00' }],
    ['more than was asked for', { ...approved(), amount: { minor: 125_001n, currency: 'VND' } }],
  ] as const)('is also what %s leaves', async (_what, answer) => {
    answerNext('authorize', answer)
    const { body } = await sell()
    expect(body).toMatchObject({ status: 'pending', outcomeUnknown: true })
    await becomesStatus(body.id, 'reversed')
  })
  test('that turns out an approval later is reversed once more', async () => {
    answerNext('authorize', noAnswer)
    const { body } = await sell()
    await becomesStatus(body.id, 'reversed')
    answerLate({ status: 'answered', responseCode: '00', approvalCode: 'LATE01' })
    await eventually('the second reversal is told', () => toldOf('reverse', body.id).length === 2)
    await eventually('both are acknowledged', async () => {
      const types = await eventTypes(body.id)
      return types.filter((type) => type === 'ReversalAcknowledged').length === 2
    })
    expect((await read(body.id)).status).toBe('reversed')
  })
  test('lists as it reads', async () => {
    answerAlways('reverse', noAnswer)
    answerNext('authorize', noAnswer)
    const { body } = await sell({ orderId: 'IN-DOUBT' })
    await gateway.settled()
    const list = await gateway.call('GET', '/v1/payments?orderId=IN-DOUBT', { key: shop.key })
    expect(list.body.data).toEqual([await read(body.id)])
    answerAlways('reverse', undefined)
  })
})

describe('money that is held', () => {
  test('is captured in part, and the network is told what, until it acknowledges', async () => {
    answerNext('complete', noAnswer, refusedWith('96'))
    const { id, amountAuthorized, authorizationExpiresAt } = await hold()
    expect([amountAuthorized, authorizationExpiresAt]).toEqual(['125000', expect.any(String)])
    const { status, body } = await act(id, 'capture', { amount: '80000' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'paid', amountReceived: '80000', fee: '880' })
    for (const repeats of [1, 2, 3]) {
      await eventually('the completion is told', () => toldOf('complete', id).length === repeats)
      gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
    }
    await eventually('it is acknowledged', async () =>
      (await eventTypes(id)).includes('CompletionAcknowledged'),
    )
    expect(toldOf('complete', id)[0]).toMatchObject({
      amount: { minor: 80_000n },
      authorized: { minor: 125_000n },
      approvalCode: 'A1B2C3',
    })
  })
  test('is captured once, and never above what is held', async () => {
    const { id } = await hold()
    expectRefused(await act(id, 'capture', { amount: '125001' }), 'capture_exceeds_authorized')
    const headers = { 'idempotency-key': 'capture 1' }
    const first = await act(id, 'capture', {}, headers)
    const again = await act(id, 'capture', {}, headers)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expectRefused(await act(id, 'capture', { amount: '1' }), 'payment_already_paid')
  })
  test('is voided, and then cannot be captured', async () => {
    const { id } = await hold()
    expect((await act(id, 'void')).body.status).toBe('voided')
    await eventually('the network is told', () => toldOf('reverse', id).length === 1)
    expect(toldOf('reverse', id)).toMatchObject([{ reason: 'voided', kind: 'authorization' }])
    expectRefused(await act(id, 'capture'), 'payment_voided')
  })
  test('is voided wholly or not at all', async () => {
    const { id } = await hold()
    expectRefused(await act(id, 'void', { amount: '1000' }), 'validation_failed', '/amount')
    expectRefused(await act(id, 'cancel', { amount: '1000' }), 'validation_failed', '/amount')
    expect((await act(id, 'void', { amount: '125000' })).body.status).toBe('voided')
  })
  test('is reversed when the customer goes away', async () => {
    const { id } = await hold()
    expect((await act(id, 'cancel')).status).toBe(200)
    await becomesStatus(id, 'reversed')
    expectRefused(await act(id, 'capture'), 'payment_reversed')
  })
  test('is incremented, and then more may be captured', async () => {
    const { id } = await hold()
    const { body } = await act(id, 'increment', { amount: '25000' })
    expect(body).toMatchObject({ status: 'authorized', amountAuthorized: '150000' })
    const [first, second] = toldOf('authorize', id)
    expect(second).toMatchObject({ kind: 'increment', original: first?.trace, amount: { minor: 25_000n } })
    expect((await act(id, 'capture', { amount: '150000' })).body.amountReceived).toBe('150000')
  })
  test('stays as it is when an increment is declined or not answered', async () => {
    const { id } = await hold()
    answerNext('authorize', refusedWith('61'))
    expect((await act(id, 'increment', { amount: '25000' })).body.amountAuthorized).toBe('125000')
    answerNext('authorize', noAnswer)
    expect((await act(id, 'increment', { amount: '25000' })).body).toMatchObject({
      status: 'authorized',
      amountAuthorized: '125000',
    })
    await eventually('the increment is reversed', () => toldOf('reverse', id).length === 1)
    expect(toldOf('reverse', id)).toMatchObject([{ kind: 'increment' }])
    expect((await act(id, 'capture')).body.status).toBe('paid')
  })
  test('is let go when its time is over', async () => {
    const { id } = await hold()
    await passTime(gateway, 7 * 86_400)
    expect((await read(id)).status).toBe('expired')
    expectRefused(await act(id, 'capture'), 'authorization_expired')
  })
  test('is not touched by what belongs to a QR', async () => {
    const { id } = await hold()
    for (const picture of ['qr.svg', 'qr.png'])
      expect((await gateway.call('GET', `/v1/payments/${id}/${picture}`)).status).toBe(404)
    expect((await gateway.call('GET', `/checkout/${id}`)).status).toBe(404)
  })
})

describe('a refund to a card', () => {
  test('is told until the network answers, and is done then', async () => {
    answerNext('refund', noAnswer)
    const { id } = await hold({ capture: 'automatic' })
    const { status, body } = await refund(gateway, shop, id)
    expect([status, body.status, body.transfers]).toEqual([201, 'requested', []])
    await eventually('it is told', () => toldOf('refund', id).length === 1)
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'completed')
    const [first, second] = toldOf('refund', id)
    expect(second).toEqual({ ...first, repeat: true })
    expect(await read(id)).toMatchObject({ status: 'partially_refunded', amountRefunded: '25000' })
  })
  test('that the network refuses has failed, and its amount may be refunded anew', async () => {
    answerNext('refund', refusedWith('14'))
    const { id } = await hold({ capture: 'automatic' })
    const all = { amount: '125000', reason: 'returned goods' }
    const { body } = await refund(gateway, shop, id, all)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'failed')
    const again = await refund(gateway, shop, id, all)
    await becomes(gateway, shop, `/v1/refunds/${again.body.id}`, 'status', 'completed')
    expect((await read(id)).status).toBe('refunded')
    expectRefused(await post(gateway, `/v1/refunds/${body.id}/retry`, shop.key), 'payment_method_differs')
  })
  test('two in one second are two to the network', async () => {
    const { id } = await hold({ capture: 'automatic' })
    for (const amount of ['1000', '1000'])
      expect((await refund(gateway, shop, id, { amount, reason: 'x' })).status).toBe(201)
    await eventually('both are done', async () => (await read(id)).amountRefunded === '2000')
    const traces = toldOf('refund', id).map(({ trace }) => JSON.stringify(trace))
    expect(new Set(traces).size).toBe(2)
  })
  test('is never more than was captured', async () => {
    const { id } = await hold()
    await act(id, 'capture', { amount: '80000' })
    expectRefused(await refund(gateway, shop, id, { amount: '80001', reason: 'x' }), 'refund_exceeds_rest')
  })
})

describe('twice is once:', () => {
  test('the same sale is answered as it stands now, and the network is asked once', async () => {
    let answer: (value: ReturnType<typeof approved>) => void = () => {}
    answerNext('authorize', new Promise((resolve) => (answer = resolve)))
    const headers = { 'idempotency-key': 'sale 1' }
    const [first, second] = [sell({}, headers), sell({}, headers)]
    await eventually('the network is asked', () => told.authorize.length > 0)
    answer(approved())
    const answers = await Promise.all([first, second])
    expect(answers.map(({ status, body }) => [status, body.status])).toEqual([
      [201, 'paid'],
      [201, 'paid'],
    ])
    const { id } = answers[0]!.body
    expect(toldOf('authorize', id)).toHaveLength(1)
    const third = await sell({}, headers)
    expect([third.body.id, third.headers.get('idempotent-replayed')]).toEqual([id, 'true'])
    expectRefused(await sell({ amount: '1' }, headers), 'idempotency_key_reused')
  })
  test('the same increment', async () => {
    const { id } = await hold()
    const headers = { 'idempotency-key': 'more' }
    for (const _ of [1, 2])
      expect((await act(id, 'increment', { amount: '25000' }, headers)).body.amountAuthorized).toBe('150000')
    expect(toldOf('authorize', id)).toHaveLength(2)
  })
})

describe('what is refused', () => {
  test('a token that stands for no card', async () => {
    const other = await openTestGateway({ cards: { ...pretend, cardOf: () => undefined } })
    const elsewhere = await openShop(other)
    const body = {
      siteId: elsewhere.siteId,
      method: 'card',
      card: { token: 'tok_x' },
      amount: '1000',
      currency: 'VND',
    }
    expectRefused(await post(other, '/v1/payments', elsewhere.key, body), 'card_token_unknown')
    await other.stop()
  })
  test.each([
    ['a card number for a token', { card: { token: '4111111111111111' } }, '/card/token'],
    ['a card number besides', { card: { token: 'tok_approve', number: '4111111111111111' } }, '/card/number'],
    ['no card', { card: undefined }, '/card'],
    ['another capture', { capture: 'later' }, '/capture'],
    ['zero', { amount: '0' }, '/amount'],
    ['an expiry, which is a QR’s', { expiresInSeconds: 60 }, '/expiresInSeconds'],
  ])('%s', async (_what, changes, pointer) => {
    const answer = await sell(changes)
    expectRefused(answer, 'validation_failed', pointer)
    expect(answer.text).not.toContain('4111111111111111')
  })
  test("what is a card's, of a payment by QR", async () => {
    const { id } = await ask(gateway, shop)
    for (const [name, body] of [
      ['capture', {}],
      ['void', {}],
      ['increment', { amount: '1000' }],
    ] as const)
      expectRefused(await act(id, name, body), 'payment_method_differs')
  })
  test('a transfer for a payment by card', async () => {
    const payment = await hold()
    const { body } = await pay(gateway, await openBank(gateway), payment, 'FT-CARD')
    expect(body.outcome).toBe('mismatch')
  })
  test("another merchant's payment", async () => {
    const { id } = await hold()
    const stranger = await openShop(gateway)
    for (const name of ['capture', 'void', 'cancel'])
      expectRefused(await post(gateway, `/v1/payments/${id}/${name}`, stranger.key), 'not_found')
    const more = await post(gateway, `/v1/payments/${id}/increment`, stranger.key, { amount: '1' })
    expectRefused(more, 'not_found')
  })
})
