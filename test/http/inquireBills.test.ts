// GET /v1/bills: what a customer owes, to whom it is told and how much of it, and how often one may ask.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import { openShop, openTerminal, openTestGateway, type TestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let billerId: string
let key: string
let till: string
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())
beforeEach(async () => {
  gateway.clock.now = new Date('2026-11-22T03:00:00.000Z')
  ;({ billerId, key } = await openBiller(gateway, {
    lateFee: { kind: 'rate', percentPerDay: '0.03', graceDays: 3 },
    cutOffAfterDays: 15,
  }))
  till = (await openTerminal(gateway, await openShop(gateway))).key
})

const code = 'PD13000123456'
const bill = { customerCode: code, amount: '1000000', issuedOn: '2026-11-05', dueOn: '2026-11-12' }
const send = async (...bills: object[]) => {
  const body = JSON.stringify(bills)
  const { body: result } = await uploadBills(gateway, key, body, { 'content-type': 'application/json' })
  expect(result.rejected).toEqual([])
  await gateway.settled()
}
const ask = (customerCode = code, as = till, of = billerId) =>
  gateway.call('GET', `/v1/bills?billerId=${of}&customerCode=${encodeURIComponent(customerCode)}`, {
    key: as,
  })

describe('a customer who owes', () => {
  test('is told every open bill, the first due first, with late fees as of now and the total', async () => {
    const [old, young] = [
      { ...bill, billNumber: 'A1', period: '2026-10' },
      { ...bill, billNumber: 'A2', amount: '500', issuedOn: '2026-11-20', dueOn: '2026-11-27' },
    ]
    await send(young, old)
    const { status, body } = await ask('pd13 000 123 456')
    expect(status).toBe(200)
    expect(body).toEqual({
      outcome: 'OUTSTANDING',
      billerId,
      customerCode: code,
      data: [
        {
          id: expect.stringMatching(/^bil_/),
          billNumber: 'A1',
          period: '2026-10',
          amount: '1000000',
          lateFee: '3000',
          due: '1003000',
          currency: 'VND',
          issuedOn: '2026-11-05',
          dueOn: '2026-11-12',
          overdue: true,
          cutOffOn: '2026-11-27',
        },
        expect.objectContaining({ billNumber: 'A2', lateFee: '0', due: '500', overdue: false }),
      ],
      more: false,
      total: { amount: '1000500', lateFee: '3000', due: '1003500', currency: 'VND' },
      asOf: '2026-11-22T03:00:00.000Z',
    })
    gateway.clock.now = new Date('2026-11-23T03:00:00.000Z')
    expect((await ask()).body.total).toMatchObject({ lateFee: '3300', due: '1003800' })
  })

  test('more than a hundred bills sees the oldest, and that there are more', async () => {
    const rows = Array.from({ length: 101 }, (_, at) => billRow(`A${at}`, '1000'))
    await uploadBills(gateway, key, billFile(...rows))
    await gateway.settled()
    const { body } = await ask()
    expect([body.data.length, body.more, body.total.amount]).toEqual([100, true, '100000'])
  })

  test('does not owe what was canceled, superseded or paid elsewhere', async () => {
    await send(...['A1', 'A2', 'A3', 'A4'].map((billNumber) => ({ ...bill, billNumber })))
    await send(
      { billNumber: 'A1', status: 'canceled' },
      { billNumber: 'A2', status: 'paid' },
      { ...bill, billNumber: 'A5', amount: '7', supersedes: 'A3' },
    )
    const numbers = (await ask()).body.data.map(({ billNumber }: { billNumber: string }) => billNumber)
    expect(numbers.toSorted()).toEqual(['A4', 'A5'])
  })

  test('owes what the bill says now, under the code that it has now', async () => {
    await send({ ...bill, billNumber: 'A1' })
    await send({ ...bill, billNumber: 'A1', amount: '5', customerCode: 'PD13000123457' })
    expectRefused(await ask(), 'customer_not_found')
    expect((await ask('PD13000123457')).body.total.amount).toBe('5')
  })
})

test('who owes nothing is known, and nobody is not', async () => {
  await send({ ...bill, billNumber: 'A1' })
  await send({ billNumber: 'A1', status: 'paid' })
  const { status, body } = await ask()
  expect([status, body.outcome, body.data]).toEqual([200, 'NO_OUTSTANDING', []])
  expect(body.total).toEqual({ amount: '0', lateFee: '0', due: '0', currency: 'VND' })
  expectRefused(await ask('PD13000999999'), 'customer_not_found')
})

test('a code is of one biller, and must fit', async () => {
  await send({ ...bill, billNumber: 'A1' })
  const other = await openBiller(gateway)
  expectRefused(await ask(code, till, other.billerId), 'customer_not_found')
  expectRefused(await ask('HN123456'), 'validation_failed', 'customerCode')
  expectRefused(await ask(code, till, (await openShop(gateway)).merchantId), 'biller_not_found')
})

describe('who a customer is', () => {
  const named = {
    ...bill,
    customerName: 'Nguyễn thị Ánh',
    customerPhone: '0987654321',
    customerAddress: '7 ngõ Huế',
  }

  test('is told to the biller, and to all others by initials', async () => {
    await send({ ...named, billNumber: 'A1' })
    expect((await ask(code, key)).body.customer).toEqual({
      name: 'Nguyễn thị Ánh',
      phone: '0987654321',
      address: '7 ngõ Huế',
    })
    for (const as of [till, (await openShop(gateway)).key, (await openBiller(gateway)).key]) {
      const { body, text } = await ask(code, as)
      expect(body.customer).toEqual({ name: 'N. T. Á.' })
      expect(text).not.toMatch(/Nguyễn|0987654321|Huế/)
    }
  })

  test('is not told where there is no name', async () => {
    await send({ ...bill, billNumber: 'A1', customerPhone: '0987654321' })
    expect((await ask()).body.customer).toBeUndefined()
  })
})

describe('asking', () => {
  test('for codes one after the other ends soon, also of codes that are right; the biller itself may', async () => {
    await send({ ...bill, billNumber: 'A1' })
    const wrong = (at: number) => `PD13000${String(500_000 + at)}`
    for (let at = 0; at < 30; at++) {
      expectRefused(await ask(wrong(at)), 'customer_not_found')
      if (at < 29) expect((await ask()).status).toBe(200) // what is right does not count
    }
    const refused = await ask()
    expectRefused(refused, 'too_many_guesses')
    expect(refused.headers.get('retry-after')).toBe('60')
    for (let at = 0; at < 31; at++) expectRefused(await ask(wrong(at), key), 'customer_not_found')
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
    expect((await ask()).status).toBe(200)
  })

  test('too often at a till is refused for the rest of the minute; other keys go on', async () => {
    await send({ ...bill, billNumber: 'A1' })
    for (let at = 0; at < 120; at++) expect((await ask()).status).toBe(200)
    const refused = await ask()
    expectRefused(refused, 'too_many_inquiries')
    expect(refused.headers.get('retry-after')).toBe('60')
    expect((await ask(code, key)).status).toBe(200)
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
    expect((await ask()).status).toBe(200)
  })
})
