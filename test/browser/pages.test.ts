// The pages in a real browser, on the real server: a payer's screen turns to paid, and nothing complains.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEnvironment } from '../../src/adapters/node/environment.ts'
import { openServer, type RunningGateway } from '../../src/adapters/node/server.ts'
import { openChromium, openPage } from './chromium.ts'

let browser: Browser
let gateway: RunningGateway
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-pages-'))

beforeAll(async () => {
  const environment = { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', OPERATOR_KEY: 'operator-key-1' }
  ;[browser, gateway] = await Promise.all([openChromium(), openServer(readEnvironment(environment))])
})
afterAll(async () => {
  await browser?.close() // first: an open page holds its live stream open
  await gateway?.stop()
  rmSync(dataDir, { recursive: true })
})

type Payment = { id: string; qr: { payload: string } }

async function post<T>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${gateway.shops[0]!.apiKey}` }
  const response = await fetch(gateway.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.ok, `${path}: ${response.status}`).toBe(true)
  return (await response.json()) as T
}
const ask = (changes: object = {}): Promise<Payment> => {
  const { siteId } = gateway.shops[0]!
  return post('/v1/payments', { siteId, method: 'qr', amount: '125000', currency: 'VND', ...changes })
}
const pay = (payment: Payment, changes: object = {}) =>
  post<{ creditId: string }>('/v1/sandbox/pay', { qrPayload: payment.qr.payload, ...changes })

/** A page for one test, closed after it; the test fails if the browser complained. */
async function visiting(
  visit: (page: Page) => Promise<void>,
  options?: BrowserContextOptions,
): Promise<void> {
  const { page, complaints } = await openPage(browser, gateway.url, options)
  await visit(page)
  await page.context().close()
  expect(complaints).toEqual([])
}

async function fits(page: Page): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide, `${page.url()} at ${width} px`).toBeLessThanOrEqual(width)
  }
}

const shows = (page: Page, view: string) => page.waitForSelector(`#checkout[data-view=${view}]`)

describe.concurrent('checkout', () => {
  test('turns to paid by itself and says so, without loading again', () =>
    visiting(async (page) => {
      const payment = await ask()
      await page.goto(`/checkout/${payment.id}`)
      await shows(page, 'waiting')
      const { naturalWidth } = await page.$eval('.qr', ({ naturalWidth }: HTMLImageElement) => ({
        naturalWidth,
      }))
      expect(naturalWidth).toBeGreaterThan(0)
      await page.evaluate(() => Object.assign(window, { sameDocument: true }))
      await pay(payment)
      await shows(page, 'paid')
      expect(await page.textContent('[role=status]')).toContain('Đã thanh toán')
      expect(await page.title()).toContain('Đã thanh toán')
      expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
    }))

  test('shows a part and what is still due, then the rest paid', () =>
    visiting(async (page) => {
      const payment = await ask()
      await page.goto(`/checkout/${payment.id}?lang=en`)
      await pay(payment, { amount: '50000' })
      await shows(page, 'partial')
      expect(await page.textContent('.sums')).toMatch(/₫50,000.*₫75,000/s)
      await page.waitForFunction(() => (document.querySelector('.qr') as HTMLImageElement).naturalWidth > 0)
      await pay(payment, { amount: '75000' })
      await shows(page, 'paid')
    }))

  test('counts down, and turns to expired', () =>
    visiting(async (page) => {
      const { id } = await ask({ expiresInSeconds: 4 })
      await page.goto(`/checkout/${id}`)
      await page.waitForFunction(() => document.querySelector('[role=timer]')?.textContent === '0:01')
      await shows(page, 'expired')
    }))

  test('turns to canceled when the seller cancels', () =>
    visiting(async (page) => {
      const { id } = await ask()
      await page.goto(`/checkout/${id}`)
      await post(`/v1/payments/${id}/cancel`, {})
      await shows(page, 'canceled')
    }))

  test('without JavaScript turns to paid on its own refresh', () =>
    visiting(
      async (page) => {
        const payment = await ask()
        await page.goto(`/checkout/${payment.id}`)
        await shows(page, 'waiting')
        await pay(payment)
        await shows(page, 'paid')
      },
      { javaScriptEnabled: false },
    ))

  test('copies the transfer text', () =>
    visiting(
      async (page) => {
        const { id } = await ask()
        await page.goto(`/checkout/${id}`)
        await page.click('[aria-label="Chép nội dung"]')
        await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent === 'Đã chép')
        expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`TN${id.slice(4)}`)
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ))
})

test.concurrent('the language follows the browser, then the switch, then the links', () =>
  visiting(
    async (page) => {
      const language = () => page.getAttribute('html', 'lang')
      const { id } = await ask()
      await page.goto(`/checkout/${id}`)
      expect(await language()).toBe('en')
      await page.click('a.language')
      expect(await language()).toBe('vi')
      expect(await page.textContent('.status')).toContain('Đang chờ thanh toán')
      await page.click('a.brand')
      expect(await language()).toBe('vi')
      await page.click('a.language')
      expect(await page.textContent('h1')).toContain('Cashless payments')
    },
    { locale: 'en-GB' },
  ))

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
  }
  throw new Error(`the keyboard does not reach ${selector} on ${page.url()}`)
}

test.concurrent('the keyboard alone sells at the till and pays with the bank app', () =>
  visiting(async (page) => {
    await page.goto('/sandbox')
    await tabTo(page, 'input[name=amount]') // the whole old amount is selected
    await page.keyboard.type('73.000')
    await tabTo(page, '.till button')
    await page.keyboard.press('Enter')
    await shows(page, 'waiting')
    expect(await page.textContent('.amount')).toBe('73.000\u00a0₫')
    await tabTo(page, '.sandbox-link a')
    await page.keyboard.press('Enter')
    await page.waitForSelector('button[value=exact]')
    await tabTo(page, 'button[value=exact]')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.answers')
    await tabTo(page, '.answers a')
    await page.keyboard.press('Enter')
    await shows(page, 'paid')
  }))

test.concurrent('the till refuses an amount that is none, and keeps what was typed', async () => {
  const { page } = await openPage(browser, gateway.url) // the browser logs the 422
  await page.goto('/sandbox')
  await page.selectOption('select[name=site]', { index: 2 })
  await page.fill('input[name=amount]', '12.5')
  await page.click('.till button')
  await page.waitForSelector('input[name=amount][aria-invalid=true]')
  expect(await page.inputValue('input[name=amount]')).toBe('12.5')
  expect(await page.inputValue('select[name=site]')).toBe(gateway.shops[2]!.siteId)
  await page.context().close()
})

describe.concurrent('each way to pay leads to the state it names', () => {
  test.each([
    ['exact', ['applied'], 'paid'],
    ['less', ['applied'], 'pending'],
    ['more', ['overpaid'], 'paid'],
    ['twice', ['applied', 'applied'], 'paid'],
    ['second', ['applied', 'duplicate'], 'paid'],
    ['wrongText', ['unmatched'], 'pending'],
  ])('%s', (way, outcomes, state) =>
    visiting(async (page) => {
      const { id } = await ask()
      await page.goto(`/sandbox?payment=${id}`)
      await page.click(`button[value=${way}]`)
      await page.waitForSelector('.answers')
      expect(await page.locator('.answers code').allTextContents()).toEqual(outcomes)
      expect(await page.getAttribute('.answers .state', 'class')).toBe(`state ${state}`)
    }),
  )

  test('late', () =>
    visiting(async (page) => {
      const { id } = await ask({ expiresInSeconds: 1 })
      await page.goto(`/checkout/${id}`)
      await shows(page, 'expired')
      await page.waitForFunction(() => document.querySelector('[data-state^=expired]'))
      await page.click('.sandbox-link a')
      await page.click('button[value=exact]')
      await page.waitForSelector('.answers .state.expired')
      expect(await page.locator('.answers code').allTextContents()).toEqual(['late'])
    }))

  test('the rest, after a part', () =>
    visiting(async (page) => {
      const { id } = await ask()
      await page.goto(`/sandbox?payment=${id}`)
      await page.click('button[value=less]')
      await page.waitForSelector('.answers .state.pending')
      await page.click('button[value=exact]')
      await page.waitForSelector('.answers .state.paid')
      expect(await page.locator('.answers code').allTextContents()).toEqual(['applied'])
    }))
})

test.concurrent('a pasted code of anybody is read, and its broken rules are named', () =>
  visiting(async (page) => {
    const { qr } = await ask()
    await page.goto('/sandbox?lang=en')
    await page.fill('textarea', qr.payload.slice(0, -1))
    await page.click('.scan button')
    await page.waitForSelector('.notice.bad')
    expect(await page.locator('button[name=way]').count()).toBe(0)
    await page.fill('textarea', qr.payload)
    await page.click('.scan button')
    await page.waitForSelector('button[value=exact]')
    expect(await page.textContent('.reading')).toContain('₫125,000')
  }))

test.concurrent('the API reference opens, from this server alone', () =>
  visiting(async (page) => {
    await page.goto('/docs')
    await page.click(
      '#operations-Payments-postPayments button, #operations-Payments-postPayments .opblock-summary',
    )
    await page.waitForSelector('.opblock-body')
    await fits(page)
  }))

describe.concurrent('no page complains, or scrolls sideways', () => {
  const addresses = async () => {
    const [waiting, part, paid, big] = [
      await ask(),
      await ask(),
      await ask(),
      await ask({ amount: '499999999' }),
    ]
    await pay(part, { amount: '1' })
    const { creditId } = await pay(paid)
    return [
      '/',
      '/problems',
      '/sandbox',
      `/sandbox?payment=${waiting.id}&credit=${creditId}`,
      `/sandbox?qr=${'9'.repeat(400)}`,
      ...[waiting, part, paid, big].map(({ id }) => `/checkout/${id}`),
    ]
  }

  test.each(['vi-VN', 'en-GB'])('%s', (locale) =>
    visiting(
      async (page) => {
        for (const address of await addresses()) {
          await page.goto(address)
          await fits(page)
        }
      },
      { locale },
    ),
  )
})
