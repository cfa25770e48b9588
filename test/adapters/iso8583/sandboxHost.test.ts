// The sandbox's acquirer as gateways meet it: message by message, and what its book says afterwards.
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import type { Fields, Message } from '../../../src/adapters/iso8583/message.ts'
import { ascii87 } from '../../../src/adapters/iso8583/profile.ts'
import { sandboxHost } from '../../../src/adapters/iso8583/sandboxHost/handler.ts'
import { writeOriginalData, writeReplacementAmounts } from '../../../src/adapters/iso8583/subelements.ts'
import { sandboxLedger } from '../../../src/domain/pos/sandboxLedger.ts'

const codec = messageCodec(ascii87)
const dong = (minor: bigint) => ({ minor, currency: 'VND' }) as const
const reference = 'QQQQQQQQQQQ1'
const sentAt = '1124030000'

const message = (mti: string, changes: Fields = {}): Message => ({
  mti,
  fields: {
    3: '000000',
    4: '000000125000',
    7: sentAt,
    11: '000001',
    37: reference,
    41: '9QZXW4F2',
    42: 'TN7K3MA9QZXW4F2',
    49: '704',
    ...changes,
  },
})
const without = ({ mti, fields }: Message, de: number): Message => ({
  mti,
  fields: Object.fromEntries(Object.entries(fields).filter(([name]) => Number(name) !== de)),
})
const reversal = (stan: string, of = '000001', mti = '0420') =>
  message(mti, {
    11: stan,
    90: writeOriginalData({
      mti: '0200',
      stan: of,
      transmittedAt: sentAt,
      acquirer: '',
      forwarder: '',
    }),
  })

function open() {
  const ledger = sandboxLedger(100)
  let comesLate = () => {}
  const late = () => new Promise<void>((resolve) => (comesLate = resolve))
  const handle = sandboxHost({ ledger, late })
  async function say(asked: Message): Promise<Message | undefined> {
    const encoded = codec.encode(asked)
    if (!encoded.ok) throw new Error(`${encoded.code} in DE${encoded.de}`)
    const connection = { authenticated: false, codec }
    const answer = await handle({ message: asked, bytes: encoded.bytes, connection })
    const decoded = answer && codec.decode(answer)
    if (decoded && !decoded.ok) throw new Error(decoded.code)
    return decoded?.message
  }
  return { say, entry: () => ledger.entry(reference), lateNow: () => comesLate() }
}

describe('it answers', () => {
  test.each<[string, Message, string, Fields]>([
    ['a sign-on', { mti: '0800', fields: { 7: sentAt, 11: '000001', 70: '001' } }, '0810', { 70: '001' }],
    ['a sale', message('0200'), '0210', { 4: '000000125000', 37: reference, 41: '9QZXW4F2' }],
    ['an authorization', message('0100'), '0110', {}],
    ['a refund that asks', message('0200', { 3: '200000' }), '0210', { 38: expect.any(String) }],
    ['a refund that tells', message('0220', { 3: '200000' }), '0230', {}],
    ['a completion', message('0220'), '0230', {}],
    ['a completion told again', message('0221'), '0230', {}],
    ['a reversal', reversal('000002'), '0430', {}],
    ['a reversal that asks', reversal('000002', '000001', '0400'), '0410', {}],
  ])('%s', async (_what, asked, mti, fields) => {
    expect(await open().say(asked)).toMatchObject({
      mti,
      fields: { 11: asked.fields[11], 39: '00', ...fields },
    })
  })

  test.each<[string, Message, string]>([
    ['what names no payment', without(message('0200'), 37), '30'],
    ['what names no amount', without(message('0200'), 4), '30'],
    ['a reversal of nothing', without(reversal('000002'), 90), '30'],
    ['money that nobody knows', message('0200', { 49: '999' }), '30'],
    ['a reconciliation, which it has not', message('0500'), '12'],
  ])('%s with a no', async (_what, asked, responseCode) => {
    const world = open()
    expect(await world.say(asked)).toMatchObject({ fields: { 39: responseCode } })
    expect(world.entry()).toBeUndefined()
  })

  test('no answer: an answer is not answered', async () => {
    expect(await open().say(message('0210', { 39: '00' }))).toBeUndefined()
  })
})

describe('its book', () => {
  test('a repeat is answered as the first was, and takes nothing more', async () => {
    const world = open()
    const [first, again] = [await world.say(message('0200')), await world.say(message('0201'))]
    expect(again).toEqual(first)
    expect(world.entry()).toMatchObject({ captured: dong(125_000n) })
  })
  test('a part is named in the answer, and only that is taken', async () => {
    const world = open()
    const answer = await world.say(message('0200', { 4: '000000125010' }))
    expect(answer).toMatchObject({ fields: { 4: '000000062505', 39: '10' } })
    expect(world.entry()).toMatchObject({ captured: dong(62_505n) })
  })
  test('a late answer is not hastened by a repeat, and money moves all the same', async () => {
    const world = open()
    const ending = { 4: '000000125092' }
    const first = world.say(message('0200', ending))
    expect(await world.say(message('0201', ending))).toBeUndefined()
    expect(world.entry()).toMatchObject({ captured: dong(125_092n) })
    world.lateNow()
    expect(await first).toMatchObject({ fields: { 39: '00' } })
  })
  test('a completion takes what DE95 says of what was held', async () => {
    const world = open()
    await world.say(message('0100'))
    const told = { 11: '000002', 95: writeReplacementAmounts(80_000n) }
    for (const mti of ['0220', '0221']) await world.say(message(mti, told))
    expect(world.entry()).toMatchObject({ held: dong(0n), captured: dong(80_000n) })
  })
  test('a refund is counted once, whether it asks or tells', async () => {
    for (const [mti, repeat] of [
      ['0200', '0201'],
      ['0220', '0221'],
    ] as const) {
      const world = open()
      for (const one of [mti, repeat]) await world.say(message(one, { 3: '200000' }))
      expect(world.entry()).toMatchObject({ refunded: dong(125_000n), captured: dong(0n) })
    }
  })
  test('what was reversed before it came is declined when it comes', async () => {
    const world = open()
    for (const mti of ['0420', '0421'])
      expect(await world.say(reversal('000002', '000001', mti))).toMatchObject({ fields: { 39: '00' } })
    expect(await world.say(message('0200'))).toMatchObject({ fields: { 39: '12' } })
    expect(world.entry()).toBeUndefined()
  })
  test('what is reversed is given back once', async () => {
    const world = open()
    await world.say(message('0200'))
    await world.say(message('0200', { 11: '000005', 4: '000000001000' }))
    for (const mti of ['0420', '0421']) await world.say(reversal('000002', '000005', mti))
    expect(world.entry()).toMatchObject({ captured: dong(125_000n), reversed: true })
  })
})
