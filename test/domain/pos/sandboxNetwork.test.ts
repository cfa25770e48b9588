// The sandbox's card network: every answer that can be played, repeats, and what it has in its book.
import { describe, expect, test } from 'vitest'
import type { AuthorizationRequest, NetworkAnswer } from '../../../src/domain/pos/cardNetwork.ts'
import { newTrace } from '../../../src/domain/pos/networkTrace.ts'
import { sandboxCard, sandboxTokens } from '../../../src/domain/pos/sandboxIssuer.ts'
import { sandboxLedger } from '../../../src/domain/pos/sandboxLedger.ts'
import { sandboxNetwork } from '../../../src/domain/pos/sandboxNetwork.ts'

const dong = (minor: bigint) => ({ minor, currency: 'VND' }) as const
let counter = 0
const request = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  kind: 'sale',
  terminalId: '9QZXW4F2',
  cardAcceptorId: 'TN7K3MA9QZXW4F2',
  reference: 'QQQQQQQQQQQ1',
  trace: newTrace(new Date('2026-11-24T03:00:00Z'), ++counter),
  card: { first6: '411111', last4: '1111', token: 'tok_of_a_till' },
  amount: dong(125_000n),
  acceptsPartial: false,
  ...changes,
})
const token = (name: string) => ({ card: sandboxCard(name)! })

function open() {
  const ledger = sandboxLedger(1_000)
  const waits: number[] = []
  const network = sandboxNetwork({ wait: async (ms) => waits.push(ms), ledger })
  const late: NetworkAnswer[] = []
  const ask = (one: AuthorizationRequest) => network.authorize(one, (answer) => late.push(answer))
  return { network, ledger, late, waits, ask }
}
const entry = ({ ledger }: ReturnType<typeof open>) => ledger.entry('QQQQQQQQQQQ1')

describe('what it answers', () => {
  const cases: [string, Partial<AuthorizationRequest>, object][] = [
    ['any other amount', { amount: dong(125_000n) }, { responseCode: '00' }],
    ['an amount that ends in 51', { amount: dong(125_051n) }, { responseCode: '51' }],
    ['an amount that ends in 05', { amount: dong(125_005n) }, { responseCode: '05' }],
    ['an amount that ends in 91', { amount: dong(125_091n) }, { status: 'no_answer' }],
    ['an amount that ends in 10', { amount: dong(125_010n) }, { responseCode: '10', amount: dong(62_505n) }],
    ['five đồng', { amount: dong(5n) }, { responseCode: '05' }],
    ['tok_approve', { ...token('tok_approve'), amount: dong(51n) }, { responseCode: '00' }],
    ['tok_decline_51', token('tok_decline_51'), { responseCode: '51' }],
    ['tok_decline_05', token('tok_decline_05'), { responseCode: '05' }],
    ['tok_timeout', token('tok_timeout'), { status: 'no_answer' }],
    ['tok_partial', token('tok_partial'), { responseCode: '10', amount: dong(62_500n) }],
    ['tok_late_approve', token('tok_late_approve'), { status: 'no_answer' }],
  ]
  test.each(cases)('to %s', async (_what, changes, answer) => {
    expect(await open().ask(request(changes))).toMatchObject(answer)
  })
  test('has a row above for every test card', () => {
    const rows = cases.map(([what]) => what)
    for (const name of sandboxTokens) expect(rows).toContain(name)
  })
  test('comes late where it does, when nobody waits any more', async () => {
    const world = open()
    expect(await world.ask(request({ amount: dong(125_092n) }))).toEqual({ status: 'no_answer' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(world.late).toMatchObject([{ responseCode: '00' }])
    expect(entry(world)).toMatchObject({ captured: dong(125_092n) })
  })
})

describe('its book', () => {
  test('has a sale as captured, once, however often it is asked', async () => {
    const world = open()
    const one = request()
    const [first, second] = [await world.ask(one), await world.ask(one)]
    expect(second).toEqual(first)
    expect(entry(world)).toMatchObject({ captured: dong(125_000n), held: dong(0n) })
  })
  test('has an authorization as held until it is completed, and then what was completed', async () => {
    const world = open()
    const hold = request({ kind: 'authorization' })
    await world.ask(hold)
    await world.ask(request({ kind: 'increment', amount: dong(25_000n) }))
    expect(entry(world)).toMatchObject({ held: dong(150_000n), captured: dong(0n) })
    const advice = {
      ...hold,
      original: hold.trace,
      approvalCode: 'x',
      authorized: hold.amount,
      repeat: false,
    }
    for (const repeat of [false, true])
      await world.network.complete({ ...advice, amount: dong(80_000n), repeat })
    expect(entry(world)).toMatchObject({ held: dong(0n), captured: dong(80_000n) })
  })
  test('takes out what is reversed, once', async () => {
    const world = open()
    const sale = request()
    await world.ask(sale)
    const advice = { ...sale, original: sale.trace, reason: 'no_answer', repeat: false } as const
    for (const repeat of [false, true])
      expect(await world.network.reverse({ ...advice, repeat })).toMatchObject({ responseCode: '00' })
    expect(entry(world)).toMatchObject({ captured: dong(0n), reversed: true })
  })
  test('takes back increments with their authorization, or one of them alone', async () => {
    const world = open()
    const hold = request({ kind: 'authorization' })
    const more = request({ kind: 'increment', amount: dong(25_000n) })
    for (const one of [hold, more, request({ kind: 'increment', amount: dong(7_000n) })]) await world.ask(one)
    const undo = ({ trace }: AuthorizationRequest) =>
      world.network.reverse({ ...hold, trace, original: trace, reason: 'voided', repeat: false })
    await undo(more)
    expect(entry(world)).toMatchObject({ held: dong(132_000n) })
    await undo(hold)
    expect(entry(world)).toMatchObject({ held: dong(0n), reversed: true })
  })
  test('acknowledges the reversal of what it never saw, and declines it when it comes after all', async () => {
    const world = open()
    const sale = request()
    const advice = { ...sale, original: sale.trace, reason: 'no_answer', repeat: false } as const
    expect(await world.network.reverse(advice)).toMatchObject({ responseCode: '00' })
    expect(await world.ask(sale)).toMatchObject({ responseCode: '12' })
    expect(entry(world)).toBeUndefined()
  })
  test('counts a refund once, and two as two', async () => {
    const world = open()
    const sale = request()
    await world.ask(sale)
    const advice = { ...sale, original: sale.trace, amount: dong(1_000n), repeat: false }
    await world.network.refund(advice)
    await world.network.refund({ ...advice, repeat: true })
    await world.network.refund({ ...advice, trace: request().trace })
    expect(entry(world)).toMatchObject({ refunded: dong(2_000n) })
  })
  test('is bounded: the oldest is forgotten', async () => {
    const world = open()
    for (let one = 0; one < 1_001; one++) await world.ask(request({ reference: `REFERENCE${one}` }))
    expect(world.ledger.entry('REFERENCE0')).toBeUndefined()
    expect([...world.ledger.entries()]).toHaveLength(1_000)
  })
})
