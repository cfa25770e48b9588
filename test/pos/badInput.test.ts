// Everything wrong that a till can send, through the real listener: the right code, recorded where it matters, and the connection goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wrap } from '../../src/adapters/iso8583/envelope.ts'
import { signed } from '../../src/adapters/iso8583/mac.ts'
import type { Fields } from '../../src/adapters/iso8583/message.ts'
import { totalsToFields } from '../../src/adapters/iso8583/reconciliation.ts'
import { totalsOf } from '../../src/domain/pos/batchTotals.ts'
import { pretendNetwork } from '../support/cardNetwork.ts'
import { openShop, openTestGateway, operatorKey, type Shop } from '../support/gateway.ts'
import {
  dialTill,
  openTill,
  originalOf,
  recordedSince,
  saleFields,
  stans,
  type TestTill,
} from '../support/till.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let till: TestTill
beforeAll(async () => {
  gateway = await openTestGateway({ cards: pretendNetwork() })
  shop = await openShop(gateway)
  till = await openTill(gateway, shop)
})
afterAll(async () => {
  await till.close()
  await gateway.stop()
})

const nextStan = stans()
const sale = (changes: Fields = {}): Fields => ({
  ...saleFields,
  4: '000000100000',
  11: nextStan(),
  ...changes,
})
const complete = (by: TestTill, held: Fields, minor: string) =>
  by.ask('0220', { 3: '000000', 4: minor.padStart(12, '0'), 11: nextStan(), 37: held[37]!, 49: '704' })
const eventsOf = async ({ 37: reference }: Fields): Promise<string[]> =>
  (await gateway.store.readAll('', 100_000))
    .filter(({ stream }) => stream.startsWith('payment-') && stream.includes(reference!))
    .map(({ type }) => type)
/** The connection still serves. */
const goesOn = async () => expect((await till.ask('0800', { 11: nextStan(), 70: '301' })).mti).toBe('0810')

describe('bytes', () => {
  const text = () => Buffer.from(till.frame(till.message('0200', sale()))).toString('latin1', 2)
  const put = (message: string) =>
    till.line.send(wrap(Buffer.from(message, 'latin1'), '', till.codec.profile.envelope))

  test('behind a wrong length cut off their own connection only', async () => {
    const other = await dialTill(till.listener.port, till.codec)
    other.send(Buffer.concat([Buffer.from([0x7f, 0xff]), Buffer.from(text(), 'latin1')]))
    await other.ended
    await goesOn()
  })
  test.each<[string, () => string]>([
    ['that end in the bitmap', () => text().slice(0, 11)],
    ['of a card number longer than its table', () => text().replace(/(?<=^.{20})16/, '25')],
    ['of no message type', () => text().replace(/^0200/, '9999')],
    ['of a message type of another year', () => text().replace(/^0200/, '1200')],
  ])('%s, before it is said whose they are, are dropped', async (_what, message) => {
    const head = await gateway.store.head()
    put(message())
    await goesOn()
    expect(await recordedSince(gateway, head)).toEqual([])
  })
  test.each<[string, () => string]>([
    ['in which a number is none', () => text().replace(/704$/, '7O4')],
    ['that end too early', () => text().slice(0, -1)],
    ['that go on after the end', () => `${text()}0`],
  ])('%s are answered 30', async (_what, message) => {
    const head = await gateway.store.head()
    put(message())
    expect((await till.line.next()).fields).toMatchObject({ 39: '30', 41: till.de41 })
    expect(await recordedSince(gateway, head)).toEqual([])
    await goesOn()
  })
})

describe('a message', () => {
  test.each<[string, string, Fields, string]>([
    ['of a type that tills do not send', '0600', {}, '12'],
    ['of an unknown terminal', '0200', { 41: 'ZZZZZZZZ' }, '58'],
    ['of the terminal of another shop', '0200', { 42: 'TN0000000000000' }, '03'],
    ['of no amount', '0200', { 4: '000000000000' }, '13'],
    ['in a currency that is not taken', '0200', { 49: '999' }, '12'],
  ])('%s: %s is answered, and nothing is recorded', async (_what, mti, changes, responseCode) => {
    const head = await gateway.store.head()
    expect((await till.ask(mti, sale(changes)))[39]).toBe(responseCode)
    expect(await recordedSince(gateway, head)).toEqual([])
    await goesOn()
  })
  test('of a terminal that is blocked, revoked or not activated is 58', async () => {
    const other = await openTill(gateway, shop)
    for (const act of ['block', 'revoke']) {
      await gateway.call('POST', `/v1/terminals/${other.id}/${act}`, { key: operatorKey, body: {} })
      expect((await other.ask('0200', sale()))[39]).toBe('58')
    }
    const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN-2' }
    const { body: fresh } = await gateway.call('POST', '/v1/terminals', { key: shop.key, body })
    expect((await till.ask('0200', sale({ 41: fresh.terminalId })))[39]).toBe('58')
    await other.close()
  })
  test('with a wrong MAC is 63', async () => {
    const other = await openTill(gateway, shop)
    await gateway.call('POST', `/v1/terminals/${other.id}/mac-key`, { key: shop.key, body: {} })
    const wrong = signed(other.message('0200', sale()), other.codec, Buffer.alloc(16, 1))
    const head = await gateway.store.head()
    other.line.send(wrap(wrong, '', other.codec.profile.envelope))
    expect((await other.line.next()).fields[39]).toBe('63')
    expect(await recordedSince(gateway, head)).toEqual([])
    await other.close()
  })
})

describe('what cannot be done', () => {
  test('a completion above the authorization is 13', async () => {
    const held = await till.ask('0100', sale())
    expect((await complete(till, held, '100001'))[39]).toBe('13')
    expect(await eventsOf(held)).toEqual(['PaymentRequested', 'PaymentAuthorized'])
  })
  test('a capture after a void is 12', async () => {
    const held = await till.ask('0100', sale())
    expect((await complete(till, held, '0'))[39]).toBe('00')
    expect((await complete(till, held, '100000'))[39]).toBe('12')
    expect(await eventsOf(held)).not.toContain('PaymentCaptured')
  })
  test('two pumps that complete one authorization complete it once, also at the same time', async () => {
    const pump = await openTill(gateway, shop)
    const held = await till.ask('0100', sale())
    const answers = await Promise.all([
      complete(pump, held, '90000'),
      complete(till, held, '80000'),
      complete(pump, held, '70000'),
    ])
    expect(answers.map((answer) => answer[39])).toEqual(['25', '00', '25'])
    expect((await eventsOf(held)).filter((type) => type === 'PaymentCaptured')).toHaveLength(1)
    await pump.close()
  })
  test('one pump that completes twice, too', async () => {
    const held = await till.ask('0100', sale())
    expect((await complete(till, held, '80000'))[39]).toBe('00')
    expect((await complete(till, held, '80000'))[39]).toBe('12')
    expect((await eventsOf(held)).filter((type) => type === 'PaymentCaptured')).toHaveLength(1)
  })
  test('the reversal of a settled sale is 12, and nothing happens', async () => {
    const other = await openTill(gateway, shop)
    const sold = await other.ask('0200', sale())
    const totals = totalsToFields(totalsOf([{ kind: 'purchase', amount: 100_000n }]))
    expect((await other.ask('0500', { 11: nextStan(), ...totals }))[39]).toBe('00')
    const undo = { 3: '000000', 4: sold[4]!, 11: nextStan(), 56: '4000', 90: originalOf('0200', sold) }
    expect((await other.ask('0420', undo))[39]).toBe('12')
    expect(await eventsOf(sold)).not.toContain('ReversalRequested')
    await other.close()
  })
})
