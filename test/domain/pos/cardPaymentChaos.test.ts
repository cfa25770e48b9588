// A card payment under everything at once: random commands, repeated and out of order, and what must hold after each.
import { expect, test } from 'vitest'
import type { Money } from '../../../src/domain/core/money.ts'
import * as cardPayment from '../../../src/domain/pos/cardPayment.ts'
import type { CardPaymentCommand, CardPaymentEvent } from '../../../src/domain/pos/cardPaymentEvents.ts'
import { type CardPayment, openReversals } from '../../../src/domain/pos/cardPaymentState.ts'
import { type Random, seeded } from '../../simulation/random.ts'
import * as s from './cardSamples.ts'

const anyCommand = ({ pick, below }: Random): CardPaymentCommand => {
  const attemptId = pick(['a1', 'a1', 'a2', 'a3'])
  const amount = pick(['1', '500000', '1350000', '2000000', '2500000'])
  const refundId = pick(['ref_1', 'ref_2', 'ref_3'])
  return pick([
    s.approve(amount, attemptId, pick(['F7G8H9', 'OTHER1'])),
    s.approve('2000000'),
    s.decline(attemptId),
    s.noAnswer(attemptId),
    s.increment('500000', pick(['a2', 'a3'])),
    s.capture(amount, pick(['c1', 'c2']), 1 + below(59)),
    s.voidIt,
    s.expire(s.at(below(59))),
    s.reverse,
    s.reverseSale,
    s.acknowledgeCompletion(pick(['c1', 'c2'])),
    s.acknowledge(1 + below(4)),
    s.refund(amount, refundId),
    s.completeRefund(refundId),
    s.failRefund(refundId),
  ])
}

function apply(
  state: CardPayment,
  command: CardPaymentCommand,
): { after: CardPayment; events: CardPaymentEvent[] } {
  const decision = cardPayment.decide(command, state)
  const events = decision.accepted ? [...decision.events] : []
  return { after: events.reduce(cardPayment.evolve, state), events }
}

const sum = (amounts: readonly Money[]): bigint => amounts.reduce((total, { minor }) => total + minor, 0n)

/** Money is never taken above what is held, nor given back above what was taken, nor taken from what is being reversed. */
function check(state: CardPayment): void {
  if (state.status === 'new') return
  const { captured, authorized, refunds, reversals, attempts, attemptId } = state
  const taken = captured?.amount.minor ?? 0n
  expect(taken).toBeLessThanOrEqual(authorized.minor)
  const standing = [...refunds.values()].filter(({ status }) => status !== 'failed')
  expect(sum(standing.map(({ amount }) => amount))).toBeLessThanOrEqual(taken)
  const undone = captured && reversals.some((one) => one.attemptId === attemptId)
  if (undone) expect([state.capture, standing]).toEqual(['automatic', []]) // a sale, of which nothing went back
  for (const [id, { outcome }] of attempts)
    if (outcome === 'unknown') expect(reversals.some((one) => one.attemptId === id)).toBe(true)
}

/** The network answers at last: every open reversal is acknowledged, as the process that repeats them would see to. */
function settle(state: CardPayment): CardPayment {
  if (state.status === 'new') return state
  return openReversals(state).reduce<CardPayment>(
    (before, { reversal }) => apply(before, s.acknowledge(reversal)).after,
    state,
  )
}

const ended = ['paid', 'declined', 'expired', 'voided', 'reversed', 'partially_refunded', 'refunded']

function live(seed: number): void {
  const random = seeded(seed)
  const log: CardPaymentEvent[] = []
  const sale = random.oneIn(3) ? ({ capture: 'automatic' } as const) : {}
  const partial = random.oneIn(3) ? { acceptsPartial: false } : {}
  let { after: state, events } = apply(cardPayment.initialState(), s.request({ ...sale, ...partial }))
  log.push(...events)
  for (let step = 0; step < 15; step++) {
    const command = anyCommand(random)
    ;({ after: state, events } = apply(state, command))
    log.push(...events)
    check(state)
    expect(apply(state, command).events, `${command.type} twice`).toEqual([])
  }
  expect(log.reduce(cardPayment.evolve, cardPayment.initialState())).toEqual(state)
  expect(log.filter(({ type }) => type === 'PaymentPaid').length).toBeLessThanOrEqual(1)

  // Whatever happened: once the clock has run out and the network has answered, the payment is over.
  state = apply(state, s.expire(s.at(59))).after
  state = settle(state)
  if (state.status === 'new') throw new Error('no payment')
  expect(openReversals(state)).toEqual([])
  expect(ended).toContain(state.status)
}

test('two thousand lives', () => {
  for (let seed = 0; seed < 2_000; seed++)
    try {
      live(seed)
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
})
