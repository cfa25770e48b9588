// What goes wrong between a gateway and its acquirer: answers that are none, two answers, broken lines, full queues, card data.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { LineNotice } from '../../../src/adapters/iso8583/acquirer/link.ts'
import type { Fields, Message } from '../../../src/adapters/iso8583/message.ts'
import type { CardNetwork } from '../../../src/domain/pos/cardNetwork.ts'
import {
  type Answer,
  dial,
  dong,
  framed,
  isUp,
  lateAnswers,
  nextTrace,
  noLate,
  openSandbox,
  openScripted,
  patient,
  quick,
  request,
  signsOn,
  yes,
} from '../../support/acquirerHost.ts'
import { eventually } from '../../support/gateway.ts'

const noAnswer = { status: 'no_answer' }
const approval = { 38: 'ABC123' }
const adviceOn = (sale = request()) =>
  ({ ...sale, original: sale.trace, trace: nextTrace(), reason: 'no_answer', repeat: false }) as const

/** A line to a host that does so with everything but sign-on and echo. */
async function talkTo(act: (message: Message, answer: Answer) => void, times = patient) {
  const host = await openScripted((message, answer) => {
    if (!signsOn(message, answer)) act(message, answer)
  })
  const network = dial(host.port, { times })
  await isUp(network)
  return { host, network }
}

describe('an answer that is none', () => {
  test.each<[string, Fields]>([
    ['68, too late', { 39: '68' }],
    ['94, a duplicate', { 39: '94' }],
    ['an approval without a code', {}],
    ['an approval whose code is blank', { 38: '      ' }],
    ['money of no country', { ...approval, 49: '999' }],
  ])('is %s: nobody waits on, and it is listened for a better one', async (_what, changes) => {
    let first: Message | undefined
    const { host, network } = await talkTo((message, answer) => {
      first = message
      answer(yes(message, changes))
    })
    const { late, tellLate } = lateAnswers()
    expect(await network.authorize(request(), tellLate)).toEqual(noAnswer)
    host.say(yes(first!, approval))
    await eventually('the better one is told', () => late.length > 0)
    expect(late).toMatchObject([{ responseCode: '00', approvalCode: 'ABC123' }])
  })

  test('is a part that does not say how much', async () => {
    const { network } = await talkTo((message, answer) => {
      const { 4: _, ...fields } = yes(message, { ...approval, 39: '10' }).fields
      answer({ mti: '0210', fields })
    })
    expect(await network.authorize(request(), noLate)).toEqual(noAnswer)
  })

  test('is 68 to an advice, which is told again by its sender', async () => {
    const { network } = await talkTo((message, answer) => answer(yes(message, { 39: '68' })))
    expect(await network.reverse(adviceOn())).toEqual(noAnswer)
  })

  test('is what answers another kind of message under the same numbers', async () => {
    const { network } = await talkTo((message, answer) => {
      for (const mti of ['0110', '0230', '0430', '0200']) answer({ ...yes(message, { 38: 'WRONG1' }), mti })
      answer(yes(message, approval))
    })
    expect(await network.authorize(request(), noLate)).toMatchObject({ approvalCode: 'ABC123' })
  })
})

test('an approval of less than was asked says how much, whatever its code', async () => {
  const { network } = await talkTo((message, answer) =>
    answer(yes(message, { ...approval, 4: '000000100000' })),
  )
  expect(await network.authorize(request(), noLate)).toMatchObject({ amount: dong(100_000n) })
})

test('answers in any order find their questions', async () => {
  const asked: [Message, Answer][] = []
  const { network } = await talkTo((message, answer) => void asked.push([message, answer]))
  const answers = [1, 2, 3].map(() => network.authorize(request(), noLate))
  await eventually('all are asked', () => asked.length === 3)
  for (const [message, answer] of asked.reverse()) answer(yes(message, { 38: message.fields[11]! }))
  const codes = (await Promise.all(answers)).map((one) => one.status === 'answered' && one.approvalCode)
  expect(codes).toEqual(asked.map(([{ fields }]) => fields[11]).reverse())
})

describe('two answers', () => {
  test('a no to the repeat is followed by the yes to the first, which is told as late', async () => {
    let first: Message | undefined
    const { host, network } = await talkTo(
      (message, answer) => {
        if (message.mti === '0200') first = message
        else answer(yes(message, { 39: '91' }))
      },
      { ...quick, repeatMs: 60_000 },
    )
    const { late, tellLate } = lateAnswers()
    expect(await network.authorize(request(), tellLate)).toMatchObject({ responseCode: '91' })
    host.say(yes(first!, approval))
    await eventually('the first is told', () => late.length > 0)
    expect(late).toMatchObject([{ responseCode: '00' }])
  })

  test('after an answer to the only question, nothing else counts', async () => {
    let first: Message | undefined
    const { host, network } = await talkTo((message, answer) => {
      first = message
      answer(yes(message, { 39: '51' }))
    })
    expect(await network.authorize(request(), noLate)).toMatchObject({ responseCode: '51' })
    host.say(yes(first!, approval))
    const sentinel = await network.authorize(request(), noLate) // what was said before it has arrived
    expect(sentinel).toMatchObject({ responseCode: '51' })
  })

  test('the same question beside itself is not sent, and its outcome is not known', async () => {
    const { host, network } = await talkTo(() => {})
    const sale = request()
    const first = network.authorize(sale, noLate)
    expect(await network.authorize(sale, noLate)).toEqual(noAnswer)
    await eventually('it is asked', () => host.ofMti('0200').length > 0)
    host.say(yes(host.ofMti('0200')[0]!, approval))
    expect(await first).toMatchObject({ responseCode: '00' })
    expect(host.ofMti('0200')).toHaveLength(1)
  })
})

describe('a line that', () => {
  test('brings an answer byte by byte brings an answer', async () => {
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) return
      for (const byte of framed(yes(message, approval))) socket.write(Uint8Array.of(byte))
    })
    const network = dial(host.port, { times: patient })
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toMatchObject({ responseCode: '00' })
  })

  test('breaks inside an answer has answered nothing: the question is repeated on the next one', async () => {
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) return
      if (message.mti === '0201') answer(yes(message, approval))
      else socket.end(framed(yes(message, { 38: 'BROKEN' })).subarray(0, 40))
    })
    const network = dial(host.port, { times: patient })
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toMatchObject({ approvalCode: 'ABC123' })
  })

  test('breaks under an advice carries its repeat when it is back', async () => {
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) return
      if (message.mti === '0420') socket.destroy()
      else answer(yes(message))
    })
    const network = dial(host.port, { times: patient })
    await isUp(network)
    expect(await network.reverse(adviceOn())).toMatchObject({ responseCode: '00' })
    expect([host.ofMti('0420').length, host.ofMti('0421').length]).toEqual([1, 1])
  })

  test('is lost with the host: meanwhile nothing is sent, and the new host is asked what the old one took', async () => {
    const old = await openScripted((message, answer) => void signsOn(message, answer))
    const network = dial(old.port, { times: patient })
    await isUp(network)
    const sale = request()
    const asked = network.authorize(sale, noLate)
    await eventually('the old host has it', () => old.ofMti('0200').length === 1)
    await old.close()
    await eventually('the line is down', () => !network.isUp())
    expect(await network.authorize(request(), noLate)).toMatchObject({ responseCode: '91' })
    const restarted = await openSandbox(old.port)
    expect(await asked).toMatchObject({ responseCode: '00' })
    expect(restarted.ledger.entry(sale.reference)).toMatchObject({ captured: dong(125_000n) })
  })

  test('never comes back leaves its questions without an answer, and the waiting ends', async () => {
    const host = await openScripted((message, answer) => void signsOn(message, answer))
    const network = dial(host.port)
    await isUp(network)
    const asked = [network.authorize(request(), noLate), network.reverse(adviceOn())]
    await eventually('the host has them', () => host.messages.length >= 3)
    await host.close()
    expect(await Promise.all(asked)).toEqual([noAnswer, noAnswer])
  })
})

test('with as many questions out as there may be, a request is answered 91 and an advice nothing: neither was sent', async () => {
  const { host, network } = await talkTo(() => {})
  const asked = Array.from({ length: 2_000 }, () => network.authorize(request(), noLate))
  expect(await network.authorize(request(), noLate)).toEqual({ status: 'answered', responseCode: '91' })
  expect(await network.reverse(adviceOn())).toEqual(noAnswer)
  await eventually('all have come', () => host.ofMti('0200').length === 2_000)
  expect(host.ofMti('0420')).toEqual([])
  host.say(yes(host.ofMti('0200')[0]!, approval))
  expect(await asked[0]).toMatchObject({ responseCode: '00' })
  const next = network.authorize(request(), noLate) // there is room again
  await eventually('it has come', () => host.ofMti('0200').length === 2_001)
  await network.close()
  expect(await next).toEqual(noAnswer)
})

describe('card data', () => {
  const cardData = {
    pan: '4111111111111111',
    expiry: '3012',
    trackTwo: '4111111111111111D3012',
    entryMode: '051',
    sequenceNumber: '001',
    pinBlock: '0123456789ABCDEF',
    iccData: '9F2608AABBCCDDEEFF0011',
  }

  test('goes where it belongs, with a request and with its repeat', async () => {
    const { host, network } = await talkTo(() => {}, quick)
    await network.authorize(request({ cardData, acceptsPartial: true }), noLate)
    const elements = {
      2: cardData.pan,
      14: '3012',
      22: '051',
      23: '001',
      25: '41',
      35: cardData.trackTwo,
      48: 'tok_of_a_till',
      52: cardData.pinBlock,
      55: cardData.iccData,
    }
    for (const mti of ['0200', '0201']) expect(host.ofMti(mti)[0]?.fields).toMatchObject(elements)
  })

  test('goes with nothing that comes afterwards', async () => {
    const { host, network } = await talkTo((message, answer) => answer(yes(message, approval)))
    const sale = request({ cardData })
    await network.authorize(sale, noLate)
    const advice = adviceOn(sale)
    await network.reverse(advice)
    await network.refund({ ...advice, trace: nextTrace() })
    await network.complete({
      ...advice,
      trace: nextTrace(),
      approvalCode: 'ABC123',
      authorized: sale.amount,
    })
    const after = host.messages.filter(({ mti }) => mti === '0420' || mti === '0220')
    expect(after).toHaveLength(3)
    for (const { fields } of after)
      expect([2, 14, 23, 35, 52, 55].filter((de) => fields[de] !== undefined)).toEqual([])
  })

  test('is in no error, not even of a bug that no message can be made of', async () => {
    const { network } = await talkTo(() => {})
    const broken = { ...cardData, trackTwo: `${cardData.trackTwo}${'1'.repeat(40)}` }
    const failed = await network.authorize(request({ cardData: broken }), noLate).catch((error) => error)
    expect(failed).toBeInstanceOf(Error)
    expect(`${failed.message} ${failed.stack}`).not.toMatch(/41111111|0123456789ABCDEF|9F2608/)
  })
})

describe('TLS', () => {
  const pem = (name: string) => readFileSync(new URL(`../../vectors/tls/${name}`, import.meta.url), 'utf8')
  const [cert, key] = [pem('localhost.pem'), pem('localhost.key')]
  const mutual = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true }
  const answers = (message: Message, answer: Answer) => {
    if (!signsOn(message, answer)) answer(yes(message, approval))
  }
  const sells = async (network: CardNetwork) =>
    expect(await network.authorize(request(), noLate)).toMatchObject({ responseCode: '00' })

  test('lets both sides know each other, and asks the host by its name', async () => {
    const names: string[] = []
    const SNICallback = (name: string, done: (error: null) => void) => {
      names.push(name)
      done(null)
    }
    const host = await openScripted(answers, { tls: { ...mutual, SNICallback } })
    const network = dial(host.port, { host: 'localhost', tls: { ca: cert, cert, key }, times: patient })
    await isUp(network)
    await sells(network)
    expect(names).toEqual(['localhost'])
  })
  test('goes by address over a leased line', async () => {
    const host = await openScripted(answers, { tls: mutual })
    const network = dial(host.port, { tls: { ca: cert, cert, key }, times: patient })
    await isUp(network)
    await sells(network)
  })
  test.each([
    ['a host that nobody we know has signed', { cert, key }, {}],
    [
      'a host of another name',
      { cert: pem('shop.example.pem'), key: pem('shop.example.key') },
      { ca: pem('shop.example.pem') },
    ],
    ['a host that wants a certificate of ours, which we have not', mutual, { ca: cert }],
  ])('tells nothing to %s', async (_what, tls, ours) => {
    let dialed = 0
    const host = await openScripted(() => {}, { tls })
    const network = dial(host.port, { tls: ours, chance: () => ++dialed / 1_000 })
    await eventually('it has tried more than once', () => dialed > 2)
    expect(network.isUp()).toBe(false)
    expect(await network.authorize(request(), noLate)).toMatchObject({ responseCode: '91' })
    expect(host.messages).toEqual([])
  })
})

test('a line that fails is dialed again after longer and longer pauses, spread by chance', async () => {
  const pauses: number[] = []
  const chances = [0, 0.5, 1]
  const began: number[] = []
  const network = dial(1, {
    chance: () => {
      began.push(performance.now())
      return chances[began.length % 3]!
    },
    times: { ...quick, reconnectFirstMs: 20, reconnectLastMs: 80 },
  })
  await eventually('it has tried five times', () => began.length >= 5)
  for (let one = 1; one < 5; one++) pauses.push(began[one]! - began[one - 1]!)
  const least = [20 * 1.5, 40 * 2, 80 * 1, 80 * 1.5]
  expect(pauses.every((pause, one) => pause >= least[one]! - 2)).toBe(true) // timers may be a millisecond early
  expect(network.isUp()).toBe(false)
})

describe('why there is no line is noticed', () => {
  const whyOf = async (port: number, changes: Parameters<typeof dial>[1] = {}): Promise<string> => {
    const notices: LineNotice[] = []
    const noticed = (notice: LineNotice) => void notices.push(notice)
    dial(port, { noticed, ...changes })
    await eventually('it is noticed', () => notices.some((one) => !one.isUp))
    const down = notices.find((one) => !one.isUp)
    return down && !down.isUp ? down.why : ''
  }
  const hostThat = (act: Parameters<typeof openScripted>[0]) => openScripted(act).then(({ port }) => port)

  test('nobody listens', async () => {
    expect(await whyOf(1)).toBe('ECONNREFUSED')
  })
  test('the sign-on is refused, or not answered', async () => {
    const refuses = await hostThat((message, answer) => answer(yes(message, { 39: '58' })))
    expect(await whyOf(refuses)).toBe('the sign-on was answered 58')
    expect(await whyOf(await hostThat(() => {}))).toBe('no answer to the sign-on')
  })
  test('an echo is not answered', async () => {
    const port = await hostThat(
      (message, answer) => void (message.fields[70] === '001' && answer(yes(message))),
    )
    expect(await whyOf(port, { times: { ...quick, echoEveryMs: 5 } })).toBe('no answer to an echo')
  })
  test('the host hangs up, or sends what is no frame', async () => {
    const hangsUp = await hostThat((_message, _answer, socket) => socket.end())
    expect(await whyOf(hangsUp)).toBe('the host hung up')
    const garbage = await hostThat(
      (_message, _answer, socket) => void socket.write(Uint8Array.of(255, 255, 1)),
    )
    expect(await whyOf(garbage)).toBe('the host sent what is no frame')
  })
  test('its certificate is of somebody else', async () => {
    const shop = (end: string) =>
      readFileSync(new URL(`../../vectors/tls/shop.example.${end}`, import.meta.url), 'utf8')
    const { port } = await openScripted(() => {}, { tls: { cert: shop('pem'), key: shop('key') } })
    expect(await whyOf(port, { tls: { ca: shop('pem') } })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })
})
