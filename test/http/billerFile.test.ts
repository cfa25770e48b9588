// The biller's daily file: a line for everything that happened to the money of its bills, adding up to the books, the same whenever asked.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import {
  ask,
  type Bank,
  eventually,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, payFrom, post, refund } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let bank: Bank
let billerId: string
let key: string
let siteId: string
beforeEach(async () => {
  gateway = await openTestGateway()
  bank = await openBank(gateway)
  ;({ billerId, key, siteId } = await openBiller(
    gateway,
    { lateFee: { kind: 'fixed', fixed: '5000', graceDays: 0 }, feeBorneBy: 'payer' },
    { feePlan: { rate: '0.5', fixed: '0' } },
  ))
})
afterEach(() => gateway.stop())

let transfers = 0
const next = () => `day-${++transfers}`
const file = (date: string, as = key) => gateway.call('GET', `/v1/bills/days/${date}/file.csv`, { key: as })
/** Kinds, bills and amounts of the lines, without ids and times. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(','))
    .map(([, kind, , , bill, , , , , amount]) => [kind, bill, amount])

async function idsOf(...numbers: string[]): Promise<string[]> {
  await gateway.settled()
  const path = `/v1/bills?billerId=${billerId}&customerCode=PD13000123456`
  const { data } = (await gateway.call('GET', path, { key })).body
  return numbers.map((number) => data.find((one: { billNumber: string }) => one.billNumber === number).id)
}

/** What the books say the biller is owed more for a business day. */
async function booked(date: string, day: string): Promise<bigint> {
  const path = `/v1/ledger/accounts/merchant_payable/statement?merchantId=${billerId}&from=${date}T17:00:00Z&to=${day}T17:00:00Z`
  const { opening, closing } = (await gateway.call('GET', path, { key: operatorKey })).body
  return BigInt(closing) - BigInt(opening)
}

async function aDay(date = '2026-11-20'): Promise<void> {
  gateway.clock.now = new Date(`${date}T03:00:00Z`)
  await uploadBills(
    gateway,
    key,
    billFile(billRow('A', '100000'), billRow('B', '50000'), billRow('C', '70000')),
  )
  const [a, b, c] = (await idsOf('A', 'B', 'C')) as [string, string, string]
  const both = (await post(gateway, '/v1/bills/payments', key, { billIds: [a, b] })).body
  await payFrom(gateway, bank, both, next())
  const third = (await post(gateway, '/v1/bills/payments', key, { billIds: [c] })).body
  await payFrom(gateway, bank, third, next())
  const read = async (id: string) => (await gateway.call('GET', `/v1/bills/${id}`, { key })).body
  for (const id of [a, b, c]) await eventually('paid', async () => (await read(id)).status === 'paid')
  const refusal = { paymentId: third.id, outcome: 'refused', reason: 'account_closed' }
  await post(gateway, `/v1/bills/${c}/postings`, key, refusal)
  await becomes(gateway, { key }, `/v1/payments/${third.id}`, 'status', 'refunded')
}

test('says what was paid for which bill, what went back, and what it cost', async () => {
  await aDay()
  gateway.clock.now = new Date('2026-11-20T17:00:00Z') // midnight in Hanoi
  const { status, text, headers } = await file('2026-11-20')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  const lines = linesOf(text)
  const first = lines[0]![1] === 'A' ? ['A', 'B'] : ['B', 'A'] // in the order of their ids, both due on one day
  const share = { A: '105000', B: '55000' } as Record<string, string>
  expect(lines).toEqual([
    ...first.map((bill) => ['bill', bill, share[bill!]]),
    ['payer_fee', '', '800'],
    ['fee', '', '-800'],
    ['bill', 'C', '75000'],
    ['payer_fee', '', '375'],
    ['fee', '', '-375'],
    ['bill_returned', 'C', '-75375'],
  ])
  expect(text.split('\n').at(-2)).toBe('TOTAL,8,159625')
  expect(await booked('2026-11-19', '2026-11-20')).toBe(159_625n)
})

test('as camt.054 has the same lines, and says before them what they add up to', async () => {
  await aDay()
  gateway.clock.now = new Date('2026-11-20T17:00:00Z')
  const { status, text, headers } = await gateway.call('GET', '/v1/bills/days/2026-11-20/file.xml', { key })
  expect([status, headers.get('content-type')]).toEqual([200, 'application/xml; charset=utf-8'])
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found)
  const csv = linesOf((await file('2026-11-20')).text)
  expect(all(/<Cd>([a-z_]+)<\/Cd>/g)).toEqual(csv.map(([kind]) => kind))
  const signs = all(/<Ntry>.*?<CdtDbtInd>(\w+)<.*?<\/Ntry>/gs)
  const amounts = all(/<Ntry>.*?<Amt Ccy="VND">(\d+)<.*?<\/Ntry>/gs)
  expect(amounts.map((amount, at) => (signs[at] === 'DBIT' ? `-${amount}` : amount))).toEqual(
    csv.map(([, , amount]) => amount),
  )
  expect(text).toContain('<NbOfNtries>8</NbOfNtries>')
  expect(text.replace(/\s+/g, '')).toContain('<TtlNetNtry><Amt>159625</Amt><CdtDbtInd>CRDT</CdtDbtInd>')
  expect(all(/<Nb>(\w+)<\/Nb>/g)).toEqual(csv.map(([, bill]) => bill).filter((bill) => bill !== ''))
})

test('is the same bytes later, whatever has happened since', async () => {
  await aDay()
  gateway.clock.now = new Date('2026-11-21T03:00:00Z')
  const first = (await file('2026-11-20')).text
  await payFrom(gateway, bank, await ask(gateway, { merchantId: billerId, key, siteId }), next())
  gateway.clock.now = new Date('2026-12-21T03:00:00Z')
  expect((await file('2026-11-20')).text).toBe(first)
  expect(linesOf((await file('2026-11-19')).text)).toEqual([])
})

test('has the biller’s other payments, too, and refunds by hand: it adds up to all that is owed', async () => {
  const shop = { merchantId: billerId, key, siteId }
  gateway.clock.now = new Date('2026-11-20T03:00:00Z')
  const payment = await ask(gateway, shop)
  await payFrom(gateway, bank, payment, next())
  await refund(gateway, shop, payment.id)
  await becomes(gateway, { key }, `/v1/payments/${payment.id}`, 'status', 'partially_refunded')
  gateway.clock.now = new Date('2026-11-21T03:00:00Z')
  const { text } = await file('2026-11-20')
  expect(linesOf(text)).toEqual([
    ['payment', '', '125000'],
    ['fee', '', '-625'],
    ['refund', '', '-25000'],
  ])
  expect(await booked('2026-11-19', '2026-11-20')).toBe(99_375n)
})

test('has what was paid out, too', async () => {
  await aDay()
  await gateway.settled()
  const closed = await post(gateway, '/v1/settlements', operatorKey, { businessDate: '2026-11-20' })
  const settlement = closed.body.data.find((one: { merchantId: string }) => one.merchantId === billerId)
  expect(settlement.net).toBe('159625')
  gateway.clock.now = new Date('2026-11-21T03:00:00Z')
  const { text } = await file('2026-11-20')
  expect(linesOf(text).at(-1)).toEqual(['payout', '', '-159625'])
  expect(text.split('\n').at(-3)).toContain(settlement.id)
  expect(await booked('2026-11-19', '2026-11-20')).toBe(0n)
})

test('of a day that is not over is refused; another merchant’s is its own', async () => {
  gateway.clock.now = new Date('2026-11-20T03:00:00Z')
  expectRefused(await file('2026-11-20'), 'business_day_not_over')
  const shop = await openShop(gateway)
  await payFrom(gateway, bank, await ask(gateway, shop), next())
  gateway.clock.now = new Date('2026-11-21T03:00:00Z')
  expect(linesOf((await file('2026-11-20')).text)).toEqual([])
  expect(linesOf((await file('2026-11-20', shop.key)).text)).toEqual([['payment', '', '125000']])
})
