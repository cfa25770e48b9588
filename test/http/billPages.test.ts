// The payer's pages of bills: found by customer code and paid, from a message's link, and nobody's name on any of them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBiller, uploadBills } from '../support/billers.ts'
import { eventually, openTestGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let biller: { billerId: string; key: string }
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())
beforeEach(async () => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000) // the guesses of the test before are over
  biller = await openBiller(gateway, { lateFee: { kind: 'fixed', fixed: '5000', graceDays: 0 } })
})

const code = 'PD13000123456'
const header = 'billNumber,customerCode,amount,issuedOn,dueOn,customerName,customerAddress'
const row = (number: string, amount: string, more = '') =>
  `${number},${code},${amount},2026-11-05,2026-11-12,Nguyễn Văn Bình,12 Phố Huế${more}`
async function send(...rows: string[]): Promise<void> {
  const { body } = await uploadBills(gateway, biller.key, [header, ...rows].join('\n'))
  expect(body.rejectedCount).toBe(0)
  await gateway.settled()
}
const billsOf = async () => {
  const path = `/v1/bills?billerId=${biller.billerId}&customerCode=${code}`
  return (await gateway.call('GET', path, { key: biller.key })).body.data as { id: string }[]
}
const own = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
const submit = (path: string, fields: [string, string][], headers: object = {}) => {
  const body = new URLSearchParams(fields).toString()
  const length = { 'content-length': String(body.length) }
  return gateway.call('POST', path, { body, headers: { ...own, ...length, ...headers } })
}
const find = (customerCode: string, headers: object = {}) =>
  submit(
    '/bills',
    [
      ['biller', biller.billerId],
      ['code', customerCode],
    ],
    headers,
  )

test('the page names the companies that send bills, in both languages', async () => {
  await gateway.settled()
  const vi = await gateway.call('GET', '/bills')
  expect(vi.status).toBe(200)
  expect(vi.text).toContain('Trả hóa đơn điện, nước, viễn thông')
  expect(vi.text).toContain(`<option value="${biller.billerId}">Điện lực</option>`)
  expect((await gateway.call('GET', '/bills?lang=en')).text).toContain('Pay electricity, water and telecom')
})

describe('a customer code', () => {
  test('shows what is open, with late fees, and nobody by name', async () => {
    await send(row('A', '100000'), row('B', '50000'))
    const { status, text, headers } = await find('pd 13000 123456')
    expect(status).toBe(200)
    for (const shown of ['A', 'B', '105.000', '55.000', '160.000', 'quá hạn', code])
      expect(text).toContain(shown)
    for (const hidden of ['Nguyễn', 'Bình', 'N. V. B.', 'Phố Huế']) expect(text).not.toContain(hidden)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('that owes nothing is another answer than one that is nobody’s', async () => {
    await send(row('A', '100000'))
    await uploadBills(gateway, biller.key, 'billNumber,status\nA,paid')
    await gateway.settled()
    expect((await find(code)).text).toContain('không còn hóa đơn nào')
    const unknown = await find('PD13000999999')
    expect(unknown.status).toBe(404)
    expect(unknown.text).toContain('role="alert"')
  })

  test('may be guessed ten times a minute', async () => {
    for (let guess = 0; guess < 10; guess++) expect((await find(`PD1300099${1000 + guess}`)).status).toBe(404)
    expect((await find(code)).status).toBe(429)
  })

  test('is not taken from a page elsewhere', async () => {
    expect((await find(code, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })
})

describe('paying', () => {
  const choose = (ids: string[]) =>
    submit(
      '/bills/pay',
      ids.map((id) => ['bill', id]),
    )

  test('leads to one checkout for the chosen bills, and a second press to the same', async () => {
    await send(row('A', '100000'), row('B', '50000'))
    const ids = (await billsOf()).map(({ id }) => id)
    const first = await choose(ids)
    expect(first.status).toBe(303)
    const checkout = first.headers.get('location')!
    expect(checkout).toMatch(/^\/checkout\/pay_/)
    expect((await choose(ids)).headers.get('location')).toBe(checkout)
    const { text } = await gateway.call('GET', checkout)
    for (const shown of ['Hóa đơn A', 'Hóa đơn B', '105.000', '160.000']) expect(text).toContain(shown)
  })

  test('of nothing is refused in words', async () => {
    const { status, text } = await choose([])
    expect([status, text.includes('Chọn ít nhất một hóa đơn')]).toEqual([409, true])
  })
})

describe('the link in a message', () => {
  const linkOf = async (): Promise<{ id: string; path: string }> => {
    const [{ id }] = (await billsOf()) as [{ id: string }]
    const { payUrl } = (await gateway.call('GET', `/v1/bills/${id}`, { key: biller.key })).body
    const { pathname, search } = new URL(payUrl)
    return { id, path: pathname + search }
  }

  test('shows one bill and what it costs now, without a name or a code', async () => {
    await send(row('A', '100000'))
    const { path } = await linkOf()
    const { status, text } = await gateway.call('GET', path)
    expect(status).toBe(200)
    expect(text).toContain('105.000')
    for (const hidden of ['Nguyễn', 'Phố Huế', code]) expect(text).not.toContain(hidden)
  })

  test('says that it is paid, as soon as it is', async () => {
    await send(row('A', '100000'))
    const { id, path } = await linkOf()
    const checkout = (await submit('/bills/pay', [['bill', id]])).headers.get('location')!
    const paymentId = checkout.split('/').at(-1)!
    const { qr } = (await gateway.call('GET', `/v1/payments/${paymentId}`, { key: biller.key })).body
    await gateway.call('POST', '/v1/sandbox/pay', { body: { qrPayload: qr.payload } })
    expect((await gateway.call('GET', path)).text).toContain('Hóa đơn này đã được trả')
    const bill = async () => (await gateway.call('GET', `/v1/bills/${id}`, { key: biller.key })).body
    await eventually('the bill is paid', async () => (await bill()).status === 'paid')
    const { receiptUrl } = (
      await gateway.call('GET', `/v1/payments/${paymentId}/receipt`, { key: biller.key })
    ).body
    const { pathname, search } = new URL(receiptUrl)
    expect((await gateway.call('GET', pathname + search)).text).toContain('Hóa đơn A')
  })

  test('leads on to the bill that stands for it', async () => {
    await send(row('A', '100000'))
    const { path } = await linkOf()
    const changed = `${header},supersedes\n${row('A2', '90000', ',A')}`
    expect((await uploadBills(gateway, biller.key, changed)).body.accepted).toBe(1)
    const { text } = await gateway.call('GET', path)
    expect(text).toContain('thay bằng hóa đơn khác')
    const next = /class="button" href="(\/bills\/bil_[^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&')
    expect((await gateway.call('GET', next)).text).toContain('A2')
  })

  test('that is wrong looks like a page that does not exist', async () => {
    await send(row('A', '100000'))
    const { id, path } = await linkOf()
    for (const wrong of [
      `/bills/${id}`,
      `${path.slice(0, -1)}${path.endsWith('0') ? '1' : '0'}`,
      '/bills/bil_1',
    ])
      expect((await gateway.call('GET', wrong)).status).toBe(404)
  })
})
