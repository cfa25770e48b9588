// A month of trade by seed, on a whole gateway with a clock of its own: every day is closed, paid out and reconciled, and for each merchant and day settlement, ledger, payout file and statement must agree.

import { readLog } from '../../src/adapters/node/logReader.ts'
import { addDays, businessDate } from '../../src/domain/core/businessDay.ts'
import type { EventStore, Recorded } from '../../src/domain/core/eventStore.ts'
import { expirePayments } from '../../src/domain/payments/expirePayments.ts'
import { sendTransfers } from '../../src/domain/payments/sendTransfers.ts'
import type { CardNetwork } from '../../src/domain/pos/cardNetwork.ts'
import { networkTeller } from '../../src/domain/pos/tellNetwork.ts'
import { payerAccountIn } from '../../src/http/payer.ts'
import { atRest } from '../support/atRest.ts'
import { approved, pretendNetwork, refusedWith } from '../support/cardNetwork.ts'
import {
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  supermarket,
  type TestGateway,
} from '../support/gateway.ts'
import { pain002 } from '../support/iso20022.ts'
import { post } from '../support/money.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { close, hashOfLines, reportOf, sumOf } from '../support/settlement.ts'
import { type Random, seeded } from './random.ts'
import { collecting, type TradeBank, tradeBank } from './tradeBank.ts'
import { type Play, play, type Trader, type Way, type World, wayOf } from './tradeSales.ts'
import { listed, type Statements, tradeStatements } from './tradeStatements.ts'

type Wish = {
  readonly seed: number
  readonly merchants: number
  /** Of all merchants together. */
  readonly paymentsADay: number
  /** Where the log is kept; else in memory. It is closed here. */
  readonly storeOf?: (now: () => Date) => EventStore
  readonly tell?: (what: string) => void
}

export type TradeMonth = {
  readonly payments: number
  readonly events: number
  readonly ways: Readonly<Partial<Record<Way, number>>>
  readonly daysClosed: number
  readonly settlements: number
  /** Of all merchants and days, in đồng; `seeded`: what the seed took off the statements' lines of payouts. */
  readonly sums: Readonly<Record<'settled' | 'ledger' | 'filed' | 'stated' | 'seeded', bigint>>
  /** What the differences were, how often each was put, and how many are still open in the books and in the list. */
  readonly differences: ReadonlyMap<string, number>
  readonly openExceptions: { readonly put: readonly string[]; readonly listed: readonly string[] }
  readonly rejected: number
  readonly returned: number
  /** All that did not agree: nothing, or something is wrong. */
  readonly wrong: readonly string[]
  readonly instants: number
  /** Differences of trial balances that were not zero. */
  readonly unbalanced: readonly string[]
  /** Reports and payout files, and those of them that were others after all read models had been deleted. */
  readonly files: number
  /** Of them, those with what was paid the same day. */
  readonly sameDayFiles: number
  readonly changedFiles: readonly string[]
}

const firstDay = '2026-11-01'
const tradingDays = 28
/** Afterwards nothing is sold, and what is on its way arrives. */
const quietDays = 10
const hours = [9, 12, 15, 20]
const atOnce = 24
const instantsWanted = 1_000

const at = (day: string, hour: number, second = 0): Date =>
  new Date(Date.parse(`${day}T00:00:00+07:00`) + hour * 3_600_000 + second * 1_000)

/** What a settlement answers, as far as it is looked at here. */
type Settled = {
  readonly id: string
  readonly merchantId: string
  readonly businessDate: string
  readonly net: string
  readonly carriedIn: string
  readonly fees: string
  readonly cutAt: string
  readonly hash: string
  readonly payout: { readonly status: string; readonly endToEndId?: string }
}

export async function playTradeMonth(wish: Wish): Promise<TradeMonth> {
  const { seed, merchants, paymentsADay, storeOf, tell = () => {} } = wish
  const random = seeded(seed)
  const clock = { now: at(firstDay, 8) }
  const bank = tradeBank(clock)
  const opened = await openWorld(clock, bank, storeOf)
  const { gateway, store, network } = opened
  const wrong: string[] = []
  const world: World = { gateway, bank, connector: await openBank(gateway), wrong, payments: new Map() }
  const traders = await openTraders(gateway, merchants)
  const statements = tradeStatements(gateway, bank, random, wrong)
  const month = accounts(world, statements)
  const drive = driver(gateway, bank, network)
  const rest = () => atRest(gateway, drive)
  const ways: Partial<Record<Way, number>> = {}
  const running: Play[] = []
  let sold = 0

  const hourOfTrade = async (day: string, hour: number, sales: number): Promise<void> => {
    clock.now = at(day, hour)
    await drive()
    await gateway.settled()
    for (let n = 0; n < sales; n++) {
      const way = wayOf((sold + 37 * Math.floor(sold / 100)) % 100)
      ways[way] = (ways[way] ?? 0) + 1
      const amount = BigInt(30_000 + random.below(900) * 1_000)
      running.push(play(world, { way, trader: random.pick(traders), amount, number: sold++ }))
    }
    const now = running.splice(0)
    await inParallel(now, async (one) => {
      if (!(await one.next()).done) running.push(one)
    })
    await rest()
  }

  for (let n = 0; n < tradingDays + quietDays; n++) {
    const day = addDays(firstDay, n)
    const trades = n < tradingDays
    await payOut(world, at(day, 8))
    for (const hour of hours) {
      if (trades && n % 6 === 2 && hour === 20) {
        await closeNow(world, at(day, 18))
        await month.takeFiles()
        await payOut(world, at(day, 19))
      }
      // Every fifth day nothing is sold, and money only goes back.
      const sales = trades && n % 5 !== 4 ? Math.round(paymentsADay / hours.length) : 0
      if (sales + running.length > 0) await hourOfTrade(day, hour, sales)
    }
    clock.now = at(day, 23.9)
    await rest()
    clock.now = at(day, 24, 30)
    await month.closeDay(day)
    await statements.send(day, trades)
    await month.explain()
    await rest()
    tell(`${day}: ${sold} payments, ${month.settlements.length} settlements`)
  }
  if (running.length > 0) wrong.push(`${running.length} plays have not ended`)
  await month.compare(traders)
  const unbalanced = await trialBalances(gateway, store, random)
  const differing = await rebuilt(gateway)
  if (differing.length > 0) wrong.push(`rebuilt beside: ${differing.join(', ')}`)
  const openExceptions = {
    put: [...statements.open].toSorted(),
    listed: (await listed(gateway, '/v1/reconciliations/exceptions')).map(({ id }) => id).toSorted(),
  }
  tell('all read models are deleted')
  const changedFiles = await filesAfterDeletion(opened, month.files)
  const events = await eventsOf(store)
  await opened.closeStore()
  return {
    payments: sold,
    events: events.length,
    ways,
    daysClosed: month.daysClosed(),
    settlements: month.settlements.length,
    sums: month.sums(),
    differences: statements.counts,
    openExceptions,
    rejected: bank.rejected.size,
    returned: bank.returned.size,
    wrong,
    instants: instantsWanted,
    unbalanced,
    files: month.files.size,
    sameDayFiles: [...month.files.keys()].filter((path) => path.includes('?cut=')).length,
    changedFiles,
  }
}

type Opened = {
  readonly gateway: TestGateway
  readonly store: EventStore
  readonly network: CardNetwork
  readonly settings: Parameters<typeof openTestGateway>[0]
  readonly stop: () => Promise<void>
  readonly closeStore: () => Promise<void>
}

const payoutFrom = { ...collecting[0]!, accountName: 'CONG TY THU NGAN' }

/** The store outlives its gateway. */
async function openWorld(clock: { now: Date }, bank: TradeBank, storeOf: Wish['storeOf']): Promise<Opened> {
  let kept: EventStore | undefined
  const around = (inner: EventStore): EventStore => {
    kept ??= storeOf ? storeOf(() => clock.now) : inner
    return { ...kept, close: async () => {} }
  }
  const network = pretendNetwork()
  const cards = {
    ...network,
    network: {
      ...network.network,
      refund: async ({ amount }: { readonly amount: { readonly minor: bigint } }) =>
        amount.minor % 100n === 51n ? refusedWith('05') : approved(),
    },
  }
  const settings = { around, cards, payoutFrom, clock, transferConnector: bank.connector }
  const gateway = await openTestGateway(settings)
  const stopping = followAtOnce(gateway)
  const store = kept!
  const stop = async () => {
    await stopping()
    await gateway.stop()
  }
  return { gateway, store, network: cards.network, settings, stop, closeStore: () => store.close() }
}

/** The read models follow the log without the pause in which events gather: a month has many questions, one after the other. */
function followAtOnce({ store, services, readModels: { projector } }: TestGateway): () => Promise<void> {
  const ending = new AbortController()
  const purpose = { name: 'read models at once', from: projector.checkpoint, handle: projector.apply }
  const { stopped } = readLog(store, purpose, services, ending.signal)
  return async () => {
    ending.abort()
    await stopped
  }
}

async function openTraders(gateway: TestGateway, count: number): Promise<readonly Trader[]> {
  const feePlans = [
    { rate: '0.5', fixed: '0' },
    { rate: '0', fixed: '500' },
    { rate: '0', fixed: '0' },
  ]
  const latePolicies = [
    { mode: 'accept', graceSeconds: 604_800 },
    { mode: 'hold' },
    { mode: 'return' },
  ] as const
  const traders: Trader[] = []
  for (let n = 0; n < count; n++) {
    const on = n % 2
    const latePolicy = latePolicies[n % 3]!
    const shop = await openShop(gateway, {
      name: `Cửa hàng ${n}`,
      settlementAccount: { ...supermarket.settlementAccount, ...collecting[on] },
      feePlan: feePlans[n % 3],
      latePolicy,
      autoReturnOverpayments: n % 2 === 0,
    })
    const body = {
      payoutAccount: { bankBin: '970415', accountNumber: `1900${n}`, accountName: `CUA HANG ${n}` },
      ...(n % 4 === 3 && { cutOff: '16:00' }),
      ...(n % 5 === 4 && { payoutCycle: 'weekly' }),
      ...(n % 7 === 5 && { payoutCycle: 'T+0' }),
    }
    await post(gateway, `/v1/merchants/${shop.merchantId}/settings`, operatorKey, body)
    traders.push({ ...shop, on, latePolicy: latePolicy.mode })
  }
  return traders
}

/** Does at once what the gateway's tasks do within a second of the real clock; answers whether money is on its way still. */
function driver(
  gateway: TestGateway,
  { connector }: TradeBank,
  network: CardNetwork,
): () => Promise<boolean> {
  const { services } = gateway
  const { payments, credits } = services.gateway
  const { now, readModels, vault } = services
  const { duePayments, dueTransfers } = readModels
  const senderIn = (sealed: string) => {
    const notification = vault.open(sealed)
    return notification === undefined ? undefined : payerAccountIn(notification)
  }
  const failed = (error: unknown) => {
    throw error
  }
  const { dueCardPayments } = readModels
  const teller = networkTeller({ payments, network, now, dueCardPayments, failed })
  return async () => {
    await teller.tellDue()
    await teller.idle()
    await expirePayments({ payments, now, duePayments })
    await sendTransfers({ payments, credits, now, connector, senderIn, dueTransfers })
    const at = now().toISOString()
    const due = await Promise.all([dueTransfers(at, 1), dueCardPayments(at, 1)])
    return due.some((ids) => ids.length > 0)
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** The bank carries payouts out, and says so twice. */
async function payOut({ gateway, bank, wrong }: World, now: Date): Promise<void> {
  gateway.clock.now = now
  const said = bank.payOut()
  if (said.length === 0) return
  const headers = { 'content-type': 'application/xml' }
  for (const recorded of [said.length, 0]) {
    const answer = await gateway.call('POST', '/v1/payouts/status', {
      key: operatorKey,
      body: pain002(said),
      headers,
    })
    if (answer.body?.recorded !== recorded || answer.body.conflicts !== 0 || answer.body.unknown !== 0)
      wrong.push(`pain.002 of ${now.toISOString()}: ${answer.text.slice(0, 300)}`)
  }
}

/** The operator closes a day that is not over; what comes later that day is of the next. */
async function closeNow({ gateway, wrong }: World, now: Date): Promise<void> {
  gateway.clock.now = now
  const day = businessDate(now.toISOString())
  const answers = [await close(gateway, day), await close(gateway, day)]
  if (answers[0]!.status !== 200 || answers[0]!.text !== answers[1]!.text)
    wrong.push(`${day} closed early: ${answers.map(({ text }) => text.slice(0, 200)).join(' then ')}`)
}

/** The accounts of the month: what settlements, books, files and statements say of each merchant and day. */
function accounts(world: World, statements: Statements) {
  const { gateway, bank, wrong } = world
  const settlements: Settled[] = []
  const lastOf = new Map<string, Settled>()
  const files = new Map<string, string>()
  /** What was filed for a settlement, by each of its orders. */
  const filed = new Map<string, readonly bigint[]>()
  let [days, ledgerSum] = [0, 0n]
  const start = gateway.clock.now.toISOString()

  async function closeDay(day: string): Promise<void> {
    const first = await close(gateway, day)
    const second = await close(gateway, day)
    if (first.status !== 200) throw new Error(`${day} is not closed: ${first.text}`)
    if (first.text !== second.text) wrong.push(`${day}: closed twice, two answers`)
    days += 1
    for (const settlement of first.body.data as Settled[]) await look(settlement)
    await takeFiles()
  }

  async function look(settlement: Settled): Promise<void> {
    const { id, merchantId, net, carriedIn, hash } = settlement
    const report = await reportOf(gateway, operatorKey, id)
    const lines = sumOf(report.rows, 'net')
    if (String(lines) !== net || report.hash !== hash || hashOfLines(report.text) !== hash)
      wrong.push(`${id}: net ${net}, lines ${lines}, hash ${report.hash}`)
    files.set(`/v1/settlements/${id}/report.csv`, report.text)
    const before = lastOf.get(merchantId)
    const owed = before && BigInt(before.net) < 0n ? before.net : '0'
    if (carriedIn !== owed) wrong.push(`${id}: carried in ${carriedIn}, not ${owed}`)
    const moved = await movement(merchantId, before?.cutAt ?? start, settlement.cutAt)
    ledgerSum += moved
    if (moved !== BigInt(net) - BigInt(carriedIn))
      wrong.push(`${id}: net ${net}, carried in ${carriedIn}, and the ledger moved ${moved}`)
    lastOf.set(merchantId, settlement)
    settlements.push(settlement)
  }

  /** By how much a merchant is owed more in the books, payouts aside. */
  async function movement(merchantId: string, from: string, to: string): Promise<bigint> {
    const path = `/v1/ledger/accounts/merchant_payable/statement?merchantId=${merchantId}&from=${from}&to=${to}`
    const lines = (await listed(gateway, path)) as readonly unknown[] as readonly Posted[]
    return lines
      .filter(({ event }) => !event.startsWith('Payout'))
      .reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  }

  /** Files that can be sent and were not: that of a date when it is over, and of what is to be paid the same day at once. */
  async function takeFiles(): Promise<void> {
    const { body } = await gateway.call('GET', '/v1/payouts?limit=5', { key: operatorKey })
    for (const { path } of body.data) if (!files.has(path)) await takeFile(path)
  }

  async function takeFile(path: string): Promise<void> {
    const [one, two] = [
      await gateway.call('GET', path, { key: operatorKey }),
      await gateway.call('GET', path, { key: operatorKey }),
    ]
    if (one.status !== 200 || one.headers.get('payout-file-status') !== 'final' || one.text !== two.text)
      wrong.push(`${path}: ${one.status} ${one.headers.get('payout-file-status')}`)
    files.set(path, one.text)
    for (const { endToEndId, amount } of bank.take(one.text)) {
      const of = endToEndId.split('-')[0]!
      filed.set(of, [...(filed.get(of) ?? []), amount])
    }
  }

  /** A person says what the bank's fees were. */
  async function explain(): Promise<void> {
    for (const { id, state, direction } of await listed(gateway, '/v1/reconciliations/exceptions')) {
      if (state !== 'unexpected' || direction !== 'debit') continue
      const body = { resolution: 'bank_fee', reason: 'phi SMS' }
      const path = `/v1/reconciliations/exceptions/${id}/resolve`
      const { status, text } = await post(gateway, path, operatorKey, body)
      if (status !== 200) wrong.push(`${path}: ${text}`)
      statements.open.delete(id)
    }
  }

  let [filedSum, statedSum] = [0n, 0n]

  async function compare(traders: readonly Trader[]): Promise<void> {
    for (const settlement of settlements) await compareOne(settlement)
    const balance = await balances(gateway)
    for (const [name, held] of balance)
      if (mustBeEmpty.includes(name) && held !== 0n) wrong.push(`${name} holds ${held}`)
    const fees = settlements.reduce((sum, one) => sum + BigInt(one.fees), 0n)
    if (balance.get('fee_income') !== fees)
      wrong.push(`fees ${fees}, in the books ${balance.get('fee_income')}`)
    const [books, paper] = [balance.get('bank_clearing')!, statements.corrected()]
    if (books !== paper) wrong.push(`bank_clearing ${books}, the statements without differences ${paper}`)
    const own = await owedByPayments(world)
    for (const { merchantId } of traders) {
      const settled = settlements
        .filter((one) => one.merchantId === merchantId)
        .reduce((sum, { net, carriedIn }) => sum + BigInt(net) - BigInt(carriedIn), 0n)
      if (settled !== own.get(merchantId))
        wrong.push(`${merchantId}: settled ${settled}, its payments say ${own.get(merchantId)}`)
      const last = lastOf.get(merchantId)
      const carried = last && BigInt(last.net) < 0n ? BigInt(last.net) : 0n
      const path = `/v1/ledger/accounts/merchant_payable/statement?merchantId=${merchantId}&limit=1`
      const { closing } = (await gateway.call('GET', path, { key: operatorKey })).body
      if (BigInt(closing) !== carried)
        wrong.push(`${merchantId} is owed ${closing} at the end, not ${carried}`)
    }
  }

  /** What the file asked for, each time, and what left the account in the end, is what was settled. */
  async function compareOne({ id, net }: Settled): Promise<void> {
    const { payouts } = (await gateway.call('GET', `/v1/settlements/${id}`, { key: operatorKey })).body
    const asked = filed.get(id.replace('set_', 'SET')) ?? []
    if (BigInt(net) <= 0n) {
      if (asked.length + payouts.length > 0) wrong.push(`${id}: net ${net}, and it is paid`)
      return
    }
    const names = payouts.map(({ endToEndId }: { endToEndId: string }) => endToEndId)
    const back = names.filter((name: string) => bank.rejected.has(name) || bank.returned.has(name))
    const statuses = String(payouts.map(({ status }: { status: string }) => status))
    if (statuses !== (back.length > 0 ? 'rejected,settled' : 'settled'))
      wrong.push(`${id}: payouts ${statuses}`)
    if (asked.length !== names.length || asked.some((amount) => String(amount) !== net))
      wrong.push(`${id}: net ${net}, in payout files ${asked.join(' ')}`)
    filedSum += asked.at(-1) ?? 0n
    const last = names.at(-1)
    const less = statements.seeded.get(last) ?? 0n
    const stated = statements.stated.get(last) ?? 0n
    statedSum += stated
    if (stated + less !== BigInt(net))
      wrong.push(`${id}: net ${net}, on the statement ${stated}, seeded ${less}`)
  }

  const sums = () => ({
    settled: settlements.reduce((sum, { net }) => (BigInt(net) > 0n ? sum + BigInt(net) : sum), 0n),
    ledger:
      ledgerSum -
      [...lastOf.values()].reduce((sum, { net }) => (BigInt(net) < 0n ? sum + BigInt(net) : sum), 0n),
    filed: filedSum,
    stated: statedSum,
    seeded: settlements.reduce((sum, { id }) => sum + seededOf(id, filed, statements.seeded), 0n),
  })
  return { closeDay, takeFiles, explain, compare, settlements, files, sums, daysClosed: () => days }
}

/** Of the order that was the last one for a settlement. */
const seededOf = (
  id: string,
  filed: ReadonlyMap<string, readonly bigint[]>,
  seeded: ReadonlyMap<string, bigint>,
): bigint => {
  const name = id.replace('set_', 'SET')
  return seeded.get(`${name}-${filed.get(name)?.length ?? 0}`) ?? 0n
}

/** What each merchant is owed by what its payments themselves say, one by one. */
async function owedByPayments({ gateway, payments }: World): Promise<ReadonlyMap<string, bigint>> {
  const owed = new Map<string, bigint>()
  await inParallel([...payments], async ([id, { merchantId, key }]) => {
    const read = async (path: string) => (await gateway.call('GET', path, { key })).body
    const payment = await read(`/v1/payments/${id}`)
    const disputes = payment.method === 'card' ? (await read(`/v1/payments/${id}/disputes`)).data : []
    const lost = disputes
      .filter(({ status }: { status: string }) => status === 'lost')
      .reduce((sum: bigint, { amount }: { amount: string }) => sum + BigInt(amount), 0n)
    const { amount, fee, amountRefunded } = payment
    const kept = BigInt(amount) - BigInt(fee) - BigInt(amountRefunded) - lost
    if (wasPaid.includes(payment.status)) owed.set(merchantId, (owed.get(merchantId) ?? 0n) + kept)
  })
  return owed
}
const wasPaid = ['paid', 'partially_refunded', 'refunded']

type Posted = { readonly event: string; readonly amount: string }

/** At the end nothing is on its way. */
const mustBeEmpty = [
  'credits_to_match',
  'open_payments',
  'returns_in_flight',
  'refunds_in_flight',
  'payouts_in_flight',
  'reserves',
  'chargebacks',
]

async function balances(gateway: TestGateway): Promise<ReadonlyMap<string, bigint>> {
  const { accounts } = (await gateway.call('GET', '/v1/ledger/trial-balance', { key: operatorKey })).body
  return new Map(
    accounts.map((one: { account: string; balance: string }) => [one.account, BigInt(one.balance)]),
  )
}

async function eventsOf(store: EventStore): Promise<readonly Pick<Recorded, 'recordedAt'>[]> {
  const all: Pick<Recorded, 'recordedAt'>[] = []
  for (let after = ''; ; ) {
    const page = await store.readAll(after, 1_000)
    if (page.length === 0) return all
    all.push(...page.map(({ recordedAt }) => ({ recordedAt })))
    after = page.at(-1)!.position
  }
}

/** As of instants by chance, and of others at which something was recorded. */
async function trialBalances(gateway: TestGateway, store: EventStore, random: Random): Promise<string[]> {
  const events = await eventsOf(store)
  const [first, last] = [Date.parse(events[0]!.recordedAt), Date.parse(events.at(-1)!.recordedAt)]
  const unbalanced: string[] = []
  const instants = Array.from({ length: instantsWanted }, () =>
    random.oneIn(2)
      ? new Date(first + random.below(last - first)).toISOString()
      : random.pick(events).recordedAt,
  )
  await inParallel(instants, async (asOf) => {
    const { body, text } = await gateway.call('GET', `/v1/ledger/trial-balance?asOf=${asOf}`, {
      key: operatorKey,
    })
    if (body?.difference !== '0') unbalanced.push(`${asOf}: ${text.slice(0, 200)}`)
  })
  return unbalanced
}

/** The gateway's folder goes, with every read model in it; another gateway reads the same log from its start. */
async function filesAfterDeletion(
  { stop, settings }: Opened,
  files: ReadonlyMap<string, string>,
): Promise<string[]> {
  await stop()
  const another = await openTestGateway(settings)
  await another.settled()
  const changed: string[] = []
  for (const [path, before] of files)
    if ((await another.call('GET', path, { key: operatorKey })).text !== before) changed.push(path)
  await another.stop()
  return changed
}
