// Machines, pumps and pick-ups over HTTP: told when the money is there, reported once, and the money follows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pretendNetwork } from '../support/cardNetwork.ts'
import { eventReader } from '../support/eventReader.ts'
import {
  type Answer,
  ask,
  askByCard,
  type Bank,
  eventually,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  type Shop,
} from '../support/gateway.ts'
import { payFrom, post, read, refund, scriptedBank } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

const pretend = pretendNetwork()
const out = scriptedBank()
const gateway = await openTestGateway({ cards: pretend, transferConnector: out.connector })
let shop: Shop
let bank: Bank
let machine: { id: string; key: string }
let another: { id: string; key: string }
beforeAll(async () => {
  shop = await openShop(gateway)
  bank = await openBank(gateway)
  machine = await openTerminal(gateway, shop)
  another = await openTerminal(gateway, shop)
})
afterAll(() => gateway.stop())

const vending = { mode: 'dispense', timeoutSeconds: 60 }
const petrol = { mode: 'pump', timeoutSeconds: 600, product: 'RON 95-III', unitPrice: '23450' }
const online = { mode: 'pickup', timeoutSeconds: 3600 }
const delivery = { volume: '40.000', unitPrice: '23450', product: 'RON 95-III' }

const till = () => ({ ...shop, key: machine.key })
const byQr = (fulfillment: object = vending, changes: object = {}) =>
  ask(gateway, till(), { fulfillment, ...changes })
const onHold = (fulfillment: object = petrol, changes: object = {}) =>
  askByCard(gateway, till(), { amount: '2000000', fulfillment, ...changes })
let transactions = 0
const paidByQr = async (fulfillment: object = vending, changes: object = {}) => {
  const payment = await byQr(fulfillment, changes)
  await payFrom(gateway, bank, payment, `vend ${++transactions}`)
  return payment
}
const order = async () => {
  const payment = await ask(gateway, shop, { fulfillment: online, orderId: 'WEB-7' })
  await payFrom(gateway, bank, payment, `order ${++transactions}`)
  await gateway.settled()
  return { id: payment.id, code: (await view(payment.id)).fulfillment.pickupCode as string }
}
const report = (id: string, body: object, key = machine.key): Promise<Answer> =>
  post(gateway, `/v1/payments/${id}/fulfillment`, key, body)
const claim = (code: string, by = machine): Promise<Answer> =>
  post(gateway, `/v1/terminals/${by.id}/pickups`, by.key, { code })
const view = (id: string, key = shop.key) => read(gateway, { key }, `/v1/payments/${id}`)
const refundsOf = async (id: string) => (await view(`${id}/refunds`)).data
const types = async (id: string): Promise<string[]> =>
  (await view(`${id}/events`)).data.map(({ type }: { type: string }) => type)
const instructions = async (by = machine) => {
  await gateway.settled()
  return (await read(gateway, by, `/v1/terminals/${by.id}/instructions`)).data
}
const idsOf = (list: { id: string }[]) => list.map(({ id }) => id)
const exceptions = async (key = shop.key): Promise<{ payment: { id: string } }[]> => {
  await gateway.settled()
  return (await read(gateway, { key }, '/v1/fulfillment-exceptions?limit=200')).data
}
const isException = async (id: string) => (await exceptions()).some(({ payment }) => payment.id === id)
/** The one refund of a payment, once it is done. */
async function givenBack(id: string) {
  await eventually(`${id} is refunded`, async () => (await refundsOf(id))[0]?.status === 'completed')
  const refunds = await refundsOf(id)
  expect(refunds).toHaveLength(1)
  return refunds[0]
}

describe('a machine', () => {
  test('is told to hand out once the money is there, and not before', async () => {
    const payment = await byQr(vending, { orderId: 'A7', description: 'Trà đá' })
    expect(payment.fulfillment).toEqual({ ...vending, status: 'none' })
    expect(idsOf(await instructions())).not.toContain(payment.id)
    expectRefused(await report(payment.id, { outcome: 'dispensed' }), 'fulfillment_not_due')
    await payFrom(gateway, bank, payment, 'told')
    const told = (await instructions()).find(({ id }: { id: string }) => id === payment.id)
    expect(told).toEqual({
      id: payment.id,
      mode: 'dispense',
      amount: '125000',
      currency: 'VND',
      deadline: new Date(gateway.clock.now.getTime() + 60_000).toISOString(),
      orderId: 'A7',
      description: 'Trà đá',
    })
    expect(idsOf(await instructions(another))).not.toContain(payment.id)
    const beat = await post(gateway, `/v1/terminals/${machine.id}/heartbeat`, machine.key, {})
    expect(beat.body.instructions).toEqual(await instructions())
  })
  test('hears it on its stream, once', async () => {
    const { next, leave } = eventReader(
      await gateway.app.request(`/v1/terminals/${another.id}/stream`, {
        headers: { authorization: `Bearer ${another.key}` },
      }),
    )
    const payment = await ask(gateway, { ...shop, key: another.key }, { fulfillment: vending })
    expect(await next()).toMatchObject({ event: 'payment', data: { status: 'pending' } })
    await payFrom(gateway, bank, payment, 'streamed')
    expect(await next()).toMatchObject({ event: 'payment', data: { status: 'paid' } })
    expect(await next()).toMatchObject({
      event: 'dispense',
      data: { id: payment.id, mode: 'dispense', amount: '125000' },
    })
    await report(payment.id, { outcome: 'dispensed' }, another.key)
    expect(await next()).toMatchObject({ event: 'payment', data: { status: 'paid' } })
    await leave()
  })
  test('that handed out all keeps the money, and is told no more', async () => {
    const { id } = await paidByQr()
    const { status, body } = await report(id, { outcome: 'dispensed', detail: 'coil 7' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'paid',
      fulfillment: { status: 'dispensed', amount: '125000', detail: 'coil 7' },
    })
    expect(idsOf(await instructions())).not.toContain(id)
    expect(await refundsOf(id)).toEqual([])
  })
  test('that handed out nothing gives all back, without being asked', async () => {
    const { id } = await paidByQr()
    expect((await report(id, { outcome: 'failed', detail: 'coil 7 empty' })).status).toBe(200)
    expect(await givenBack(id)).toMatchObject({ amount: '125000', reason: 'Nothing was dispensed' })
    expect(await view(id)).toMatchObject({
      status: 'refunded',
      fulfillment: { status: 'failed', amount: '0' },
    })
  })
  test('that handed out a part gives back the rest', async () => {
    const { id } = await paidByQr()
    await report(id, { outcome: 'partial', amount: '50000' })
    expect(await givenBack(id)).toMatchObject({ amount: '75000' })
    expect(await view(id)).toMatchObject({ status: 'partially_refunded', amountRefunded: '75000' })
  })
  test('that says nothing in time gives all back', async () => {
    const { id } = await paidByQr()
    await passTime(gateway, 60)
    expect(await givenBack(id)).toMatchObject({
      amount: '125000',
      reason: 'No report of the machine in time',
    })
    expect((await view(id)).fulfillment.status).toBe('timed_out')
  })
  test('hears of money that the bank tells of late, and gives it back when the buyer has gone', async () => {
    const payment = await byQr()
    const occurredAt = gateway.clock.now.toISOString()
    await passTime(gateway, 3600)
    expect((await view(payment.id)).status).toBe('expired')
    await payFrom(gateway, bank, payment, 'told late', { occurredAt })
    expect(idsOf(await instructions())).toContain(payment.id)
    await report(payment.id, { outcome: 'failed', detail: 'the buyer has gone' })
    expect(await givenBack(payment.id)).toMatchObject({ amount: '125000' })
  })
  test('that has canceled hears of no money', async () => {
    const payment = await byQr()
    expect((await post(gateway, `/v1/payments/${payment.id}/cancel`, machine.key)).status).toBe(200)
    await payFrom(gateway, bank, payment, 'canceled before')
    expect(idsOf(await instructions())).not.toContain(payment.id)
    expectRefused(await report(payment.id, { outcome: 'dispensed' }), 'fulfillment_not_due')
  })
  test('and the clock at once: goods and money agree, or a person is told', async () => {
    const payments = await Promise.all(Array.from({ length: 8 }, () => paidByQr()))
    const reports = passTime(gateway, 60) // and while that is under way:
    await Promise.all([reports, ...payments.map(({ id }) => report(id, { outcome: 'dispensed' }))])
    for (const { id } of payments) {
      const { fulfillment } = await view(id)
      if (fulfillment.status === 'timed_out') {
        expect(fulfillment.disputed).toMatchObject({ reason: 'timed_out' })
        expect(await givenBack(id)).toMatchObject({ amount: '125000' })
      } else {
        expect(fulfillment).toMatchObject({ status: 'dispensed' })
        expect(await refundsOf(id)).toEqual([])
      }
    }
  })
  test('is shown the same in the list as alone', async () => {
    const { id } = await paidByQr(vending, { orderId: 'LIST-1' })
    await report(id, { outcome: 'partial', amount: '50000', detail: 'one of two' })
    await givenBack(id)
    await gateway.settled()
    const [listed] = (await read(gateway, shop, '/v1/payments?orderId=LIST-1')).data
    expect(listed).toEqual(await view(id))
  })
  test('may say the same twice', async () => {
    const { id } = await paidByQr()
    const answers = await Promise.all(
      [1, 2, 3].map(() => report(id, { outcome: 'partial', amount: '50000' })),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await givenBack(id)
    expect((await report(id, { outcome: 'partial', amount: '50000' })).status).toBe(200)
    expect((await types(id)).filter((type) => type === 'FulfillmentReported')).toHaveLength(1)
    expectRefused(await report(id, { outcome: 'partial', amount: '50001' }), 'fulfillment_differs')
    expectRefused(await report(id, { outcome: 'failed' }), 'fulfillment_differs')
  })
  test('is the only one that may report', async () => {
    const { id } = await paidByQr()
    expectRefused(await report(id, { outcome: 'failed' }, another.key), 'fulfillment_elsewhere')
    expectRefused(await report(id, { outcome: 'failed' }, shop.key), 'forbidden')
    const elsewhere = await openTerminal(gateway, await openShop(gateway))
    expectRefused(await report(id, { outcome: 'failed' }, elsewhere.key), 'not_found')
    expectRefused(
      await gateway.call('GET', `/v1/terminals/${machine.id}/instructions`, { key: another.key }),
      'not_found',
    )
  })
  test('paid by card at once gives back to the card', async () => {
    const { id } = await askByCard(gateway, till(), { capture: 'automatic', fulfillment: vending })
    await report(id, { outcome: 'failed' })
    expect(await givenBack(id)).toMatchObject({ amount: '125000', transfers: [] })
  })
  test('of a merchant that refunds meanwhile is told no more', async () => {
    const { id } = await paidByQr()
    expect((await refund(gateway, shop, id, { amount: '125000', reason: 'changed my mind' })).status).toBe(
      201,
    )
    expect(idsOf(await instructions())).not.toContain(id)
    await report(id, { outcome: 'dispensed' })
    expect((await view(id)).fulfillment.disputed).toMatchObject({ reason: 'money_gone', amount: '125000' })
  })
})

describe('a report that does not fit', () => {
  let id: string
  let pump: string
  beforeAll(async () => {
    id = (await paidByQr()).id
    pump = (await onHold()).id
  })
  test.each([
    [{ outcome: 'vanished' }, '/outcome'],
    [{}, '/outcome'],
    [{ outcome: 'partial', amount: '-5' }, '/amount'],
    [{ outcome: 'partial', amount: '5e3' }, '/amount'],
    [{ outcome: 'partial', amount: 'all' }, '/amount'],
    [{ outcome: 'partial', amount: '1.5' }, '/amount'],
    [{ outcome: 'partial', amount: 5 }, '/amount'],
    [{ outcome: 'failed', detail: 'x'.repeat(141) }, '/detail'],
    [{ outcome: 'failed', detail: 'card 4111 1111 1111 1111' }, '/detail'],
    [{ outcome: 'dispensed', volume: '1.2345' }, '/volume'],
    [{ outcome: 'dispensed', volume: '-1' }, '/volume'],
    [{ outcome: 'dispensed', volume: '1,5' }, '/volume'],
    [{ outcome: 'dispensed', volume: '1000000' }, '/volume'],
    [{ outcome: 'dispensed', ...delivery, unitPrice: '0' }, '/unitPrice'],
    [{ outcome: 'dispensed', product: 'x'.repeat(41) }, '/product'],
    [{ outcome: 'dispensed', volume: '1' }, ''],
    [{ outcome: 'dispensed', liters: '1' }, '/liters'],
  ])('%j', async (body, pointer) => {
    expectRefused(await report(id, body), 'validation_failed', pointer)
  })
  test.each([
    [{ outcome: 'partial' }, 'fulfillment_amount_required'],
    [{ outcome: 'partial', amount: '125000' }, 'fulfillment_amount_differs'],
    [{ outcome: 'failed', amount: '1' }, 'fulfillment_amount_differs'],
    [{ outcome: 'dispensed', amount: '125001' }, 'fulfillment_exceeds_amount'],
    [{ outcome: 'dispensed', ...delivery, amount: '125000' }, 'delivery_differs'],
  ] as const)('of a machine: %j', async (body, code) => {
    expectRefused(await report(id, body), code)
  })
  test.each([
    [{ outcome: 'dispensed', ...delivery }, 'fulfillment_amount_required'],
    [{ outcome: 'dispensed', amount: '938000' }, 'delivery_required'],
    [{ outcome: 'dispensed', amount: '938001', ...delivery }, 'delivery_amount_differs'],
    [{ outcome: 'dispensed', amount: '937999', ...delivery }, 'delivery_amount_differs'],
    [{ outcome: 'dispensed', amount: '937600', ...delivery, unitPrice: '23440' }, 'delivery_differs'],
    [{ outcome: 'dispensed', amount: '938000', ...delivery, product: 'DO 0,05S' }, 'delivery_differs'],
    [{ outcome: 'dispensed', amount: '2345000', ...delivery, volume: '100' }, 'fulfillment_exceeds_amount'],
  ] as const)('of a pump: %j', async (body, code) => {
    expectRefused(await report(pump, body), code)
  })
  test('moves nothing', async () => {
    expect(await view(id)).toMatchObject({ status: 'paid', fulfillment: { status: 'instructed' } })
    expect(await view(pump)).toMatchObject({ status: 'authorized', fulfillment: { status: 'instructed' } })
  })
  test('of a payment that hands out nothing', async () => {
    const plain = await ask(gateway, till())
    expectRefused(await report(plain.id, { outcome: 'failed' }), 'fulfillment_not_requested')
  })
})

describe('a request', () => {
  const asked = (fulfillment: object, changes: object = {}, key = machine.key) =>
    post(gateway, '/v1/payments', key, {
      siteId: shop.siteId,
      method: 'qr',
      amount: '125000',
      currency: 'VND',
      fulfillment,
      ...changes,
    })
  test('says all that its mode needs', async () => {
    for (const [fulfillment, pointer] of [
      [{ mode: 'teleport', timeoutSeconds: 60 }, '/fulfillment/mode'],
      [{ mode: 'dispense' }, '/fulfillment/timeoutSeconds'],
      [{ mode: 'dispense', timeoutSeconds: 0 }, '/fulfillment/timeoutSeconds'],
      [{ mode: 'dispense', timeoutSeconds: 86_401 }, '/fulfillment/timeoutSeconds'],
      [{ mode: 'pickup', timeoutSeconds: 518_401 }, '/fulfillment/timeoutSeconds'],
      [{ mode: 'pump', timeoutSeconds: 60, product: 'E5' }, '/fulfillment/unitPrice'],
      [{ ...petrol, unitPrice: '-1' }, '/fulfillment/unitPrice'],
      [{ ...petrol, unitPrice: '0' }, '/fulfillment/unitPrice'],
      [{ ...vending, unitPrice: '1' }, '/fulfillment/unitPrice'],
    ] as const)
      expectRefused(await asked(fulfillment), 'validation_failed', pointer)
  })
  test('names the machine or pump, but no terminal for a pick-up', async () => {
    expectRefused(await asked(vending, {}, shop.key), 'validation_failed', '/terminalId')
    expect((await asked(vending, { terminalId: machine.id }, shop.key)).status).toBe(201)
    expect((await asked(online, {}, shop.key)).status).toBe(201)
  })
})

describe('a pump', () => {
  const filled = { outcome: 'dispensed', amount: '938000', ...delivery }
  test('with a hold on a card is paid what it delivered, and the rest is released', async () => {
    const { id } = await onHold()
    const told = (await instructions()).find((one: { id: string }) => one.id === id)
    expect(told).toMatchObject({ mode: 'pump', amount: '2000000', product: 'RON 95-III', unitPrice: '23450' })
    const { body } = await report(id, filled)
    expect(body).toMatchObject({
      status: 'paid',
      amountReceived: '938000',
      fulfillment: { status: 'dispensed', amount: '938000', delivery },
    })
    await eventually('the network knows', async () => (await types(id)).includes('CompletionAcknowledged'))
    expect(pretend.told.complete.filter(({ reference }) => id.includes(reference))).toMatchObject([
      { amount: { minor: 938_000n } },
    ])
    expect(await refundsOf(id)).toEqual([])
  })
  test('shares one authorization with no other', async () => {
    const { id } = await onHold()
    const answers = await Promise.all([
      report(id, filled),
      report(id, { ...filled, amount: '469000', volume: '20' }, another.key),
      post(gateway, `/v1/payments/${id}/capture`, machine.key, { amount: '2000000' }),
    ])
    const captured = (await types(id)).filter((type) => type === 'PaymentCaptured')
    expect(captured).toHaveLength(1)
    expectRefused(answers[1], 'fulfillment_elsewhere')
    await eventually('938,000 were kept', async () => {
      const { amountReceived, amountRefunded } = await view(id)
      return Number(amountReceived) - Number(amountRefunded) === 938_000
    })
  })
  test('that delivers nothing, or is never heard of again, releases all', async () => {
    const idle = await onHold()
    const silent = await onHold()
    await report(idle.id, { outcome: 'dispensed', amount: '0', ...delivery, volume: '0.000' })
    expect(await view(idle.id)).toMatchObject({ status: 'voided', fulfillment: { status: 'failed' } })
    await passTime(gateway, 600)
    expect(await view(silent.id)).toMatchObject({ status: 'voided', fulfillment: { status: 'timed_out' } })
    await eventually('the network knows', async () =>
      (await types(silent.id)).includes('ReversalAcknowledged'),
    )
  })
  test('paid by QR gives back the rest', async () => {
    const { id } = await paidByQr(petrol)
    await report(id, { outcome: 'dispensed', amount: '93800', ...delivery, volume: '4' })
    expect(await givenBack(id)).toMatchObject({ amount: '31200' })
  })
  test('is told no more when the cashier lets the hold go', async () => {
    const { id } = await onHold()
    await post(gateway, `/v1/payments/${id}/void`, shop.key)
    expect(idsOf(await instructions())).not.toContain(id)
    expect((await view(id)).fulfillment.status).toBe('withdrawn')
    await report(id, filled)
    expect((await view(id)).fulfillment.disputed).toMatchObject({ reason: 'money_gone' })
    expect(await isException(id)).toBe(true)
  })
})

describe('what needs a person', () => {
  test('goods that came out after the money went back: recorded, listed, and no money moves', async () => {
    const { id } = await paidByQr()
    await passTime(gateway, 60)
    await givenBack(id)
    const late = await report(id, { outcome: 'dispensed' })
    expect(late.body.fulfillment.disputed).toMatchObject({ reason: 'timed_out', amount: '125000' })
    expect((await report(id, { outcome: 'dispensed' })).status).toBe(200)
    expect(await isException(id)).toBe(true)
    expect(await refundsOf(id)).toHaveLength(1)
    expect((await exceptions(operatorKey)).some(({ payment }) => payment.id === id)).toBe(true)
    const foreign = await openShop(gateway)
    expect(await exceptions(foreign.key)).toEqual([])
    const resolve = `/v1/fulfillment-exceptions/${id}/resolve`
    expectRefused(await post(gateway, resolve, foreign.key), 'not_found')
    expect((await post(gateway, resolve, shop.key, { note: 'paid in cash' })).status).toBe(200)
    expect((await post(gateway, resolve, shop.key)).status).toBe(200)
    expect(await isException(id)).toBe(false)
  })
  test('money whose sender the bank did not name', async () => {
    const payment = await byQr()
    await pay(gateway, bank, payment, 'nameless')
    await report(payment.id, { outcome: 'failed' })
    await eventually('it is unsettled', async () => (await view(payment.id)).fulfillment.unsettled)
    expect((await view(payment.id)).fulfillment.unsettled).toMatchObject({
      reason: 'sender_unknown',
      amount: '125000',
    })
    expect(await isException(payment.id)).toBe(true)
    expectRefused(
      await post(gateway, `/v1/fulfillment-exceptions/${(await byQr()).id}/resolve`, shop.key),
      'fulfillment_exception_not_found',
    )
  })
})

describe('an order picked up at an unattended shop', () => {
  test('has a code for its payer and its merchant while it waits, and for nobody else', async () => {
    const unpaid = await ask(gateway, shop, { fulfillment: online })
    expect((await view(unpaid.id)).fulfillment).not.toHaveProperty('pickupCode')
    const { id, code } = await order()
    expect(code).toMatch(/^\d{8}$/)
    expect((await view(id, machine.key)).fulfillment).not.toHaveProperty('pickupCode')
    expect((await view(id, operatorKey)).fulfillment).not.toHaveProperty('pickupCode')
    const page = (await gateway.call('GET', `/checkout/${id}`)).text
    expect(page).toContain(`${code.slice(0, 4)} ${code.slice(4)}`)
    expect((await gateway.call('GET', `/checkout/${unpaid.id}`)).text).not.toContain('Nhập mã này')
    expect(JSON.stringify(await view(`${id}/events`))).not.toContain(code)
  })
  test('is handed out where its code is typed, and only there', async () => {
    const { id, code } = await order()
    const first = await claim(code)
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ id, mode: 'pickup', amount: '125000', orderId: 'WEB-7' })
    expect((await claim(code)).body).toEqual(first.body)
    expectRefused(await claim(code, another), 'pickup_claimed')
    await gateway.settled()
    expectRefused(await claim(code, another), 'pickup_claimed')
    expect(idsOf(await instructions())).toContain(id)
    expect(idsOf(await instructions(another))).not.toContain(id)
    expectRefused(await report(id, { outcome: 'dispensed' }, another.key), 'fulfillment_elsewhere')
    expect((await report(id, { outcome: 'dispensed' })).body.fulfillment).toMatchObject({
      status: 'dispensed',
      claimedBy: machine.id,
    })
    await gateway.settled()
    expectRefused(await claim(code), 'pickup_code_unknown')
    expect((await view(id)).fulfillment).not.toHaveProperty('pickupCode')
  })
  test('is not found at another site', async () => {
    const { code } = await order()
    const elsewhere = await openTerminal(gateway, await openShop(gateway))
    expectRefused(await claim(code, elsewhere), 'pickup_code_unknown')
  })
  test('that nobody picks up is paid back', async () => {
    const { id, code } = await order()
    await passTime(gateway, 3600)
    await givenBack(id)
    expectRefused(await claim(code), 'pickup_code_unknown')
  })
  test('is not guessed: ten wrong codes a minute, also all at once', async () => {
    const guesser = await openTerminal(gateway, shop)
    const { code } = await order()
    expectRefused(await claim('1234567', guesser), 'validation_failed', '/code')
    const wrong = code === '00000000' ? '00000001' : '00000000'
    const guesses = await Promise.all(Array.from({ length: 14 }, () => claim(wrong, guesser)))
    expect(guesses.filter(({ status }) => status === 404)).toHaveLength(10)
    const refused = await claim(code, guesser)
    expectRefused(refused, 'too_many_guesses')
    expect(refused.headers.get('retry-after')).toBe('60')
    expect((await claim(code)).status).toBe(200) // another machine is not held up
    await passTime(gateway, 60)
    expectRefused(await claim(wrong, guesser), 'pickup_code_unknown')
  })
})
