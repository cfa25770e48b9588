// The sandbox's till, pump and vending machine in a real browser: every card, fuel that costs less than was held, and goods that do not come.
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
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-machines-'))

beforeAll(async () => {
  const environment = { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', OPERATOR_KEY: 'operator-key-1' }
  ;[browser, gateway] = await Promise.all([openChromium(), openServer(readEnvironment(environment))])
})
afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
  rmSync(dataDir, { recursive: true })
})

async function visiting(
  visit: (page: Page) => Promise<void>,
  options?: BrowserContextOptions,
): Promise<void> {
  const { page, complaints } = await openPage(browser, gateway.url, options)
  await page.goto('/sandbox/machines?lang=en')
  await visit(page)
  await page.context().close()
  expect(complaints).toEqual([])
}

const section = (page: Page, machine: string) => page.locator(`section[aria-labelledby=${machine}-title]`)
async function begin(page: Page, machine: string, by: string): Promise<void> {
  await section(page, machine).locator('select[name=by]').selectOption(by)
  await section(page, machine).locator('button').click()
  await page.waitForSelector('#state')
}
/** The page turns by itself while it waits. */
const becomes = (page: Page, state: string) =>
  page.waitForFunction((text) => document.querySelector('#state')?.textContent === text, state, {
    timeout: 15_000,
  })
const facts = (page: Page) => page.textContent('.facts')

describe.concurrent('a till', () => {
  test.each([
    ['tok_approve', 'Paid'],
    ['tok_decline_51', 'Declined'],
    ['tok_timeout', 'Reversed: nothing was taken'],
    ['tok_partial', 'Reversed: nothing was taken'],
  ])('with %s ends: %s', (token, state) =>
    visiting(async (page) => {
      await begin(page, 'till', token)
      await becomes(page, state)
    }),
  )

  test('says to payer and cashier why a card was declined', () =>
    visiting(async (page) => {
      await begin(page, 'till', 'tok_decline_51')
      expect(await facts(page)).toContain('Not enough funds.')
    }))

  test('holds first, and then takes a half', () =>
    visiting(async (page) => {
      await section(page, 'till').locator('input[value=manual]').check()
      await begin(page, 'till', 'tok_approve')
      await becomes(page, 'The money is held')
      await page.click('button[value=half]')
      await becomes(page, 'Paid')
      expect(await facts(page)).toContain('₫62,500')
    }))

  test('gives a half back', () =>
    visiting(async (page) => {
      await begin(page, 'till', 'tok_approve')
      await page.click('button[value=refund]')
      await page.waitForSelector('#state')
      await page.reload()
      await page.waitForFunction(() => {
        const done = document.querySelector('#state')?.textContent === 'Paid, and a part went back'
        if (!done) setTimeout(() => location.reload(), 200)
        return done
      })
    }))

  test('names an amount that cannot be, and keeps what was typed', async () => {
    const body = new URLSearchParams({ machine: 'till', by: 'tok_approve', amount: '12,5' })
    const headers = { origin: gateway.url }
    const answer = await fetch(`${gateway.url}/sandbox/machines/sell`, { method: 'POST', headers, body })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toMatch(/value="12,5"[^>]*aria-invalid[\s\S]*role="alert"/)
  })
})

describe.concurrent('a pump', () => {
  test('takes what flowed of what was held', () =>
    visiting(async (page) => {
      await begin(page, 'pump', 'tok_approve')
      await becomes(page, 'The money is there: the machine may begin')
      await page.fill('input[name=volume]', '99')
      await page.click('button[value=hangUp]')
      await page.waitForSelector('#volume-wrong')
      await page.fill('input[name=volume]', '5,123')
      await page.click('button[value=hangUp]')
      await becomes(page, 'Paid')
      const text = await facts(page)
      expect(text).toContain('5.123 l')
      expect(text).toContain('₫125,514')
    }))

  test('gives back what was prepaid and did not flow', () =>
    visiting(async (page) => {
      await begin(page, 'pump', 'qr')
      const address = page.url()
      await page.click('.machine a.button')
      await page.click('button[value=exact]')
      await page.waitForSelector('.answers .state.paid')
      await page.goto(address)
      await becomes(page, 'The money is there: the machine may begin')
      await page.fill('input[name=volume]', '4')
      await page.click('button[value=hangUp]')
      await becomes(page, 'Paid, and a part went back')
      expect(await facts(page)).toContain('₫102,000')
    }))
})

describe.concurrent('a vending machine', () => {
  test.each([
    ['dispensed', 'Paid'],
    ['failed', 'Released: nothing was taken'],
  ])('that reports %s: %s', (act, state) =>
    visiting(async (page) => {
      await begin(page, 'vending', 'tok_approve')
      await page.click(`button[value=${act}]`)
      await becomes(page, state)
    }),
  )

  test('gives a transfer back when nothing comes out', () =>
    visiting(async (page) => {
      await begin(page, 'vending', 'qr')
      const address = page.url()
      await page.click('.machine a.button')
      await page.click('button[value=exact]')
      await page.waitForSelector('.answers .state.paid')
      await page.goto(address)
      await page.click('button[value=failed]')
      await becomes(page, 'All of it went back')
    }))
})

test.concurrent.each([320, 1280])('nothing scrolls sideways at %i px, in either language', (width) =>
  visiting(
    async (page) => {
      for (const language of ['vi', 'en']) {
        await page.goto(`/sandbox/machines?lang=${language}`)
        const fits = () =>
          page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
        expect(await fits()).toBe(true)
        await begin(page, 'pump', 'tok_approve')
        expect(await fits()).toBe(true)
      }
    },
    { viewport: { width, height: 800 } },
  ),
)

test.concurrent('a sale is made with the keyboard alone, without a script', () =>
  visiting(
    async (page) => {
      await section(page, 'vending').locator('input[value=coffee]').focus()
      await page.keyboard.press('Tab')
      await page.keyboard.press('ArrowDown') // from QR to the card that pays
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForSelector('button[value=dispensed]')
      await page.focus('button[value=dispensed]')
      await page.keyboard.press('Enter')
      await becomesWithoutScript(page, 'Paid')
    },
    { javaScriptEnabled: false },
  ))
const becomesWithoutScript = (page: Page, state: string) =>
  page.getByRole('status').filter({ hasText: state }).waitFor()

test.concurrent('a payment that is none of these machines’ has no page here', async () => {
  const { page } = await openPage(browser, gateway.url)
  const { siteId, apiKey } = gateway.shops[0]!
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
  const body = JSON.stringify({ siteId, method: 'qr', amount: '1000', currency: 'VND' })
  const { id } = (await (
    await fetch(`${gateway.url}/v1/payments`, { method: 'POST', headers, body })
  ).json()) as { id: string }
  for (const address of [`/sandbox/machines/${id}`, '/sandbox/machines/pay_x'])
    expect((await page.goto(address))?.status()).toBe(404)
  await page.context().close()
})
