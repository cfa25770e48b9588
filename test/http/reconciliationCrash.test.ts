// A statement that is cut off at any write, before or after it is durable, is finished when it is sent again.
import { expect, test } from 'vitest'
import { type EventStore, StoreUnavailable, type StreamAppend } from '../../src/domain/core/eventStore.ts'
import { ask, eventually, openBank, openShop, openTestGateway, passTime, pay } from '../support/gateway.ts'
import { camt053, sendStatement } from '../support/statements.ts'

/** Dies at the write of that number, counted from when it is armed; nothing is written until it lives again. */
function mortal() {
  let [writes, dieAt, dead, after] = [0, 0, false, false]
  const around = (store: EventStore): EventStore => {
    const appendInOrder = async (appends: readonly StreamAppend[]) => {
      if (dead) throw new StoreUnavailable('dead')
      writes += 1
      const dies = writes === dieAt
      if (!dies) return store.appendInOrder(appends)
      dead = true
      if (after) await store.appendInOrder(appends)
      throw new StoreUnavailable('died')
    }
    const append: EventStore['append'] = async (stream, expectedVersion, events) =>
      (await appendInOrder([{ stream, expectedVersion, events }]))[0]!
    return { ...store, append, appendInOrder }
  }
  return {
    around,
    arm: (at: number, whenDurable: boolean) => {
      ;[writes, dieAt, dead, after] = [0, at, false, whenDurable]
    },
    revive: () => {
      ;[dieAt, dead] = [0, false]
      return writes
    },
  }
}

/** A matched, a missing, a differing and a taken line, of which the last pays its payment; cut off at a write. */
async function cutOff(at: number, whenDurable: boolean, next: 'again' | 'overlapping' = 'again') {
  const death = mortal()
  const gateway = await openTestGateway({ around: death.around, sandbox: false })
  const shop = await openShop(gateway)
  const bank = await openBank(gateway)
  const [first, second, third, fourth] = [
    await ask(gateway, shop),
    await ask(gateway, shop),
    await ask(gateway, shop),
    await ask(gateway, shop),
  ]
  for (const [index, payment] of [first, second, third].entries())
    await pay(gateway, bank, payment, `FT${index}`)
  await passTime(gateway, 86_400)
  const lines = [
    { amount: '125000', reference: 'FT0' },
    { amount: '124000', reference: 'FT1' },
    { amount: '125000', reference: 'FT3', text: `TN${fourth.reference}` },
    { amount: '9000', text: 'tien hang' },
  ]
  const statement = camt053(lines)
  const following = next === 'again' ? statement : camt053(lines, { opening: 1n })
  await gateway.settled()
  death.arm(at, whenDurable)
  const cut = await sendStatement(gateway, statement)
  const writes = death.revive()
  const answer = await sendStatement(gateway, following)
  const again = await sendStatement(gateway, following)
  expect(again.body).toEqual(answer.body)
  await eventually('the payment is paid', async () => {
    const { body } = await gateway.call('GET', `/v1/payments/${fourth.id}`, { key: shop.key })
    return body.status === 'paid' && body.amountReceived === '125000'
  })
  const events = await gateway.store.readAll('', 10_000)
  const received = events.filter(({ type }) => type === 'CreditReceived').length
  const states = (list: string) =>
    answer.body[list].map((found: { line?: number; state?: string; rule?: string; outcome?: string }) => [
      found.line,
      found.state,
      found.rule,
      found.outcome,
    ])
  const exceptions = await gateway.readModels.queries.listReconciliationExceptions({
    limit: 10,
    cursor: undefined,
  })
  await gateway.stop()
  return {
    cut: cut.status,
    writes,
    seen: {
      status: answer.body.status,
      totals: answer.body.totals,
      lists: ['matched', 'missing', 'unexpected', 'differing'].map(states),
      received,
      exceptions: exceptions.rows.map(({ state }) => state).toSorted(),
    },
  }
}

test('at every write', async () => {
  const whole = await cutOff(0, false)
  expect(whole.cut).toBe(200)
  expect(whole.seen).toMatchObject({
    status: 'reconciled',
    received: 5,
    lists: [
      [[1, 'matched', 'bank_reference', undefined]],
      [[undefined, undefined, undefined, undefined]],
      [
        [3, 'unexpected', undefined, 'applied'],
        [4, 'unexpected', undefined, 'unmatched'],
      ],
      [[2, 'differing', 'bank_reference', undefined]],
    ],
    exceptions: ['differing', 'missing'],
  })
  expect(whole.writes).toBeGreaterThan(5)
  for (let at = 1; at <= whole.writes; at++)
    for (const whenDurable of [false, true]) {
      const { cut, seen } = await cutOff(at, whenDurable)
      expect(cut, `write ${at}`).not.toBe(200)
      expect(seen, `write ${at}${whenDurable ? ', durable' : ''}`).toEqual(whole.seen)
    }
}, 60_000)

test('and no money is left behind when another statement with the same lines comes instead', async () => {
  const { writes } = await cutOff(0, false)
  for (let at = 1; at <= writes; at++) {
    const { seen } = await cutOff(at, at % 2 === 0, 'overlapping')
    expect(seen, `write ${at}`).toMatchObject({ status: 'reconciled', received: 5 })
  }
}, 60_000)
