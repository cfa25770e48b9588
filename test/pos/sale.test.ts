// A till sells by card over ISO 8583: sign-on, sale, authorization, completion, reversal and refund, through the real listener.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openListener } from '../../src/adapters/iso8583/listener/listener.ts'
import type { Fields } from '../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87 } from '../../src/adapters/iso8583/profile.ts'
import { writeReplacementAmounts } from '../../src/adapters/iso8583/subelements.ts'
import { tillHost } from '../../src/adapters/node/tills.ts'
import { approved, noAnswer, pretendNetwork, refusedWith } from '../support/cardNetwork.ts'
import { eventually, openShop, openTestGateway, operatorKey, type Shop } from '../support/gateway.ts'
import {
  dialTill,
  openTill,
  originalOf,
  recordedSince,
  saleFields,
  stans,
  type TestTill,
  testPan,
} from '../support/till.ts'

const pretend = pretendNetwork()
const { told, answerNext } = pretend
let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let till: TestTill
beforeAll(async () => {
  gateway = await openTestGateway({ cards: pretend })
  shop = await openShop(gateway)
  till = await openTill(gateway, shop)
})
afterAll(async () => {
  await till.close()
  await gateway.stop()
})

const nextStan = stans()
const sale = (changes: Fields = {}): Fields => ({ ...saleFields, 11: nextStan(), ...changes })
const sell = (changes: Fields = {}) => till.ask('0200', sale(changes))
const hold = (changes: Fields = {}) => till.ask('0100', sale(changes))
const paymentIn = async (answer: Fields) => {
  const { body } = await gateway.call('GET', '/v1/payments?limit=200', { key: shop.key })
  const id = body.data.find((one: { id: string }) => one.id.includes(answer[37]!))?.id
  return (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body
}
const statusOf = async (answer: Fields): Promise<string> => {
  await gateway.settled()
  return (await paymentIn(answer)).status
}
const asked = (answer: Fields) => told.authorize.filter(({ reference }) => reference === answer[37])

describe('a till', () => {
  test('signs on and is heard of', async () => {
    const answer = await till.ask('0800', { 11: nextStan(), 70: '001' })
    expect(answer).toMatchObject({ mti: '0810', 39: '00', 70: '001', 41: till.de41 })
    const { body } = await gateway.call('GET', `/v1/terminals/${till.id}`, { key: shop.key })
    expect(body).toMatchObject({ state: 'active' })
  })
  test.each<[string, Fields, string]>([
    ['signs off', { 70: '002' }, '00'],
    ['asks for an echo', { 70: '301' }, '00'],
    ['asks for what there is not', { 70: '161' }, '12'],
    ['does not say what for', {}, '30'],
  ])('%s', async (_what, fields, responseCode) => {
    expect(await till.ask('0800', { 11: nextStan(), ...fields })).toMatchObject({
      mti: '0810',
      39: responseCode,
    })
  })
  test('that was lost is back by its sign-on, and that is recorded', async () => {
    const other = await openTill(gateway, shop)
    await other.ask('0800', { 11: nextStan(), 70: '001' })
    const { terminals } = gateway.services.gateway
    const seenAt = gateway.clock.now.toISOString()
    const lostAt = new Date(gateway.clock.now.getTime() + 660_000).toISOString()
    await terminals.handle(other.id, { type: 'LoseTerminal', data: { lastSeenAt: seenAt, lostAt } }, {})
    await other.ask('0800', { 11: nextStan(), 70: '301' })
    const events = await gateway.store.read(`terminal-${other.id}`)
    expect(events.slice(2).map(({ type }) => type)).toEqual(['TerminalSeen', 'TerminalLost', 'TerminalSeen'])
    await other.close()
  })
  test('speaks BCD behind a TPDU on another port', async () => {
    const other = await openTill(gateway, shop, { profile: bcd87 })
    const answer = await other.ask('0200', sale())
    expect(answer).toMatchObject({ mti: '0210', 39: '00' })
    await other.close()
  })
  test.each<[string, Fields, string]>([
    ['that nobody knows', { 41: 'ZZZZZZZZ' }, '58'],
    ['that is no id', { 41: 'ULOI----' }, '58'],
    ['of another shop', { 42: 'TN0000000000000' }, '03'],
  ])('%s is refused', async (_what, changes, responseCode) => {
    const answer = await sell(changes)
    expect(answer).toMatchObject({ mti: '0210', 39: responseCode })
    expect(answer[38]).toBeUndefined()
  })
  test('that is blocked is refused until it is unblocked', async () => {
    const other = await openTill(gateway, shop)
    await gateway.call('POST', `/v1/terminals/${other.id}/block`, { key: operatorKey, body: {} })
    expect((await other.ask('0200', sale()))[39]).toBe('58')
    expect(other.counts.get('not_permitted')).toBe(1)
    await gateway.call('POST', `/v1/terminals/${other.id}/unblock`, { key: operatorKey, body: {} })
    expect((await other.ask('0200', sale()))[39]).toBe('00')
    await other.close()
  })
  test('says what no host knows', async () => {
    expect(await till.ask('0600', { 11: nextStan() })).toMatchObject({ mti: '0610', 39: '12' })
  })
})

describe('a sale', () => {
  test('that is approved is paid', async () => {
    const answer = await sell()
    expect(answer).toMatchObject({ mti: '0210', 39: '00', 38: 'A1B2C3', 4: '000000125000', 42: till.de42 })
    expect(answer[37]).toMatch(/^[0-9A-Z]{12}$/)
    await gateway.settled()
    expect(await paymentIn(answer)).toMatchObject({
      status: 'paid',
      amount: '125000',
      terminalId: till.id,
      card: { scheme: 'visa', first6: '411111', last4: '1111' },
    })
    expect(asked(answer)).toMatchObject([{ kind: 'sale', cardData: { pan: testPan, expiry: '3012' } }])
  })
  test('tells nothing of the card in its answer', async () => {
    const answer = await sell({ 35: `${testPan}=30121011234567890`, 55: '9F2608AABBCCDDEEFF0011' })
    for (const de of [2, 14, 35, 52, 55]) expect(answer[de]).toBeUndefined()
  })
  test("passes the issuer's words to the chip on", async () => {
    answerNext('authorize', { ...approved(), iccData: '8A023030' } as ReturnType<typeof approved>)
    expect((await sell())[55]).toBe('8A023030')
  })
  test('by track 2 alone is one of its card', async () => {
    const answer = await sell({ 2: undefined as never, 35: `${testPan}D30121011234567890` })
    expect(answer[39]).toBe('00')
  })
  test('that is declined is answered with the code of the issuer', async () => {
    answerNext('authorize', refusedWith('51'))
    const answer = await sell()
    expect(answer).toMatchObject({ mti: '0210', 39: '51' })
    expect(await statusOf(answer)).toBe('declined')
  })
  test('of which nobody knows the outcome is 68, and is reversed by the gateway', async () => {
    answerNext('authorize', noAnswer)
    const answer = await sell()
    expect(answer[39]).toBe('68')
    await eventually('it is reversed', async () => (await statusOf(answer)) === 'reversed')
  })
  test('that the card pays in part is taken where the till said so, else refused', async () => {
    const half = {
      ...approved(),
      responseCode: '10',
      amount: { minor: 60_000n, currency: 'VND' },
    } as ReturnType<typeof approved>
    answerNext('authorize', half)
    expect(await sell({ 25: '41' })).toMatchObject({ 39: '10', 4: '000000060000' })
    answerNext('authorize', half)
    expect((await sell())[39]).toBe('51')
  })
})

describe('bad input', () => {
  test.each<[string, Fields, string]>([
    ['an amount of zero', { 4: '000000000000' }, '13'],
    ['a currency that is not taken', { 49: '999' }, '12'],
    ['a card number with a wrong digit', { 2: '4111111111111112' }, '14'],
    ['the track of another card', { 35: '5555555555554444=30121011234567890' }, '14'],
    ['no card', { 2: undefined as never }, '30'],
    ['no amount', { 4: undefined as never }, '30'],
    ['no processing code', { 3: undefined as never }, '30'],
    ['a processing code that is not known', { 3: '990000' }, '12'],
    ['a day that there is not', { 7: '1345000000' }, '30'],
    ['31 February', { 7: '0231000000' }, '30'],
    ['no date at all', { 7: undefined as never }, '30'],
    ['no trace number', { 11: undefined as never }, '30'],
  ])('%s is answered, and nothing is recorded', async (_what, changes, responseCode) => {
    const head = await gateway.store.head()
    expect((await sell(changes))[39]).toBe(responseCode)
    expect(await recordedSince(gateway, head)).toEqual([])
  })
  test('what cannot be decoded is answered 30 where it says whose it is, and the till goes on', async () => {
    const good = till.frame(till.message('0200', sale()))
    const text = Buffer.from(good).toString('latin1')
    const bad = Buffer.from(text.replace(/704$/, '70X'), 'latin1')
    till.line.send(bad)
    const answer = await till.line.next()
    expect(answer.mti).toBe('0210')
    expect(answer.fields[39]).toBe('30')
    expect((await sell())[39]).toBe('00')
  })
})

describe('twice is once:', () => {
  test.each(['0200', '0201'])(
    'a sale repeated as %s is answered as before, and adds nothing',
    async (mti) => {
      const fields = sale()
      const first = await till.ask('0200', fields)
      const head = await gateway.store.head()
      const { mti: _, ...again } = await till.ask(mti, fields)
      expect({ mti: '0210', ...again }).toEqual(first)
      expect(await recordedSince(gateway, head)).toEqual([])
      expect(asked(first)).toHaveLength(1)
    },
  )
  test('also while the first is on its way', async () => {
    let answer: (value: ReturnType<typeof approved>) => void = () => {}
    answerNext('authorize', new Promise((resolve) => (answer = resolve)))
    const frame = till.frame(till.message('0200', sale()))
    const before = told.authorize.length
    till.line.send(frame)
    till.line.send(frame)
    await eventually('the network is asked', () => told.authorize.length > before)
    answer(approved())
    const answers = [await till.line.next(), await till.line.next()]
    expect(answers.map(({ fields }) => fields[39])).toEqual(['00', '00'])
    expect(told.authorize.length).toBe(before + 1)
  })
  test('of a till whose line broke before the answer, the answer is found on its next line', async () => {
    const other = await openTill(gateway, shop)
    let answer: (value: ReturnType<typeof approved>) => void = () => {}
    answerNext('authorize', new Promise((resolve) => (answer = resolve)))
    const fields = sale()
    const before = told.authorize.length
    other.line.send(other.frame(other.message('0200', fields)))
    await eventually('the network is asked', () => told.authorize.length > before)
    other.line.socket.resetAndDestroy()
    const line = await dialTill(other.listener.port, other.codec)
    line.send(other.frame(other.message('0201', fields)))
    answer(approved())
    expect((await line.next()).fields).toMatchObject({ 38: 'A1B2C3', 39: '00' })
    expect(told.authorize.length).toBe(before + 1)
    line.hangUp()
    await other.close()
  })
  test('that a process left without an answer when it died is 68, and is reversed', async () => {
    let answerFirst: (value: ReturnType<typeof approved>) => void = () => {}
    answerNext('authorize', new Promise((resolve) => (answerFirst = resolve)))
    const fields = sale()
    const before = told.authorize.length
    till.line.send(till.frame(till.message('0200', fields)))
    await eventually('the network is asked', () => told.authorize.length > before)
    const shared = { ...gateway.store, close: async () => {} }
    const after = await openTestGateway({ cards: pretend, around: () => shared })
    const listener = await openListener({
      host: '127.0.0.1',
      port: 0,
      profile: ascii87,
      handler: tillHost(after.services, () => {}),
      count: () => {},
      failed: (error) => {
        throw error
      },
    })
    const line = await dialTill(listener.port, till.codec)
    line.send(till.frame(till.message('0201', fields)))
    const { fields: answer } = await line.next()
    expect(answer[39]).toBe('68')
    const stream = (await gateway.store.readAll('', 100_000)).filter(({ stream }) =>
      stream.includes(answer[37]!),
    )
    expect(stream.slice(0, 2).map(({ type }) => type)).toEqual(['PaymentRequested', 'ReversalRequested'])
    line.hangUp()
    await listener.close()
    await after.stop()
    answerFirst(approved()) // it was not dead after all
    expect((await till.line.next()).fields[39]).toBe('68')
  })
  test('the same number for another amount or card is a fault of the till', async () => {
    const fields = sale()
    await till.ask('0200', fields)
    expect((await till.ask('0200', { ...fields, 4: '000000125001' }))[39]).toBe('94')
    expect((await till.ask('0200', { ...fields, 2: '5555555555554444' }))[39]).toBe('94')
    expect((await till.ask('0100', fields))[39]).toBe('94')
  })
})

describe('a completion', () => {
  const complete = (held: Fields, changes: Fields = {}) =>
    till.ask('0220', {
      3: '000000',
      4: held[4]!,
      11: held[11]!,
      38: held[38]!,
      49: '704',
      90: originalOf('0100', held),
      ...changes,
    })
  test('takes what DE95 says, and releases the rest', async () => {
    const held = await hold()
    expect(await statusOf(held)).toBe('authorized')
    const answer = await complete(held, { 95: writeReplacementAmounts(80_000n) })
    expect(answer).toMatchObject({ mti: '0230', 39: '00', 37: held[37] })
    await gateway.settled()
    expect(await paymentIn(held)).toMatchObject({ status: 'paid', amountReceived: '80000' })
    const again = await complete(held, { 95: writeReplacementAmounts(80_000n) })
    expect(again[39]).toBe('00')
  })
  test('takes what DE4 says where there is no DE95, named by DE37 alone', async () => {
    const held = await hold()
    const answer = await till.ask('0220', { 3: '000000', 4: '000000050000', 11: nextStan(), 37: held[37]! })
    expect(answer[39]).toBe('00')
    await gateway.settled()
    expect((await paymentIn(held)).amountReceived).toBe('50000')
  })
  test('of nothing is a void, and nothing can be taken afterwards', async () => {
    const held = await hold()
    expect((await complete(held, { 95: writeReplacementAmounts(0n) }))[39]).toBe('00')
    expect(await statusOf(held)).toBe('voided')
    expect((await complete(held))[39]).toBe('12')
  })
  test('above what is held is refused, and of another amount a second time', async () => {
    const held = await hold()
    expect((await complete(held, { 95: writeReplacementAmounts(125_001n) }))[39]).toBe('13')
    expect((await complete(held))[39]).toBe('00')
    expect((await complete(held, { 95: writeReplacementAmounts(80_000n) }))[39]).toBe('94')
  })
  test('of two pumps completes one', async () => {
    const held = await hold()
    const other = await openTill(gateway, shop)
    const advice = { 3: '000000', 4: held[4]!, 11: nextStan(), 37: held[37]! }
    expect((await other.ask('0220', advice))[39]).toBe('25')
    expect((await complete(held))[39]).toBe('00')
    await other.close()
  })
  test('of what never was is not found', async () => {
    const never = { 7: '1122030000', 11: '999999', 4: '000000125000', 38: 'X00000' }
    expect((await complete(never))[39]).toBe('25')
  })
})

describe('a reversal', () => {
  const undo = (mti: string, first: Fields, kind = '0200', changes: Fields = {}) =>
    till.ask(mti, {
      3: '000000',
      4: first[4]!,
      11: first[11]!,
      90: originalOf(kind, first),
      56: '4000',
      ...changes,
    })
  test.each(['0400', '0420', '0421'])('by %s undoes an approved sale', async (mti) => {
    const first = await sell()
    expect(await undo(mti, first)).toMatchObject({ mti: mti === '0400' ? '0410' : '0430', 39: '00' })
    await eventually('it is reversed', async () => (await statusOf(first)) === 'reversed')
    expect((await undo(mti, first))[39]).toBe('00')
    const { body } = await gateway.call('GET', '/v1/takings', { key: shop.key })
    expect(body.data.length).toBeGreaterThan(0)
  })
  test('without DE90 is about the transaction of the same number', async () => {
    const first = await sell()
    const answer = await till.ask('0400', { 3: '000000', 4: first[4]!, 11: first[11]! })
    expect(answer[39]).toBe('00')
    await eventually('it is reversed', async () => (await statusOf(first)) === 'reversed')
  })
  test('undoes an authorization', async () => {
    const first = await hold()
    expect((await undo('0420', first, '0100'))[39]).toBe('00')
    await eventually('it is reversed', async () => (await statusOf(first)) === 'reversed')
  })
  test('of what never came is approved, and what comes later is refused', async () => {
    const fields = sale()
    const sentAt = till.message('0200', fields).fields[7]!
    const never = { ...fields, 7: sentAt }
    expect((await undo('0420', never))[39]).toBe('00')
    expect((await undo('0421', never))[39]).toBe('00')
    const before = told.authorize.length
    expect((await till.ask('0200', fields))[39]).toBe('12')
    expect(told.authorize.length).toBe(before)
  })
  test('is not misled by a retrieval reference of the till’s own', async () => {
    const first = await sell({ 37: '000000000042' })
    expect((await undo('0420', first, '0200', { 37: '000000000042' }))[39]).toBe('00')
    await eventually('it is reversed', async () => (await statusOf(first)) === 'reversed')
  })
  test('that names what never came undoes nothing else, whatever reference it holds', async () => {
    const first = await sell()
    const never = { ...first, 11: nextStan() }
    expect((await undo('0420', never, '0200', { 37: first[37]! }))[39]).toBe('00')
    expect(await statusOf(first)).toBe('paid')
  })
  test('of a refund is refused, and leaves the sale alone: a refund is asked for again', async () => {
    const first = await sell()
    const changes = { 3: '200000', 11: nextStan(), 37: first[37]! }
    expect((await undo('0420', { ...first, 11: changes[11] }, '0200', changes))[39]).toBe('12')
    expect(await statusOf(first)).toBe('paid')
  })
  test('that does not say of what kind the original was is no message', async () => {
    const first = await sell()
    expect((await undo('0420', first, '0200', { 3: undefined as never }))[39]).toBe('30')
    expect(await statusOf(first)).toBe('paid')
  })
  test.each([
    ['4017', 'malfunction'],
    ['4020', 'no_answer'],
    ['4021', 'no_answer'],
    ['4000', 'customer_canceled'],
  ])('for reason %s is recorded as %s', async (reasonCode, reason) => {
    const first = await sell()
    await undo('0420', first, '0200', { 56: reasonCode })
    const stream = (await gateway.store.readAll('', 100_000)).filter(({ stream }) =>
      stream.includes(first[37]!),
    )
    expect(stream.find(({ type }) => type === 'ReversalRequested')!.data).toMatchObject({ reason })
  })
  test('of a part is refused: that is a refund', async () => {
    const first = await sell()
    expect((await undo('0420', first, '0200', { 95: writeReplacementAmounts(1n) }))[39]).toBe('12')
    expect(await statusOf(first)).toBe('paid')
  })
  test('while the answer is on its way is answered at once, and the late approval is reversed', async () => {
    let answer: (value: ReturnType<typeof approved>) => void = () => {}
    answerNext('authorize', new Promise((resolve) => (answer = resolve)))
    const message = till.message('0200', sale())
    const before = told.authorize.length
    till.line.send(till.frame(message))
    await eventually('the network is asked', () => told.authorize.length > before)
    expect((await undo('0420', message.fields))[39]).toBe('00')
    answer(approved())
    const late = (await till.line.next()).fields
    expect(late[39]).toBe('68')
    await eventually('it is reversed', async () => (await statusOf(late)) === 'reversed')
  })
})

describe('a refund', () => {
  const giveBack = (first: Fields, changes: Fields = {}, mti = '0200') =>
    till.ask(mti, { 3: '200000', 4: '000000025000', 11: nextStan(), 37: first[37]!, 49: '704', ...changes })
  test('goes back to the card of the sale, once', async () => {
    const first = await sell()
    const fields = { 11: nextStan() }
    for (const mti of ['0200', '0201', '0220']) expect((await giveBack(first, fields, mti))[39]).toBe('00')
    await eventually('it is refunded', async () => (await statusOf(first)) === 'partially_refunded')
    expect((await paymentIn(first)).amountRefunded).toBe('25000')
  })
  test('is never more than was sold', async () => {
    const first = await sell()
    expect((await giveBack(first, { 4: '000000125001' }))[39]).toBe('13')
    expect((await giveBack(first, { 4: '000000000000' }))[39]).toBe('13')
  })
  test('of what never was is not found', async () => {
    expect((await giveBack({ 37: 'ZZZZZZZZZZZZ' }))[39]).toBe('25')
  })
  test('of what has been reversed is refused', async () => {
    const first = await sell()
    await till.ask('0400', { 3: '000000', 4: first[4]!, 11: first[11]! })
    expect((await giveBack(first))[39]).toBe('12')
  })
})

describe('a MAC', () => {
  test('is asked for once the terminal has a key, right, and given', async () => {
    const { signed, hasRightMac } = await import('../../src/adapters/iso8583/mac.ts')
    const { wrap } = await import('../../src/adapters/iso8583/envelope.ts')
    const other = await openTill(gateway, shop)
    const { body } = await gateway.call('POST', `/v1/terminals/${other.id}/mac-key`, {
      key: shop.key,
      body: {},
    })
    const key = Buffer.from(body.macKey, 'hex')
    const message = other.message('0200', sale())
    expect((await other.ask('0200', sale()))[39]).toBe('63')
    const wrong = signed(message, other.codec, Buffer.alloc(16, 1))
    other.line.send(wrap(wrong, '', other.codec.profile.envelope))
    expect((await other.line.next()).fields[39]).toBe('63')
    other.line.send(wrap(signed(message, other.codec, key), '', other.codec.profile.envelope))
    const answer = await other.line.next()
    expect(answer.fields[39]).toBe('00')
    expect(other.counts.get('mac_wrong')).toBe(2)
    const encoded = other.codec.encode(answer)
    expect(encoded.ok && hasRightMac(encoded.bytes, answer, other.codec, key)).toBe(true)
    await other.close()
  })
})
