// Ten thousand credits with every fault there is, in any order, with repeats and crashes: all of it is somewhere, to the đồng.
import { describe, expect, test } from 'vitest'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { addUp } from './books.ts'
import {
  apply,
  attempt,
  cancel,
  catchUp,
  expire,
  giveBack,
  openWorld,
  repeat,
  sell,
  send,
  settle,
  transfer,
  type World,
  wait,
} from './world.ts'

const creditsMin = 10_000
/** Of the transfers that payers make, some are never announced. */
const madeMin = 11_500
const crashEvery = 1_000
/** A few days a run; `SEEDS=50` plays fifty. */
const seeds = Number(process.env.SEEDS ?? 5)

const acts = [
  ...[sell, sell, sell, transfer, transfer, transfer, transfer, transfer, repeat, repeat],
  ...[apply, giveBack, send, cancel, expire, wait],
]

async function play(world: World): Promise<void> {
  for (let step = 1; world.creditIds.length < madeMin; step++) {
    await attempt(world.random.pick(acts)(world))
    if (step % crashEvery === 0) await catchUp(world)
  }
}

/** Every row of the table of what can happen to money that arrives, by what the log says of it. */
const faults = ['overpaid', 'duplicate', 'late', 'canceled', 'unmatched', 'mismatch', 'underpaid'] as const

const reasonsIn = (events: readonly Recorded[]): Set<unknown> =>
  new Set(
    events
      .filter(({ type }) => type === 'CreditUnapplied')
      .map(({ data }) => (data as { reason: unknown }).reason),
  )

describe('ten thousand credits', () => {
  test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
    'seed %i',
    { timeout: 120_000 },
    async (seed) => {
      const world = openWorld(seed)
      await play(world)
      const events = await settle(world)
      const { sum, transfers, astray, paidTwice, overpaid } = addUp(events)
      const returned = [...transfers.values()]
        .filter(({ status }) => status === 'completed')
        .reduce((total, { amount }) => total + amount, 0n)
      expect(sum.in).toBe(sum.onPayments + sum.unapplied + returned)
      expect({ astray, paidTwice, overpaid }).toEqual({ astray: [], paidTwice: [], overpaid: [] })
      expect(reasonsIn(events)).toEqual(new Set(faults))
      expect(events.filter(({ type }) => type === 'CreditReceived').length).toBeGreaterThanOrEqual(creditsMin)
      const paidOut = [...world.bank.paidOut.values()].reduce((total, amount) => total + amount, 0n)
      expect([paidOut, world.bank.sentTwice]).toEqual([returned, []])
    },
  )
})
