// Receipts: for whoever has the link, as a page, as PDF, and with the proof that the payment was recorded.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ask, askByCard, openBank, openShop, openTestGateway, pay } from '../support/gateway.ts'
import { refund } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'
import { endDay } from '../support/seals.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
const bank = await openBank(gateway)
afterAll(() => gateway.stop())

const receiptOf = async (id: string): Promise<string> => {
  const { body } = await gateway.call('GET', `/v1/payments/${id}/receipt`, { key: shop.key })
  return (body.receiptUrl as string).replace('http://gateway.test', '')
}
const pdfOf = (url: string): string => url.replace('?', '.pdf?')
const jsonOf = (url: string): string => url.replace('?', '.json?')
const get = (url: string) => gateway.call('GET', url, { headers: { accept: 'text/html' } })

async function paidByQr(changes: object = {}): Promise<string> {
  const payment = await ask(gateway, shop, { description: 'Hai ổ bánh mì', orderId: 'HD7', ...changes })
  await pay(gateway, bank, payment, `receipt ${payment.id}`)
  return receiptOf(payment.id)
}

describe('a receipt', () => {
  test('says who was paid, how much, when and for what, in both languages', async () => {
    const url = await paidByQr()
    const vietnamese = await get(`${url}&lang=vi`)
    expect(vietnamese.status).toBe(200)
    for (const text of ['Biên lai', 'Siêu thị Hoa Sen', '0101234567', '125.000', 'Hai ổ bánh mì', 'HD7'])
      expect(vietnamese.text).toContain(text)
    const english = await get(`${url}&lang=en`)
    for (const text of ['Payment receipt', '₫125,000', 'VietQR transfer', 'This receipt is no e-invoice.'])
      expect(english.text).toContain(text)
  })
  test('of a card says which, and no more of it than may be known', async () => {
    const { id } = await askByCard(gateway, shop, { capture: 'automatic' })
    const { text } = await get(`${await receiptOf(id)}&lang=en`)
    expect(text).toContain('411111******1111')
    expect(text).toContain('A1B2C3')
  })
  test('says what was refunded since', async () => {
    const { id } = await askByCard(gateway, shop, { capture: 'automatic' })
    const url = await receiptOf(id)
    await refund(gateway, shop, id)
    await expect.poll(async () => (await get(`${url}&lang=en`)).text).toContain('₫25,000')
  })
  test('escapes what a till calls its goods', async () => {
    const { text } = await get(await paidByQr({ description: '<script>alert(1)</script>' }))
    expect(text).not.toContain('<script>alert')
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })
  test('is linked from the page on which it was paid', async () => {
    const url = await paidByQr()
    const id = /pay_\w+/.exec(url)![0]
    expect((await get(`/checkout/${id}?lang=en`)).text).toContain('See the receipt')
  })
})

describe('its link', () => {
  test('is not there before the payment was paid', async () => {
    const { id } = await ask(gateway, shop)
    expectRefused(
      await gateway.call('GET', `/v1/payments/${id}/receipt`, { key: shop.key }),
      'payment_not_paid',
    )
  })
  test('is not told to another merchant', async () => {
    const url = await paidByQr()
    const stranger = await openShop(gateway)
    const path = `/v1/payments/${/pay_[^?]+/.exec(url)![0]}/receipt`
    expectRefused(await gateway.call('GET', path, { key: stranger.key }), 'not_found')
  })
  test('cannot be guessed, and holds nothing personal', async () => {
    const url = await paidByQr()
    expect(url).toMatch(/^\/v1\/receipts\/pay_[0-9A-Z*~$=]{18}\?token=[0-9A-Z]{26}$/)
    const wrong = url.slice(0, -1) + (url.endsWith('0') ? '1' : '0')
    for (const bad of [wrong, url.replace(/\?.*/, ''), `${url}0`]) expect((await get(bad)).status).toBe(404)
    expectRefused(await get(pdfOf(wrong)), 'not_found')
    expectRefused(await get(jsonOf(wrong)), 'not_found')
  })
  test('of one payment opens no other', async () => {
    const [one, other] = [await paidByQr(), await paidByQr()]
    const [token] = /\?.*/.exec(one)!
    expect((await get(other.replace(/\?.*/, token))).status).toBe(404)
  })
  test('is kept by nobody between, and passed on to nobody', async () => {
    const url = await paidByQr()
    for (const form of [url, pdfOf(url)]) {
      const { headers } = await get(form)
      expect(headers.get('cache-control')).toContain('no-store')
      expect(['same-origin', 'no-referrer']).toContain(headers.get('referrer-policy'))
    }
  })
})

describe('as PDF', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-receipt-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const bytesOf = async (url: string): Promise<Buffer> => {
    const response = await gateway.app.request(url)
    expect(response.headers.get('content-type')).toBe('application/pdf')
    return Buffer.from(await response.arrayBuffer())
  }
  test('holds the same words, with Vietnamese letters that a reader finds', async () => {
    const pdf = await bytesOf(`${pdfOf(await paidByQr())}&lang=vi`)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const file = join(folder, 'receipt.pdf')
    writeFileSync(file, pdf)
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
    for (const words of [
      'Siêu thị Hoa Sen',
      'Biên lai thanh toán',
      '125.000',
      'Hai ổ bánh mì',
      'hóa đơn điện tử',
    ])
      expect(text).toContain(words)
    expect(readFileSync(file).length).toBeLessThan(120_000) // the fonts are cut down to what is used
  })
  test('is the same bytes each time', async () => {
    const url = pdfOf(await paidByQr())
    expect((await bytesOf(url)).equals(await bytesOf(url))).toBe(true)
  })
})

test('the proof comes when the day is sealed, by a code on the receipt; before, it says when', async () => {
  const url = await paidByQr()
  expect((await get(`${url}&lang=en`)).text).toContain('open the receipt again tomorrow')
  expectRefused(await get(jsonOf(url)), 'day_not_sealed')
  await endDay(gateway)
  const { text } = await get(`${url}&lang=en`)
  expect(text).toContain('leads to the proof')
  expect(text).toContain('<svg role="img"')
  const { status, body } = await get(jsonOf(url))
  expect(status).toBe(200)
  expect(body).toMatchObject({ event: { type: 'PaymentPaid' }, seal: { date: '2026-11-22' } })
})
