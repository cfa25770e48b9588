// A payer finds a bill and pays it in a real browser, with a script and without, on a phone and by keyboard.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnvironment } from '../../src/adapters/node/environment.ts'
import { openServer, type RunningGateway } from '../../src/adapters/node/server.ts'
import { openChromium, openPage } from './chromium.ts'

let browser: Browser
let gateway: RunningGateway
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-bills-'))

beforeAll(async () => {
  const environment = { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', OPERATOR_KEY: 'operator-key-1' }
  ;[browser, gateway] = await Promise.all([openChromium(), openServer(readEnvironment(environment))])
  await gateway.services.caughtUp()
})
afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
  rmSync(dataDir, { recursive: true })
})

async function visiting(
  visit: (page: Page) => Promise<void>,
  options?: BrowserContextOptions,
  expected: readonly unknown[] = [],
): Promise<void> {
  const { page, complaints } = await openPage(browser, gateway.url, options)
  await visit(page)
  await page.context().close()
  expect(complaints).toEqual(expected)
}

async function fits(page: Page): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide, `${page.url()} at ${width} px`).toBeLessThanOrEqual(width)
  }
}

async function find(page: Page, code: string): Promise<void> {
  await page.goto('/bills?lang=vi')
  await page.fill('input[name=code]', code)
  await page.click('form.find button')
  await page.waitForSelector('.owed')
}

/** The pretend bank pays what the checkout asks for. */
async function payAt(checkout: string): Promise<void> {
  const id = new URL(checkout).pathname.split('/').at(-1)!
  const { state } = await gateway.services.gateway.payments.load(id)
  if (state.status === 'new' || state.method !== 'qr') throw new Error(`no payment ${id}`)
  const body = JSON.stringify({ qrPayload: state.payload })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${gateway.url}/v1/sandbox/pay`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
}

test('two bills are found, one of them chosen, and its checkout turns to paid', () =>
  visiting(async (page) => {
    await find(page, 'pd01 000 000 002')
    expect(await page.locator('.bill').count()).toBe(2)
    expect(await page.locator('.late').count()).toBe(1)
    expect(page.url()).not.toContain('PD01') // no customer code in an address
    await fits(page)
    await page.locator('.bill input').nth(1).uncheck()
    await page.click('form button.button')
    await page.waitForSelector('#checkout[data-view=waiting]')
    expect(await page.textContent('#checkout')).toContain('BD-0002')
    await fits(page)
    await payAt(page.url())
    await page.waitForSelector('#checkout[data-view=paid]')
    await find(page, 'PD01000000002')
    expect(await page.locator('.bill').count()).toBe(1)
  }))

test('by keyboard, in English, on a phone, without a script', () =>
  visiting(
    async (page) => {
      await page.goto('/bills?lang=en')
      expect(await page.textContent('h1')).toBe('Pay electricity, water and telecom bills')
      await page.focus('select[name=biller]')
      await page.keyboard.press('Tab')
      await page.keyboard.type('PD01000000001')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.owed')
      await fits(page)
      await page.focus('.bill input')
      await page.keyboard.press('Enter')
      await page.waitForSelector('#checkout[data-view=waiting]')
      expect(await page.textContent('#checkout')).toContain('BD-0001')
    },
    { javaScriptEnabled: false, viewport: { width: 360, height: 740 } },
  ))

test('a code that is nobody’s is said beside the field, and what was typed stays', () =>
  visiting(
    async (page) => {
      await page.goto('/bills?lang=vi')
      await page.fill('input[name=code]', 'PD01999999999')
      await page.click('form.find button')
      await page.waitForSelector('.hint.bad')
      expect(await page.inputValue('input[name=code]')).toBe('PD01999999999')
      expect(await page.getAttribute('input[name=code]', 'aria-invalid')).toBe('true')
      await fits(page)
    },
    {},
    [expect.stringContaining('status of 404')],
  )) // the page itself is one
