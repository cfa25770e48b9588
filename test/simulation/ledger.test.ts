// The books through bad days by seed: balanced at every step and as of every instant, equal to what the deciders and lists say, and rebuilt the same.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { sumName } from '../../projections/ledger.ts'
import { type UnappliedCreditRow, unappliedCredits } from '../../projections/unappliedCredits.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { feeOn } from '../../src/domain/core/fees.ts'
import { openGateway } from '../../src/domain/gateway.ts'
import type { OpenedPayment } from '../../src/domain/payments/payment.ts'
import { wasPaid } from '../../src/domain/payments/refund.ts'
import { holdsMoney } from '../../src/domain/payments/transfer.ts'
import { type Account, accountNames } from '../../src/domain/settlement/accounts.ts'
import { type Posting, postingsOf } from '../../src/domain/settlement/postings.ts'
import { differenceOf, justAfter, totalsBefore } from '../../src/http/ledgerTotals.ts'
import { actOnCard, type CardWorld, sellByCard } from './cardWorld.ts'
import {
  apply,
  attempt,
  cancel,
  catchUp,
  escheat,
  expire,
  giveBack,
  openWorld,
  refund,
  repeat,
  sell,
  send,
  settle,
  transfer,
  wait,
} from './world.ts'

const steps = 250
const instantsMax = 40

/** A clock that is set back now and then. */
const setBack = async (world: CardWorld): Promise<void> => {
  if (world.random.oneIn(4)) world.clock -= world.random.below(90) * 1_000
}
const acts = [
  ...[sell, sell, transfer, transfer, transfer, repeat, cancel, expire, wait, wait, catchUp],
  ...[apply, apply, giveBack, refund, refund, send, send, escheat],
  ...[sellByCard, sellByCard, actOnCard, actOnCard, actOnCard, actOnCard, setBack],
]

/** Debits less credits of `account currency`, and of `account currency merchant`. */
type Books = Map<string, bigint>

function post(books: Books, { account, side, amount, merchantId }: Posting): void {
  const minor = side === 'debit' ? amount.minor : -amount.minor
  const name = `${account} ${amount.currency}`
  for (const key of merchantId ? [name, `${name} ${merchantId}`] : [name])
    books.set(key, (books.get(key) ?? 0n) + minor)
}

const currencies = ['VND', 'USD']
const held = (books: Books, account: Account, rest = 'VND'): bigint => books.get(`${account} ${rest}`) ?? 0n
const differences = (books: Books): bigint[] =>
  currencies.map((currency) =>
    accountNames.reduce((sum, account) => sum + held(books, account, currency), 0n),
  )

/** What a payment's own state says that its merchant is owed for it. */
function owedFor(payment: OpenedPayment): bigint {
  if (payment.method === 'qr') {
    if (!wasPaid(payment.status)) return 0n
    const transfers = [...payment.refunds.values()].flatMap((one) => one.transfers).filter(holdsMoney)
    const back = transfers.reduce((sum, { amount }) => sum + amount.minor, 0n)
    return payment.received.minor - BigInt(payment.fee.amount) - back
  }
  if (!payment.captured || payment.status === 'reversed') return 0n
  const { amount } = payment.captured
  const refunds = [...payment.refunds.values()].filter(({ status }) => status !== 'failed')
  const disputes = [...payment.disputes.values()].filter(({ status }) => status !== 'won')
  const back = [...refunds, ...disputes].reduce((sum, one) => sum + one.amount.minor, 0n)
  return amount.minor - feeOn(amount, payment.feePlan).minor - back
}

/** What was paid on a payment that is not paid in full yet, as its own state says. */
const openOn = (payment: OpenedPayment): bigint =>
  payment.method === 'qr' && payment.status === 'pending' ? payment.received.minor : 0n

/** Follows the log step by step: books, the list of unapplied money, and what the states of payments say, must agree. */
function follow(world: CardWorld) {
  const books: Books = new Map()
  const unapplied = new Map<string, UnappliedCreditRow>()
  const said = new Map<string, { payable: string; owed: bigint; open: bigint }>()
  const { payments } = openGateway({
    store: world.store,
    newEventId: () => 'none',
    cache: { get: () => undefined, set: () => {} },
  })
  let position = ''

  const list = (event: Recorded): void => {
    const { handles, keyOf, evolve } = unappliedCredits
    if (!handles.includes(event.type)) return
    const id = String(keyOf(event)[0])
    unapplied.set(id, evolve(unapplied.get(id), event) as UnappliedCreditRow)
  }
  const askStates = async (events: readonly Recorded[]): Promise<void> => {
    const touched = new Set(events.map(({ stream }) => stream).filter((name) => name.startsWith('payment-')))
    for (const stream of touched) {
      const { state } = await payments.load(stream.slice('payment-'.length))
      if (state.status === 'new') continue
      const payable = `merchant_payable ${state.amount.currency} ${state.merchantId}`
      said.set(stream, { payable, owed: owedFor(state), open: openOn(state) })
    }
  }

  return async (): Promise<Books> => {
    const events = await world.store.readAll(position, 1_000_000)
    position = events.at(-1)?.position ?? position
    for (const event of events) {
      for (const posting of postingsOf(event)) post(books, posting)
      list(event)
    }
    await askStates(events)
    expect(differences(books)).toEqual([0n, 0n])
    for (const currency of currencies) {
      const listed = [...unapplied.values()].filter((row) => row.currency === currency)
      expect(-held(books, 'unapplied_funds', currency)).toBe(sumOf(listed.map(({ amount }) => amount)))
    }
    for (const payable of new Set([...said.values()].map((one) => one.payable))) {
      const own = [...said.values()].filter((one) => one.payable === payable)
      expect(-(books.get(payable) ?? 0n), payable).toBe(sumOf(own.map(({ owed }) => owed)))
    }
    expect(-held(books, 'open_payments')).toBe(sumOf([...said.values()].map(({ open }) => open)))
    return books
  }
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n)

/** The books of all that was recorded before an instant, added up from the whole log. */
const booksBefore = (log: readonly Recorded[], instant: string): Books => {
  const books: Books = new Map()
  for (const event of log)
    if (event.recordedAt < instant) for (const posting of postingsOf(event)) post(books, posting)
  return books
}

const folder = mkdtempSync(join(tmpdir(), 'thungan-books-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the books of a bad day', () => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))('seed %i', async (seed) => {
    const world: CardWorld = Object.assign(openWorld(seed), { cards: [] })
    const models = sqliteReadModels(join(folder, `${seed}.sqlite`))
    const project = async () =>
      models.projector.apply(
        await world.store.readAll(models.projector.checkpoint(), 1 + world.random.below(400)),
      )
    const look = follow(world)
    for (let step = 0; step < steps; step++) {
      await attempt(world.random.pick(acts)(world))
      await look()
      if (world.random.oneIn(9)) await project()
    }
    const log = await settle(world)
    const books = await look()
    while (models.projector.checkpoint() < (await world.store.head())) await project()

    // When the day is over nothing is on its way, and every đồng that came in is with somebody or gone.
    for (const account of ['credits_to_match', 'returns_in_flight'] as const)
      expect(held(books, account), account).toBe(0n)
    const paidOut = sumOf([...world.bank.paidOut.values()])
    const cameIn = log.filter(({ type }) => type === 'CreditReceived') as Recorded<Received>[]
    const received = cameIn.filter(({ data }) => data.amount.currency === 'VND')
    expect(held(books, 'bank_clearing') + paidOut - usdPaidOut(log)).toBe(
      sumOf(received.map(({ data }) => BigInt(data.amount.amount))),
    )
    expect(-held(books, 'fee_income')).toBeGreaterThan(0n)

    // As of any instant the read models say what the whole log adds up to.
    const ports = { readModels: models.queries, readAll: world.store.readAll }
    const instants = [...new Set(log.map(({ recordedAt }) => recordedAt))]
    for (let count = 0; count < instantsMax; count++) {
      const at = world.random.pick(instants)
      const before = world.random.oneIn(2) ? at : justAfter(at)
      const [expected, totals] = [booksBefore(log, before), await totalsBefore(before, ports)]
      expect(differenceOf(totals)).toBe(0n)
      for (const total of totals)
        for (const account of accountNames)
          expect(
            total[sumName(account, 'debit')] - total[sumName(account, 'credit')],
            `${account} ${total.currency} before ${before}`,
          ).toBe(held(expected, account, total.currency))
      for (const merchantId of ['mer_7K3MA', 'mer_9QZXW'])
        expect(await models.queries.payableUpTo(merchantId, 'VND', before, '')).toBe(
          -(expected.get(`merchant_payable VND ${merchantId}`) ?? 0n),
        )
    }
    expect((await models.rebuild(world.store)).differing).toEqual([])
    models.close()
  })
})

type Received = { type: 'CreditReceived'; data: { amount: { amount: string; currency: string } } }

/** What the bank paid out in dollars: it counts minor units only. */
const usdPaidOut = (log: readonly Recorded[]): bigint =>
  sumOf(
    log
      .filter(({ type }) => type === 'CreditReturned')
      .map(({ data }) => (data as Received['data']).amount)
      .filter(({ currency }) => currency === 'USD')
      .map(({ amount }) => BigInt(amount)),
  )
