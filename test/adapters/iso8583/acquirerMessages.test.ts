// What is said to an acquirer: each message as the table in docs/iso8583.md has it, and one that can be written in every profile.
import { describe, expect, test } from 'vitest'
import {
  answerIn,
  authorizationMessage,
  completionMessage,
  refundMessage,
  reversalMessage,
} from '../../../src/adapters/iso8583/acquirer/messages.ts'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import type { Message } from '../../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87, type Profile, profiles } from '../../../src/adapters/iso8583/profile.ts'
import type { AuthorizationRequest, CardData } from '../../../src/domain/pos/cardNetwork.ts'

const dong = (minor: bigint) => ({ minor, currency: 'VND' }) as const
const payment = {
  terminalId: '9QZXW4F2',
  cardAcceptorId: 'TN7K3MA9QZXW4F2',
  reference: 'QQQQQQQQQQQ1',
  trace: { transmittedAt: '1124030000', stan: '000001' },
  card: { first6: '411111', last4: '1111', token: 'tok_of_a_till' },
  amount: dong(125_000n),
}
const original = { transmittedAt: '1124025959', stan: '000777' }
const common = {
  3: '000000',
  4: '000000125000',
  7: '1124030000',
  11: '000001',
  37: 'QQQQQQQQQQQ1',
  41: '9QZXW4F2',
  42: 'TN7K3MA9QZXW4F2',
  48: 'tok_of_a_till',
  49: '704',
}
const about = (mti: string) => `${mti}00077711240259590000000000000000000000`
const nothing = '0'.repeat(12)
const cardData: CardData = {
  pan: '4111111111111111',
  expiry: '3012',
  trackTwo: '4111111111111111=30122011234567890',
  entryMode: '021',
  sequenceNumber: '001',
  pinBlock: '0123456789ABCDEF',
  iccData: '9F2608AABBCCDDEEFF0011',
}
const asked = (changes: Partial<AuthorizationRequest> = {}, profile: Profile = ascii87): Message =>
  authorizationMessage({ ...payment, kind: 'sale', acceptsPartial: false, ...changes }, profile)

/** What arrives at an acquirer of that profile. */
function arrived(message: Message, profile: Profile): Message {
  const codec = messageCodec(profile)
  const encoded = codec.encode(message)
  if (!encoded.ok) throw new Error(`${encoded.code} in DE${encoded.de}`)
  const decoded = codec.decode(encoded.bytes)
  if (!decoded.ok) throw new Error(`${decoded.code} in DE${decoded.de}`)
  return { mti: decoded.message.mti, fields: decoded.message.fields }
}

describe.each(Object.values(profiles))('to an acquirer of $name', (profile) => {
  const card = {
    2: '4111111111111111',
    14: '3012',
    22: '021',
    23: '001',
    35: `4111111111111111${profile === bcd87 ? 'D' : '='}30122011234567890`,
    52: '0123456789ABCDEF',
    55: '9F2608AABBCCDDEEFF0011',
  }
  const completion = { ...payment, original, authorized: dong(150_000n), amount: dong(80_000n) }
  test.each<[string, Message, Message]>([
    ['a sale', asked({ cardData }, profile), { mti: '0200', fields: { ...common, ...card, 25: '00' } }],
    [
      'an authorization that takes a part',
      asked({ kind: 'authorization', acceptsPartial: true }, profile),
      { mti: '0100', fields: { ...common, 25: '41' } },
    ],
    [
      'an increment',
      asked({ kind: 'increment', original }, profile),
      { mti: '0100', fields: { ...common, 25: '00', 90: about('0100') } },
    ],
    [
      'a completion, whose approval code is the host’s to the last space',
      completionMessage({ ...completion, approvalCode: 'AB12  ', repeat: false }),
      {
        mti: '0220',
        fields: {
          ...common,
          4: '000000150000',
          38: 'AB12  ',
          90: about('0100'),
          95: `000000080000${nothing}D00000000D00000000`,
        },
      },
    ],
    [
      'a refund',
      refundMessage({ ...payment, original, repeat: true }),
      { mti: '0221', fields: { ...common, 3: '200000', 90: about('0200') } },
    ],
    ...(
      [
        ['no_answer', '4021'],
        ['late_approval', '4021'],
        ['partial_not_accepted', '4004'],
        ['malfunction', '4017'],
        ['customer_canceled', '4000'],
        ['voided', '4000'],
      ] as const
    ).map(([reason, de56]): [string, Message, Message] => [
      `a reversal, ${reason}`,
      reversalMessage({ ...payment, original, kind: 'sale', reason, repeat: false }),
      {
        mti: '0420',
        fields: {
          ...common,
          56: de56,
          90: about('0200'),
          95: `${nothing}${nothing}D00000000D00000000`,
        },
      },
    ]),
  ])('goes %s', (_what, message, expected) => {
    expect(arrived(message, profile)).toEqual(expected)
  })
})

test('a reversal of money that was held names an 0100', () => {
  for (const kind of ['authorization', 'increment'] as const) {
    const advice = { ...payment, original, kind, reason: 'voided', repeat: true } as const
    expect(reversalMessage(advice)).toMatchObject({ mti: '0421', fields: { 90: about('0100') } })
  }
})

test('the host’s approval code is kept to the last space, and blanks are none', () => {
  const answer = (code: string) =>
    answerIn({ mti: '0210', fields: { 4: '000000125000', 38: code, 39: '00', 49: '704' } }, '704')
  expect(answer('AB12  ')).toMatchObject({ approvalCode: 'AB12  ' })
  expect(answer('      ')).toEqual({ status: 'no_answer' })
})
