// The way to an acquirer over TCP: every answer, repeats, lines that break and come back, and hosts that say nonsense.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type AcquirerOptions, openAcquirer } from '../../../src/adapters/iso8583/acquirer/acquirer.ts'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import { wrap } from '../../../src/adapters/iso8583/envelope.ts'
import { frameSplitter } from '../../../src/adapters/iso8583/framing.ts'
import type { Message } from '../../../src/adapters/iso8583/message.ts'
import { ascii87, bcd87 } from '../../../src/adapters/iso8583/profile.ts'
import { openSandboxHost } from '../../../src/adapters/iso8583/sandboxHost/open.ts'
import type { AuthorizationRequest, NetworkAnswer } from '../../../src/domain/pos/cardNetwork.ts'
import { newTrace } from '../../../src/domain/pos/networkTrace.ts'
import { eventually } from '../../support/gateway.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const times = { requestMs: 60, repeatMs: 60, echoEveryMs: 10_000, reconnectFirstMs: 5, reconnectLastMs: 20 }
const now = () => new Date('2026-11-24T03:00:00Z')

async function dial(port: number, changes: Partial<AcquirerOptions> = {}) {
  const codec = messageCodec(ascii87)
  const line = { host: '127.0.0.1', port, codec, chance: () => 0, now }
  const network = openAcquirer({ ...line, times, ...changes })
  closers.push(network.close)
  return network
}

async function openHost(port = 0, profile = ascii87) {
  const failed = (error: unknown) => {
    throw error
  }
  const host = await openSandboxHost({ host: '127.0.0.1', port, profile, lateMs: 200, failed })
  closers.push(host.close)
  return host
}

let counter = 0
const dong = (minor: bigint) => ({ minor, currency: 'VND' }) as const
const request = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  kind: 'sale',
  terminalId: '9QZXW4F2',
  cardAcceptorId: 'TN7K3MA9QZXW4F2',
  reference: `QQQQQQQ${String(++counter).padStart(5, '0')}`,
  trace: newTrace(now(), counter),
  card: { first6: '411111', last4: '1111', token: 'tok_of_a_till' },
  amount: dong(125_000n),
  acceptsPartial: false,
  ...changes,
})
const noLate = (): never => {
  throw new Error('answered late')
}
const isUp = (network: { isUp: () => boolean }) => eventually('the line is up', network.isUp)

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
    const network = await dial((await openHost()).port)
    await isUp(network)
    expect(await network.authorize(request(changes), noLate)).toMatchObject(answer)
  })

  test('silence is asked about once more, and then no answer', async () => {
    const host = await openHost()
    const network = await dial(host.port)
    await isUp(network)
    expect(await network.authorize(request({ amount: dong(125_091n) }), noLate)).toEqual({
      status: 'no_answer',
    })
  })

  test('an answer that comes when nobody waits any more is told as late', async () => {
    const network = await dial((await openHost()).port)
    await isUp(network)
    const late: NetworkAnswer[] = []
    const answer = await network.authorize(request({ amount: dong(125_092n) }), (one) => late.push(one))
    expect(answer).toEqual({ status: 'no_answer' })
    await eventually('it comes late', () => late.length > 0)
    expect(late).toMatchObject([{ responseCode: '00' }])
  })

  test('what was held is completed, refunded and reversed in the host’s book', async () => {
    const host = await openHost()
    const network = await dial(host.port)
    await isUp(network)
    const hold = request({ kind: 'authorization' })
    await network.authorize(hold, noLate)
    await network.authorize(
      {
        ...hold,
        kind: 'increment',
        original: hold.trace,
        trace: newTrace(now(), ++counter),
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
    const refund = { ...hold, original: hold.trace, amount: dong(1_000n), trace: newTrace(now(), ++counter) }
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
    const host = await openHost(0, bcd87)
    const network = await dial(host.port, { codec: messageCodec(bcd87) })
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
    const network = await dial((await openHost()).port, { times: { ...times, requestMs: 1_500 } })
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

/** A host that does with each message what a test says. */
async function openScripted(
  act: (message: Message, answer: (message: Message) => void, socket: Socket) => void,
) {
  const codec = messageCodec(ascii87)
  const sockets = new Set<Socket>()
  const messages: Message[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    const split = frameSplitter({ length: 'exclusive', frameMax: 4_096 })
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const frame of split(chunk).frames) {
        const read = codec.decode(frame)
        if (!read.ok) throw new Error(read.code)
        messages.push(read.message)
        act(
          read.message,
          (message) => {
            const encoded = codec.encode(message)
            if (!encoded.ok) throw new Error(encoded.code)
            socket.write(wrap(encoded.bytes, '', ascii87.envelope))
          },
          socket,
        )
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const ofMti = (mti: string) => messages.filter((one) => one.mti === mti)
  return { port, ofMti, hangUp: () => [...sockets].map((socket) => socket.destroy()) }
}
const yes = ({ mti, fields }: Message, changes: Message['fields'] = {}): Message => ({
  mti: `${mti.slice(0, 2)}${mti[2] === '0' ? '1' : '3'}0`,
  fields: { ...fields, 39: '00', ...changes },
})
const signsOn = (message: Message, answer: (message: Message) => void): boolean => {
  if (message.mti === '0800') answer(yes(message))
  return message.mti === '0800'
}

describe('with a host that', () => {
  test('is not there, a request is answered 91 at once, because nothing was sent', async () => {
    const network = await dial(1)
    expect(await network.authorize(request(), noLate)).toEqual({ status: 'answered', responseCode: '91' })
    const advice = { ...request(), original: newTrace(now(), 1), reason: 'voided', repeat: false } as const
    expect(await network.reverse(advice)).toEqual({ status: 'no_answer' })
  })
  test('refuses the sign-on, the line is never up', async () => {
    const host = await openScripted((message, answer) => answer(yes(message, { 39: '58' })))
    const network = await dial(host.port)
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
    const network = await dial(host.port)
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
    const network = await dial(host.port, { times: { ...times, requestMs: 2_000 } })
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
    const network = await dial(host.port, { times: { ...times, requestMs: 2_000 } })
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toMatchObject({ approvalCode: 'ABC123' })
  })
  test('does not answer an echo is dropped and dialed again', async () => {
    const host = await openScripted((message, answer) => {
      if (message.fields[70] === '001') answer(yes(message))
    })
    await dial(host.port, { times: { ...times, echoEveryMs: 10 } })
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
    await dial(host.port)
    await eventually('the echo is answered', () => echoed !== undefined)
    expect(echoed?.fields).toMatchObject({ 11: '000001', 39: '00' })
  })
  test('answers neither yes nor no, the question has none', async () => {
    const host = await openScripted((message, answer) => {
      if (!signsOn(message, answer)) answer({ ...yes(message), fields: { ...message.fields } }) // no DE39
    })
    const network = await dial(host.port)
    await isUp(network)
    expect(await network.authorize(request(), noLate)).toEqual({ status: 'no_answer' })
  })
  test('never answers, closing ends every question', async () => {
    const host = await openScripted((message, answer) => void signsOn(message, answer))
    const network = await dial(host.port, { times: { ...times, requestMs: 60_000 } })
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
    const network = await dial(host.port)
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
    const network = await dial(host.port)
    await isUp(network)
    const late: NetworkAnswer[] = []
    await network.authorize(request(), (one) => late.push(one))
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
    await dial(host.port)
    await eventually('it signs on again', () => host.ofMti('0800').length > 1)
  })
  test('stops reading: what cannot be sent is answered 91, what was sent has no answer, memory is bounded', async () => {
    const host = await openScripted((message, answer, socket) => {
      if (signsOn(message, answer)) socket.pause()
    })
    const network = await dial(host.port, { times: { ...times, requestMs: 300, repeatMs: 300 } })
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
    const line = { host: '127.0.0.1', codec: messageCodec(ascii87), chance: Math.random, now: () => new Date() }
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
