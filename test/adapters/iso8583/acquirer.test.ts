// The way to an acquirer over TCP: every answer, repeats, lines that break and come back, and hosts that say nonsense.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import type { Message } from '../../../src/adapters/iso8583/message.ts'
import { bcd87 } from '../../../src/adapters/iso8583/profile.ts'
import type { AuthorizationRequest } from '../../../src/domain/pos/cardNetwork.ts'
import { newTrace } from '../../../src/domain/pos/networkTrace.ts'
import {
  dial,
  dong,
  isUp,
  lateAnswers,
  nextTrace,
  noLate,
  now,
  openSandbox,
  openScripted,
  patient,
  quick,
  request,
  signsOn,
  yes,
} from '../../support/acquirerHost.ts'
import { eventually } from '../../support/gateway.ts'

describe('through the sandbox’s host', () => {
  test.each<[string, Partial<AuthorizationRequest>, object]>([
    ['an approval', {}, { responseCode: '00', approvalCode: expect.stringMatching(/^.{6}$/) }],
    ['an authorization', { kind: 'authorization' }, { responseCode: '00' }],
    ['a decline', { amount: dong(125_051n) }, { responseCode: '51' }],
    ['a part', { amount: dong(125_010n) }, { responseCode: '10', amount: dong(62_505n) }],
    ['other money', { amount: { minor: 1_250n, currency: 'USD' } }, { responseCode: '00' }],
    [
      'a decline by token',
      { card: { first6: '', last4: '', token: 'tok_decline_05' } },
      { responseCode: '05' },
    ],
  ])('comes %s', async (_what, changes, answer) => {
    const network = dial((await openSandbox()).port, { times: patient })
    await isUp(network)
    expect(await network.authorize(request(changes), noLate)).toMatchObject(answer)
  })

  test('silence is asked about once more, and then no answer', async () => {
    const host = await openSandbox()
    const network = dial(host.port)
    await isUp(network)
    expect(await network.authorize(request({ amount: dong(125_091n) }), noLate)).toEqual({
      status: 'no_answer',
    })
  })

  test('an answer that comes when nobody waits any more is told as late', async () => {
    const network = dial((await openSandbox()).port)
    await isUp(network)
    const { late, tellLate } = lateAnswers()
    const answer = await network.authorize(request({ amount: dong(125_092n) }), tellLate)
    expect(answer).toEqual({ status: 'no_answer' })
    await eventually('it comes late', () => late.length > 0)
    expect(late).toMatchObject([{ responseCode: '00' }])
  })

  test('what was held is completed, refunded and reversed in the host’s book', async () => {
    const host = await openSandbox()
    const network = dial(host.port, { times: patient })
    await isUp(network)
    const hold = request({ kind: 'authorization' })
    await network.authorize(hold, noLate)
    await network.authorize(
      {
        ...hold,
        kind: 'increment',
        original: hold.trace,
        trace: nextTrace(),
        amount: dong(25_000n),
      },
      noLate,
    )
    expect(host.ledger.entry(hold.reference)).toMatchObject({ held: dong(150_000n) })
    const completion = { ...hold, original: hold.trace, approvalCode: 'ABC123', authorized: dong(150_000n) }
    for (const repeat of [false, true])
      expect(await network.complete({ ...completion, amount: dong(80_000n), repeat })).toMatchObject({
        responseCode: '00',
      })
    expect(host.ledger.entry(hold.reference)).toMatchObject({ held: dong(0n), captured: dong(80_000n) })
    const refund = { ...hold, original: hold.trace, amount: dong(1_000n), trace: nextTrace() }
    for (const repeat of [false, true]) await network.refund({ ...refund, repeat })
    expect(host.ledger.entry(hold.reference)).toMatchObject({ refunded: dong(1_000n) })
    const sale = request()
    await network.authorize(sale, noLate)
    const undo = { ...sale, original: sale.trace, reason: 'no_answer' } as const
    for (const repeat of [false, true])
      expect(await network.reverse({ ...undo, repeat })).toMatchObject({ responseCode: '00' })
    expect(host.ledger.entry(sale.reference)).toMatchObject({ captured: dong(0n), reversed: true })
  })

  test('the same in BCD behind a TPDU', async () => {
    const host = await openSandbox(0, bcd87)
    const network = dial(host.port, { codec: messageCodec(bcd87), times: patient })
    await isUp(network)
    const cardData = {
      pan: '4111111111111111',
      expiry: '3012',
      trackTwo: '4111111111111111D3012',
      entryMode: '051',
    }
    expect(await network.authorize(request({ cardData }), noLate)).toMatchObject({ responseCode: '00' })
  })

  test('two thousand at once each get their own', async () => {
    const network = dial((await openSandbox()).port, { times: { ...quick, requestMs: 1_500 } })
    await isUp(network)
    const asked = Array.from({ length: 2_000 }, (_, index) =>
      request({ amount: dong(BigInt(1_000_000 + index)) }),
    )
    const answers = await Promise.all(asked.map((one) => network.authorize(one, () => {})))
    const wrong = answers.filter((answer, index) => {
      const code = answer.status === 'answered' ? answer.responseCode : answer.status
      const ending = asked[index]!.amount.minor % 100n
      const expected = { 51: '51', 5: '05', 91: 'no_answer', 10: '10' }[Number(ending)] ?? '00'
      return code !== expected
    })
    expect(wrong).toEqual([])
  })
})

describe('with a host that', () => {
  test('is not there, a request is answered 91 at once, because nothing was sent', async () => {
    const network = dial(1)
    expect(await network.authorize(request(), noLate)).toEqual({ status: 'answered', responseCode: '91' })
    const advice = { ...request(), original: newTrace(now(), 1), reason: 'voided', repeat: false } as const
    expect(await network.reverse(advice)).toEqual({ status: 'no_answer' })
  })
  test('refuses the sign-on, the line is never up', async () => {
    const host = await openScripted((message, answer) => answer(yes(message, { 39: '58' })))
    const network = dial(host.port)
    await eventually('it tries again', () => host.ofMti('0800').length > 2)
    expect(network.isUp()).toBe(false)
  })
  test('adds to its answer to the sign-on whatever it likes, the line is up', async () => {
    const added = { 37: 'HOST00000001', 41: 'HOST0001', 70: '002' }
    const host = await openScripted((message, answer) => answer(yes(message, added)))
    await isUp(dial(host.port))
  })
  test('answers another sign-on, the line is not up', async () => {
    const host = await openScripted((message, answer) => answer(yes(message, { 11: '999999' })))
    const network = dial(host.port)
    await eventually('it tries again', () => host.ofMti('0800').length > 2)
    expect(network.isUp()).toBe(false)
  })
  test('answers something else first, each question waits for its own answer', async () => {
    const host = await openScripted((message, answer) => {
      if (signsOn(message, answer)) return
      answer(yes(message, { 11: '999999', 38: 'WRONG1' }))
      answer(yes(message, { 37: 'ZZZZZZZZZZZZ', 38: 'WRONG2' }))
      answer(yes(message, { 41: 'ZZZZZZZZ', 38: 'WRONG3' }))
      answer({ ...yes(message, { 38: 'WRONG4' }), mti: message.mti }) // our own question come back
      answer(yes(message, { 38: 'RIGHT1' }))
    })
    const network = dial(host.port, { times: patient })
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toMatchObject({ approvalCode: 'RIGHT1' })
  })
  test('hangs up before it answers, the request is repeated on the next line', async () => {
    let lines = 0
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) return
      if (lines++ === 0) socket.destroy()
      else answer(yes(message, { 38: 'ABC123' }))
    })
    const network = dial(host.port, { times: { ...quick, requestMs: 2_000 } })
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toMatchObject({ approvalCode: 'ABC123' })
    expect([host.ofMti('0200').length, host.ofMti('0201').length]).toEqual([1, 1])
  })
  test('sends garbage, the line is dropped and comes back', async () => {
    let spoiled = false
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) return
      if (!spoiled) socket.write(Buffer.from('\xff\xffgarbage', 'latin1'))
      else answer(yes(message, { 38: 'ABC123' }))
      spoiled = true
    })
    const network = dial(host.port, { times: { ...quick, requestMs: 2_000 } })
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toMatchObject({ approvalCode: 'ABC123' })
  })
  test('does not answer an echo is dropped and dialed again', async () => {
    const host = await openScripted((message, answer) => {
      if (message.fields[70] === '001') answer(yes(message))
    })
    dial(host.port, { times: { ...quick, echoEveryMs: 10 } })
    await eventually(
      'it signs on again',
      () => host.ofMti('0800').filter(({ fields }) => fields[70] === '001').length > 1,
    )
  })
  test('asks for an echo gets one', async () => {
    let echoed: Message | undefined
    const host = await openScripted((message, answer) => {
      if (message.mti === '0810') echoed = message
      else if (signsOn(message, answer))
        answer({ mti: '0800', fields: { 7: '1124030000', 11: '000001', 70: '301' } })
    })
    dial(host.port)
    await eventually('the echo is answered', () => echoed !== undefined)
    expect(echoed?.fields).toMatchObject({ 11: '000001', 39: '00' })
  })
  test('answers neither yes nor no, the question has none', async () => {
    const host = await openScripted((message, answer) => {
      if (!signsOn(message, answer)) answer({ ...yes(message), fields: { ...message.fields } }) // no DE39
    })
    const network = dial(host.port)
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toEqual({ status: 'no_answer' })
  })
  test('never answers, closing ends every question', async () => {
    const host = await openScripted((message, answer) => void signsOn(message, answer))
    const network = dial(host.port, { times: { ...quick, requestMs: 60_000 } })
    await isUp(network)
    const asked = network.authorize(request(), noLate)
    await network.close()
    expect(await asked).toEqual({ status: 'no_answer' })
  })
  test('answers twice is believed once', async () => {
    const host = await openScripted((message, answer) => {
      if (signsOn(message, answer)) return
      answer(yes(message, { 38: 'FIRST1' }))
      answer(yes(message, { 38: 'SECOND' }))
      answer(yes(message, { 39: '51' }))
    })
    const network = dial(host.port)
    await isUp(network)
    const one = await network.authorize(request(), noLate)
    const other = await network.authorize(request(), noLate)
    expect([one, other]).toMatchObject([{ approvalCode: 'FIRST1' }, { approvalCode: 'FIRST1' }])
  })
  test('answers late, to a request and its repeat, is heard, and no other question takes its answers', async () => {
    const asked: [Message, (message: Message) => void][] = []
    const host = await openScripted((message, answer) => {
      if (!signsOn(message, answer)) asked.push([message, answer])
    })
    const network = dial(host.port)
    await isUp(network)
    const { late, tellLate } = lateAnswers()
    await network.authorize(request(), tellLate)
    for (const [message, answer] of asked) answer(yes(message, { 38: 'LATE01' })) // to the request and to its repeat
    const next = network.authorize(request(), noLate)
    await eventually('the next is asked', () => asked.length > 2)
    asked[2]![1](yes(asked[2]![0], { 38: 'NEXT01' }))
    expect(await next).toMatchObject({ approvalCode: 'NEXT01' })
    expect(late).toMatchObject([{ approvalCode: 'LATE01' }, { approvalCode: 'LATE01' }]) // recorded once
  })
  test('says that it will say no more is dialed again', async () => {
    let lines = 0
    const host = await openScripted((message, answer, socket) => {
      signsOn(message, answer)
      if (lines++ === 0) socket.end()
    })
    dial(host.port)
    await eventually('it signs on again', () => host.ofMti('0800').length > 1)
  })
  test('stops reading: what cannot be sent is answered 91, what was sent has no answer, memory is bounded', async () => {
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) socket.pause()
    })
    const network = dial(host.port, { times: { ...quick, requestMs: 300, repeatMs: 300 } })
    await isUp(network)
    const iccData = 'AB'.repeat(255)
    const asked = Array.from({ length: 6_000 }, () =>
      request({ cardData: { pan: '4111111111111111', iccData } }),
    )
    const answers = await Promise.all(asked.map((one) => network.authorize(one, () => {})))
    const kinds = new Set(answers.map((one) => (one.status === 'answered' ? one.responseCode : one.status)))
    expect(kinds).toEqual(new Set(['no_answer', '91']))
  })
})

test('a line that is closed keeps no process alive, wherever it was', async () => {
  const host = await openScripted((message, answer) => void signsOn(message, answer))
  const module = new URL('../../../src/adapters/iso8583/acquirer/acquirer.ts', import.meta.url)
  const codecs = new URL('../../../src/adapters/iso8583/codec.ts', import.meta.url)
  const profiles = new URL('../../../src/adapters/iso8583/profile.ts', import.meta.url)
  const script = `
    import { openAcquirer } from '${module}'
    import { messageCodec } from '${codecs}'
    import { ascii87 } from '${profiles}'
    const line = { host: '127.0.0.1', codec: messageCodec(ascii87), chance: Math.random, noticed: () => {}, now: () => new Date() }
    const [signedOn, dialing, refused] = [${host.port}, ${host.port}, 1].map((port) => openAcquirer({ ...line, port }))
    await dialing.close()
    while (!signedOn.isUp()) await new Promise((resolve) => setTimeout(resolve, 5))
    const asked = signedOn.authorize(${JSON.stringify(request(), (_, value) => (typeof value === 'bigint' ? Number(value) : value))}, () => {})
    await signedOn.close()
    await refused.close()
    console.log((await asked).status)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const [code] = await once(child, 'exit')
  clearTimeout(killer)
  expect([code, said]).toEqual([0, 'no_answer\n'])
})
