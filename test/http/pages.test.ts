// The pages as a program sees them: status codes, headers, languages, escaping, and forms that are refused.
import { afterAll, describe, expect, test } from 'vitest'
import { languageOf } from '../../src/http/pages/language.ts'
import { problems } from '../../src/http/problem.ts'
import { openShop, openTestGateway, type Shop } from '../support/gateway.ts'
import { becomes } from '../support/money.ts'

const html = { accept: 'text/html,application/xhtml+xml' }
const english = { ...html, 'accept-language': 'en-GB,en;q=0.9' }

const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(() => gateway.stop())

const get = (path: string, headers: Record<string, string> = html) => gateway.call('GET', path, { headers })

async function ask(changes: object = {}, { key, siteId }: Shop = shop) {
  const body = { siteId, method: 'qr', amount: '125000', currency: 'VND', ...changes }
  return (await gateway.call('POST', '/v1/payments', { key, body })).body
}

const pay = async (qrPayload: string, changes: object = {}) =>
  (await gateway.call('POST', '/v1/sandbox/pay', { body: { qrPayload, ...changes } })).body

const ownForm = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = ownForm) {
  const body = new URLSearchParams(fields).toString()
  return gateway.call('POST', path, { body, headers: { 'content-length': String(body.length), ...headers } })
}

describe('every page', () => {
  test.each(['/', '/sandbox', '/docs', '/problems', '/nothing'])('%s carries the headers', async (path) => {
    const { headers } = await get(path)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })

  test('names its language, and offers the other one at the same address', async () => {
    const page = await get('/sandbox?qr=0002&lang=en')
    expect(page.text).toContain('<html lang="en">')
    expect(page.headers.get('content-language')).toBe('en')
    expect(page.text).toContain('href="/sandbox?qr=0002&amp;lang=vi"')
  })

  test('keeps a chosen language in its links, and a browser’s own out of them', async () => {
    expect((await get('/?lang=en')).text).toContain('href="/docs?lang=en"')
    expect((await get('/', english)).text).toContain('href="/docs"')
  })

  test('has its assets under addresses that change with their content', async () => {
    const { text } = await get('/')
    const address = /href="(\/assets\/style\.css\?v=[\w-]{8})"/.exec(text)?.[1]
    const asset = await get(address!)
    expect(asset.status).toBe(200)
    expect(asset.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(asset.headers.get('cache-control')).toContain('max-age=')
  })
})

test.each([
  ['en', undefined, 'en'],
  ['vi', 'en', 'vi'],
  ['fr', 'en-US', 'en'],
  [undefined, 'vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
  [undefined, 'fr, en;q=0.5, vi;q=0.4', 'en'],
  [undefined, 'vi;q=0, en;q=0.1', 'en'],
  [undefined, 'de', 'vi'],
  [undefined, undefined, 'vi'],
])('?lang=%s and Accept-Language %s read %s', (asked, header, language) => {
  expect(languageOf(asked, header)).toBe(language)
})

describe('checkout', () => {
  test('shows who is paid, how much and how', async () => {
    const { id, reference } = await ask()
    const { status, text, headers } = await get(`/checkout/${id}`)
    expect(status).toBe(200)
    expect(text).toContain('Siêu thị Hoa Sen')
    expect(text).toContain('Hoa Sen Tràng Tiền')
    expect(text).toContain('125.000\u00a0₫')
    expect(text).toContain(`src="/v1/payments/${id}/qr.svg" alt="Mã VietQR`)
    expect(text).toContain('MB Bank')
    expect(text).toContain(`TN${reference}`)
    expect(text).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>')
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await get(`/checkout/${id}`, english)).text).toContain('₫125,000')
  })

  test('escapes what a merchant calls itself', async () => {
    const evil = await openShop(gateway, { name: '<script>alert(1)</script>' })
    const { id } = await ask({ description: '"><img src=x>' }, evil)
    const { text } = await get(`/checkout/${id}`)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img src=x>')
  })

  test('of a part shows what came, what is due, and a QR for the rest', async () => {
    const { id, qr } = await ask()
    await pay(qr.payload, { amount: '50000' })
    const { text } = await get(`/checkout/${id}`)
    expect(text).toContain('data-view="partial"')
    expect(text).toContain('data-state="pending 50000"')
    expect(text).toContain('75.000\u00a0₫')
    expect(text).toContain('src="data:image/svg+xml,')
    const bankApp = await get(`/sandbox?payment=${id}`)
    expect(bankApp.text).toContain('540575000')
  })

  test('of a paid one is a receipt, and refreshes no more', async () => {
    const { id, qr } = await ask({ orderId: 'HD-17' })
    await pay(qr.payload)
    const { text } = await get(`/checkout/${id}`)
    expect(text).toContain('data-view="paid"')
    expect(text).toContain('HD-17')
    expect(text).not.toContain('http-equiv="refresh"')
  })

  test('of one that was refunded in part says how much went back', async () => {
    const { id, qr } = await ask()
    await pay(qr.payload)
    expect((await get(`/checkout/${id}`, english)).text).not.toContain('Refunded')
    const { key } = shop
    await gateway.call('POST', `/v1/payments/${id}/refunds`, { key, body: { amount: '25000', reason: 'a' } })
    await becomes(gateway, shop, `/v1/payments/${id}`, 'amountRefunded', '25000')
    const { text } = await get(`/checkout/${id}`, english)
    expect(text).toMatch(/Refunded<\/dt><dd><span>₫25,000/)
    expect(text).toContain('data-view="paid"')
  })

  test('reads as expired the moment its time is over, and as canceled when it is', async () => {
    const late = await ask({ expiresInSeconds: 60 })
    const { id } = await ask()
    await gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key, body: {} })
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
    expect((await get(`/checkout/${late.id}`)).text).toContain('data-view="expired"')
    expect((await get(`/checkout/${id}`)).text).toContain('data-view="canceled"')
  })

  test.each(['pay_00000000000000000A', 'pay_x', "'><script>"])('%s is a friendly 404', async (id) => {
    const { status, text } = await get(`/checkout/${encodeURIComponent(id)}`)
    expect(status).toBe(404)
    expect(text).toContain('Không tìm thấy khoản thanh toán')
  })
})

describe('what is not there', () => {
  test('is a page for a browser and a problem for a program', async () => {
    expect((await get('/nothing')).text).toContain('Không có trang này')
    const { status, body } = await get('/nothing', { accept: '*/*' })
    expect([status, body.code]).toEqual([404, 'not_found'])
  })

  test('is a problem under /v1 whoever asks', async () => {
    expect((await get('/v1/nothing')).body.code).toBe('not_found')
    expect((await get('/v1')).body.code).toBe('not_found')
  })

  test('is the sandbox, outside the sandbox', async () => {
    const live = await openTestGateway({ sandbox: false })
    try {
      expect((await live.call('GET', '/sandbox', { headers: html })).status).toBe(404)
      expect((await live.call('POST', '/sandbox/pay', { headers: ownForm, body: 'way=exact' })).status).toBe(
        404,
      )
      expect((await live.call('GET', '/', { headers: html })).text).not.toContain('/sandbox')
    } finally {
      await live.stop()
    }
  })
})

describe('the front page', () => {
  test('counts today’s payments and the points that take them', async () => {
    await gateway.settled()
    const { text } = await get('/?lang=en')
    const figures = [...text.matchAll(/<dd>([^<]+)<\/dd>/g)].map(([, value]) => value)
    const sums = (await get('/v1/statistics/payments?interval=day', {})).body.data.at(-1)
    expect(figures[0]).toBe(String(sums.count))
    expect(figures[1]).toBe(`₫${Number(sums.value).toLocaleString('en-US')}`)
  })
})

test('every problem code has an anchor', async () => {
  const { text } = await get('/problems')
  for (const code of Object.keys(problems)) expect(text).toContain(`id="${code}"`)
})

describe('the bank app', () => {
  test('names the rules that a code breaks, and offers no button', async () => {
    const { text } = await get(`/sandbox?qr=${encodeURIComponent('00020101021238<b>')}`)
    expect(text).toContain('TLV_MALFORMED')
    expect(text).not.toContain('name="way"')
    expect(text).not.toContain('<b>')
  })

  test('pays, and shows the answer at an address that may be loaded again', async () => {
    const { id, qr } = await ask()
    const paid = await post('/sandbox/pay?lang=en', { qr: qr.payload, payment: id, way: 'exact' })
    expect(paid.status).toBe(303)
    const location = paid.headers.get('location')!
    expect(location).toMatch(new RegExp(`^/sandbox\\?payment=${id}&credit=crd_\\w{26}&lang=en#bank$`))
    for (const _time of [1, 2]) expect((await get(location)).text).toContain('<code>applied</code>')
    expect((await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body.amountReceived).toBe(
      '125000',
    )
  })

  test('shows no credit of another bank', async () => {
    const { text } = await get('/sandbox?credit=crd_00000000000000000000000000')
    expect(text).not.toContain('class="answers"')
  })

  test.each([
    ['another site', { ...ownForm, 'sec-fetch-site': 'cross-site' }, 403],
    ['another site of the same domain', { ...ownForm, 'sec-fetch-site': 'same-site' }, 403],
    ['an unknown sender', { 'content-type': ownForm['content-type'] }, 403],
    ['a foreign Origin', { 'content-type': ownForm['content-type'], origin: 'https://evil.example' }, 403],
    ['our Origin', { 'content-type': ownForm['content-type'], origin: 'http://gateway.test' }, 303],
  ])('a form from %s: %s', async (_name, headers, status) => {
    const { id, qr } = await ask()
    const answer = await post('/sandbox/pay', { qr: qr.payload, payment: id, way: 'exact' }, headers as never)
    expect(answer.status).toBe(status)
  })

  test('refuses a form that is too large, an unknown way and a code without an amount', async () => {
    const { qr } = await ask()
    expect((await post('/sandbox/pay', { qr: 'x'.repeat(9_000), way: 'exact' })).status).toBe(413)
    expect((await post('/sandbox/pay', { qr: qr.payload, way: 'free' })).status).toBe(422)
    expect((await post('/sandbox/pay', { qr: 'not a code', amount: '5', way: 'exact' })).status).toBe(422)
  })
})
