// A month of a biller and its customers with mandates, by a clock that the test moves: who is debited, once, and who is not, and why.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import { eventually, openTestGateway, type TestGateway } from '../support/gateway.ts'
import { mandateOf, openMandate, rememberingDebits, runClock } from '../support/mandates.ts'

let gateway: TestGateway
let bank: ReturnType<typeof rememberingDebits>
let biller: Awaited<ReturnType<typeof openBiller>>
beforeEach(async () => {
  bank = rememberingDebits()
  gateway = await openTestGateway({ debitConnector: bank.connector })
  bank.over(gateway)
  at('2026-11-02')
  biller = await openBiller(gateway, { lateFee: { kind: 'fixed', fixed: '10000', graceDays: 0 } })
})
afterEach(() => gateway.stop())

const at = (date: string, time = '03:00:00') => {
  gateway.clock.now = new Date(`${date}T${time}.000Z`)
}
const customers = ['an', 'binh', 'chi', 'dung', 'em', 'giang', 'hoa', 'khanh'] as const
type Customer = (typeof customers)[number]
const code = (customer: Customer) => `PD1300000000${customers.indexOf(customer)}`
const ids = {} as Record<Customer, string>
const read = (customer: Customer) => mandateOf(gateway, biller.key, ids[customer])
const debitOf = async (customer: Customer) => (await read(customer)).debits[0]
const act = (customer: Customer, name: string) =>
  gateway.call('POST', `/v1/mandates/${ids[customer]}/${name}`, { key: biller.key, body: {} })

/** Once a customer's debit is so. */
async function becomes(customer: Customer, status: string) {
  await eventually(`${customer} is ${status}`, async () => (await debitOf(customer))?.status === status)
  return debitOf(customer)
}
async function billOf(customer: Customer) {
  const { billId } = await debitOf(customer)
  return (await gateway.call('GET', `/v1/bills/${billId}`, { key: biller.key })).body
}
const types = async () => (await gateway.store.readAll('', 100_000)).map(({ type }) => type)
const count = async (type: string) => (await types()).filter((one) => one === type).length

test('paid, paid elsewhere, over the cap, over it with the late fee, paused and resumed, declined, unknown, canceled', async () => {
  const key = biller.key
  for (const customer of customers)
    ids[customer] = await openMandate(gateway, biller, { customerCode: code(customer) })
  at('2026-11-05')
  const rows = [
    billRow('AN', '100000', code('an')),
    billRow('BINH', '200000', code('binh')),
    billRow('CHI', '1000001', code('chi')),
    billRow('DUNG', '300000', code('dung')),
    billRow('EM', '300051', code('em')),
    billRow('GIANG', '400091', code('giang')),
    billRow('HOA', '500000', code('hoa')),
    `KHANH,${code('khanh')},995000,2026-11-05,2026-11-06`, // due within the notice period: then it is late
    billRow('NOBODY', '600000', 'PD13000000009'),
  ]
  await uploadBills(gateway, key, billFile(...rows))
  for (const customer of customers) await becomes(customer, customer === 'chi' ? 'skipped' : 'announced')
  expect(await debitOf('an')).toMatchObject({
    amount: '100000',
    debitOn: '2026-11-12',
    debitAt: '2026-11-12T00:00:00.000Z',
  })
  expect(await debitOf('khanh')).toMatchObject({ amount: '995000', debitAt: '2026-11-08T03:00:00.000Z' })
  expect(await debitOf('chi')).toMatchObject({ reason: 'over_cap' })

  at('2026-11-08', '02:59:59')
  await runClock(gateway, bank.connector)
  expect((await debitOf('khanh')).status).toBe('announced')
  at('2026-11-08')
  await runClock(gateway, bank.connector)
  expect(await becomes('khanh', 'skipped')).toMatchObject({ reason: 'over_cap' }) // 1,005,000 by now

  at('2026-11-09')
  await uploadBills(gateway, key, 'billNumber,status\nBINH,paid')
  expect((await act('dung', 'pause')).status).toBe(200)
  expect((await act('hoa', 'cancel')).body.debits).toMatchObject([
    { status: 'skipped', reason: 'mandate_canceled' },
  ])
  expect(bank.debited).toEqual([])

  at('2026-11-12', '00:00:00')
  await runClock(gateway, bank.connector)
  expect(await becomes('binh', 'skipped')).toMatchObject({ reason: 'paid_elsewhere' })
  expect(await becomes('dung', 'skipped')).toMatchObject({ reason: 'mandate_paused' })
  expect(await becomes('em', 'declined')).toMatchObject({ reason: 'insufficient_funds' })
  expect(await becomes('giang', 'unknown')).toMatchObject({ amount: '400091' })
  expect(await becomes('an', 'completed')).toMatchObject({ amount: '100000' })
  await eventually("An's bill is paid", async () => (await billOf('an')).status === 'paid')
  await eventually("Em's bill is free", async () => (await billOf('em')).paymentPending === undefined)
  expect((await billOf('em')).status).toBe('open')
  expect((await billOf('giang')).paymentPending).toBe((await debitOf('giang')).paymentId)

  at('2026-11-12', '00:00:02')
  await runClock(gateway, bank.connector)
  await becomes('giang', 'completed')
  await eventually("Giang's bill is paid", async () => (await billOf('giang')).status === 'paid')

  at('2026-11-15')
  expect((await act('dung', 'resume')).body.status).toBe('active')
  expect(await becomes('dung', 'announced')).toMatchObject({
    amount: '310000',
    debitAt: '2026-11-18T03:00:00.000Z',
  })
  at('2026-11-18')
  await runClock(gateway, bank.connector)
  expect(await becomes('dung', 'completed')).toMatchObject({ amount: '310000' })
  await eventually("Dung's bill is paid", async () => (await billOf('dung')).status === 'paid')

  at('2026-11-30')
  for (const _ of [1, 2, 3]) await runClock(gateway, bank.connector)
  const debited = bank.debited.map(({ amount, debitId }) => [debitId.slice(0, 20), amount.minor])
  expect(debited.toSorted()).toEqual(
    [
      [ids.an, 100_000n],
      [ids.em, 300_051n],
      [ids.giang, 400_091n],
      [ids.dung, 310_000n],
    ].toSorted(),
  )
  expect(new Set(bank.asked.map(({ debitId }) => debitId.slice(0, 20)))).toEqual(new Set([ids.giang]))
  expect([
    await count('PaymentRequested'),
    await count('PaymentPaid'),
    await count('PaymentCanceled'),
  ]).toEqual([4, 3, 1])
  expect([await count('BillPaid'), await count('CreditReceived'), await count('CreditUnapplied')]).toEqual([
    3, 3, 0,
  ])
  expect([await count('DebitAnnounced'), await count('DebitSkipped')]).toEqual([8, 5])
})
