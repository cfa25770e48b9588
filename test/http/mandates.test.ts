// Mandates over HTTP: who gives, sees and ends them, what is refused, what is told, and that money comes the ordinary way.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import {
  eventually,
  openShop,
  openTestGateway,
  operatorKey,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { customerCode, mandateBody, mandateOf, openMandate, runClock } from '../support/mandates.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let biller: Awaited<ReturnType<typeof openBiller>>
let agent: Shop
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())
beforeEach(async () => {
  gateway.clock.now = new Date('2026-11-12T03:00:00.000Z')
  biller = await openBiller(gateway)
  agent = await openShop(gateway)
})

const give = (changes: object = {}, key = biller.key) =>
  gateway.call('POST', '/v1/mandates', { key, body: mandateBody(biller.billerId, changes) })
const act = (id: string, name: string, key = biller.key) =>
  gateway.call('POST', `/v1/mandates/${id}/${name}`, { key, body: {} })
const list = async (query = '', key = biller.key) =>
  (await gateway.call('GET', `/v1/mandates${query}`, { key })).body
const bill = (number = 'A', amount = '100000') =>
  uploadBills(gateway, biller.key, billFile(billRow(number, amount)))
const events = async (id: string) => gateway.store.read(`mandate-${id}`)

/** The debits of a mandate, once the newest is so. */
async function debitsOf(id: string, status: string) {
  const debits = async () => (await mandateOf(gateway, biller.key, id)).debits
  await eventually(`a debit of ${id} is ${status}`, async () => (await debits())[0]?.status === status)
  return debits()
}

describe('a mandate', () => {
  test('is asked for, and active once the bank of the payer has taken it', async () => {
    const { status, body } = await give({ customerCode: 'pd13 000.123-456' })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(new RegExp(`^man_${biller.billerId.slice(4)}[0-9A-Z]{11}$`)),
      billerId: biller.billerId,
      customerCode,
      status: 'requested',
      cap: '1000000',
      currency: 'VND',
      noticeDays: 3,
      requestedAt: '2026-11-12T03:00:00.000Z',
      debits: [],
    })
    await runClock(gateway)
    expect(await mandateOf(gateway, biller.key, body.id)).toEqual({
      ...body,
      status: 'active',
      account: { last4: '6789' },
    })
  })

  test('is declined by the bank, or not decided', async () => {
    const declined = await openMandate(gateway, biller, { token: 'dbt_declined' })
    expect(await mandateOf(gateway, biller.key, declined)).toMatchObject({
      status: 'declined',
      reason: 'account_closed',
    })
    expectRefused(await act(declined, 'cancel'), 'mandate_ended')
    const { id } = (await give({ token: 'dbt_pending' })).body
    await runClock(gateway)
    expectRefused(await act(id, 'pause'), 'mandate_not_active')
    gateway.clock.now = new Date('2026-11-14T03:00:00.000Z')
    await runClock(gateway)
    expect(await mandateOf(gateway, biller.key, id)).toMatchObject({
      status: 'declined',
      reason: 'not_answered',
    })
  })

  test('is listed for its biller and for who gave it, and 404 for all others', async () => {
    const own = await openMandate(gateway, biller)
    const { id } = (await give({}, agent.key)).body
    await gateway.settled()
    const idsOf = ({ data }: { data: { id: string }[] }) => data.map((one) => one.id).toSorted()
    expect(idsOf(await list())).toEqual([own, id].toSorted())
    expect(idsOf(await list('?as=agent', agent.key))).toEqual([id])
    expect(idsOf(await list('?as=agent'))).toEqual([])
    expect(idsOf(await list('', agent.key))).toEqual([])
    expect(idsOf(await list('?status=canceled'))).toEqual([])
    const first = await list('?limit=1')
    const second = await list(`?limit=1&cursor=${first.nextCursor}`)
    expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual([own, id].toSorted())
    expect(second.nextCursor).toBeNull()

    for (const key of [biller.key, agent.key, operatorKey])
      expect((await mandateOf(gateway, key, id)).agentId).toBe(agent.merchantId)
    const stranger = (await openShop(gateway)).key
    for (const [method, path] of [
      ['GET', `/v1/mandates/${id}`],
      ['GET', `/v1/mandates/${own}`],
      ['POST', `/v1/mandates/${id}/pause`],
      ['POST', `/v1/mandates/${id}/resume`],
      ['POST', `/v1/mandates/${id}/cancel`],
    ] as const)
      expectRefused(await gateway.call(method, path, { key: stranger }), 'not_found')
    expectRefused(await gateway.call('GET', `/v1/mandates/${own}`, { key: agent.key }), 'not_found')
    expectRefused(await act(own, 'cancel', agent.key), 'not_found')
    expect((await act(id, 'cancel', agent.key)).body).toMatchObject({
      status: 'canceled',
      canceledBy: 'merchant',
    })
  })

  test.each([
    ['/customerCode', { customerCode: 'X1' }],
    ['/cap', { cap: '0' }],
    ['/cap', { cap: '500000000' }],
    ['/currency', { currency: 'USD' }],
    ['/noticeDays', { noticeDays: 31 }],
    ['/noticeDays', { noticeDays: -1 }],
    ['/noticeDays', { noticeDays: 1.5 }],
    ['/token', { token: '0123456789' }],
    ['/token', { token: 'acc_0123456789' }],
    ['/token', { token: 'dbt_4111111111111111' }],
    ['/token', { token: 'Nguyen Van A' }],
    ['/accountNumber', { accountNumber: '0123456789' }],
  ])('is refused for %s %j', async (pointer, changes) =>
    expectRefused(await give(changes), 'validation_failed', pointer),
  )

  test('is refused for who is no biller, and where no account can be debited', async () => {
    expectRefused(await give({ billerId: agent.merchantId }), 'biller_not_found')
    const real = await openTestGateway({ sandbox: false })
    const { billerId, key } = await openBiller(real)
    const body = mandateBody(billerId)
    expectRefused(await real.call('POST', '/v1/mandates', { key, body }), 'debits_unavailable')
    await real.stop()
  })
})

describe('a debit', () => {
  test('of a bill that was there before the mandate: announced, then paid by an ordinary credit', async () => {
    await bill()
    const id = await openMandate(gateway, biller, { noticeDays: 0 })
    await debitsOf(id, 'announced')
    await runClock(gateway)
    const [{ paymentId, billId }] = await debitsOf(id, 'completed')
    const payment = (await gateway.call('GET', `/v1/payments/${paymentId}`, { key: biller.key })).body
    expect(payment).toMatchObject({ status: 'paid', amount: '100000', merchantId: biller.billerId })
    await eventually('the bill is paid', async () => {
      const { body } = await gateway.call('GET', `/v1/bills/${billId}`, { key: biller.key })
      return body.status === 'paid' && body.payments[0].paymentId === paymentId
    })
  })

  test('waits while another payment of the bill is under way, and is skipped once that has paid it', async () => {
    const id = await openMandate(gateway, biller, { noticeDays: 1 })
    await bill()
    const [{ billId }] = await debitsOf(id, 'announced')
    gateway.clock.now = new Date('2026-11-12T03:00:10.000Z')
    const body = { billIds: [billId], expiresInSeconds: 86_400 }
    const till = await gateway.call('POST', '/v1/bills/payments', { key: agent.key, body })
    expect(till.status).toBe(201)
    gateway.clock.now = new Date('2026-11-13T03:00:05.000Z')
    await runClock(gateway)
    expect((await debitsOf(id, 'announced')).length).toBe(1)
    await gateway.call('POST', '/v1/sandbox/pay', { body: { qrPayload: till.body.qr.payload } })
    await eventually('the debit is skipped', async () => {
      await runClock(gateway)
      return (await mandateOf(gateway, biller.key, id)).debits[0].status === 'skipped'
    })
    expect(await debitsOf(id, 'skipped')).toMatchObject([{ reason: 'paid_elsewhere' }])
  })

  const header = 'billNumber,customerCode,amount,issuedOn,dueOn,status,supersedes'
  const other = 'PD13000000000'
  const row = (number: string, code: string, more: string) =>
    `${header}\n${number},${code},100000,2026-11-05,2026-11-12,${more}`
  test.each([
    ['bill_canceled', 'the biller took it back', `${header}\nA,,,,,canceled,`],
    ['bill_canceled', 'another bill stands for it', row('B', other, 'open,A')],
    ['customer_changed', "it is another customer's", row('A', other, 'open,')],
    ['paid_elsewhere', 'it was paid at a counter', `${header}\nA,,,,,paid,`],
  ])('is skipped, %s: %s meanwhile', async (reason, _why, correction) => {
    const id = await openMandate(gateway, biller, { noticeDays: 1 })
    await bill()
    await debitsOf(id, 'announced')
    expect((await uploadBills(gateway, biller.key, correction)).body).toMatchObject({ accepted: 1 })
    gateway.clock.now = new Date('2026-11-13T03:00:00.000Z')
    await runClock(gateway)
    expect(await debitsOf(id, 'skipped')).toMatchObject([{ reason }])
    expect(await gateway.services.gateway.mandates.load(id)).toMatchObject({ state: { status: 'active' } })
  })

  test('is skipped where the biller takes no such amount', async () => {
    const amountRule = { exactness: 'RANGE', min: '200000', max: '900000', multiple: '1' } as const
    const strict = await openBiller(gateway, { amountRule })
    const id = await openMandate(gateway, strict, { noticeDays: 0 })
    await uploadBills(gateway, strict.key, billFile(billRow('A', '100000')))
    const debits = async () => (await mandateOf(gateway, strict.key, id)).debits
    await eventually('it is announced', async () => (await debits()).length === 1)
    await runClock(gateway)
    await eventually('it is skipped', async () => (await debits())[0].status === 'skipped')
    expect(await debits()).toMatchObject([{ reason: 'amount_not_allowed' }])
  })

  test('of two mandates of a customer the older one pays', async () => {
    const first = await openMandate(gateway, biller)
    gateway.clock.now = new Date('2026-11-12T03:00:01.000Z')
    const second = await openMandate(gateway, biller)
    await bill('A')
    await bill('B', '200000')
    await debitsOf(first, 'announced')
    await eventually('both are announced', async () => (await debitsOf(first, 'announced')).length === 2)
    expect((await mandateOf(gateway, biller.key, second)).debits).toEqual([])
  })

  test('forty bills of one customer in one file are announced once each, also when the file comes again', async () => {
    const id = await openMandate(gateway, biller)
    const rows = Array.from({ length: 40 }, (_, at) => billRow(`N${at}`, '1000'))
    for (const _ of [1, 2]) await uploadBills(gateway, biller.key, billFile(...rows))
    const announced = async () => (await events(id)).filter(({ type }) => type === 'DebitAnnounced').length
    await eventually('forty are announced', async () => (await announced()) === 40)
    await uploadBills(gateway, biller.key, billFile(...rows, billRow('LAST', '1000')))
    await eventually('the last is announced', async () => (await announced()) > 40)
    expect(await announced()).toBe(41)
  })

  test("a payer's fee counts, too: over the cap with it is over the cap", async () => {
    const feePlan = { rate: '0', fixed: '1000' }
    const fees = await openBiller(gateway, { feeBorneBy: 'payer' }, { feePlan })
    const ids: string[] = []
    for (const [at, cap] of ['101000', '100999'].entries()) {
      const code = `PD1300000000${at}`
      ids.push(await openMandate(gateway, fees, { noticeDays: 0, cap, customerCode: code }))
      await uploadBills(gateway, fees.key, billFile(billRow(`F${at}`, '100000', code)))
    }
    const debits = () =>
      Promise.all(ids.map(async (id) => (await mandateOf(gateway, fees.key, id)).debits[0]))
    await eventually('both are announced', async () => (await debits()).every((debit) => debit !== undefined))
    await runClock(gateway)
    await eventually('both have ended', async () =>
      (await debits()).every(({ status }) => status === 'completed' || status === 'skipped'),
    )
    expect(await debits()).toMatchObject([
      { status: 'completed', amount: '101000' },
      { status: 'skipped', reason: 'over_cap' },
    ])
  })

  test('a corrected bill that fits the cap now is announced again', async () => {
    const id = await openMandate(gateway, biller)
    await bill('A', '1000001')
    expect(await debitsOf(id, 'skipped')).toMatchObject([{ reason: 'over_cap' }])
    gateway.clock.now = new Date('2026-11-12T03:00:01.000Z')
    await bill('A', '1000000')
    expect(await debitsOf(id, 'announced')).toMatchObject([{ amount: '1000000' }])
  })

  test('for whom an agent acts: the payment names it', async () => {
    const { id } = (await give({ noticeDays: 0 }, agent.key)).body
    await runClock(gateway)
    await bill()
    await debitsOf(id, 'announced')
    await runClock(gateway)
    const [{ paymentId }] = await debitsOf(id, 'completed')
    const { body } = await gateway.call('GET', `/v1/payments/${paymentId}`, { key: agent.key })
    expect(body).toMatchObject({ id: paymentId, agent: { merchantId: agent.merchantId } })
  })
})

test('biller and agent are told, with ids only', async () => {
  const hookOf = async (key: string) => {
    const body = { url: `http://127.0.0.1:9/${key.slice(-6)}`, payload: 'thin' }
    return `/v1/webhook-endpoints/${(await gateway.call('POST', '/v1/webhook-endpoints', { key, body })).body.id}`
  }
  const hooks = [
    { hook: await hookOf(biller.key), key: biller.key },
    { hook: await hookOf(agent.key), key: agent.key },
  ]
  const { id } = (await give({ noticeDays: 0 }, agent.key)).body
  await runClock(gateway)
  await bill()
  const [{ billId }] = await debitsOf(id, 'announced')
  await runClock(gateway)
  const [{ paymentId }] = await debitsOf(id, 'completed')
  await act(id, 'pause')
  for (const { hook, key } of hooks) {
    const told = async () =>
      (await gateway.call('GET', `${hook}/messages`, { key })).body.data
        .filter(({ type }: { type: string }) => type.startsWith('mandate.'))
        .map(({ type, data }: { type: string; data: object }) => [type, data])
    await eventually('four messages are there', async () => (await told()).length === 4)
    expect(await told()).toEqual([
      ['mandate.activated', { mandateId: id }],
      ['mandate.debit_announced', { mandateId: id, billId }],
      ['mandate.debit_completed', { mandateId: id, billId, paymentId }],
      ['mandate.paused', { mandateId: id }],
    ])
  }
  expect(JSON.stringify(await events(id))).not.toMatch(/0123456789|NGUYEN/)
})
