// The console in a real browser: a merchant refunds, a biller sends a file with wrong rows, with and without a script, on a phone and by keyboard.
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEnvironment } from '../../src/adapters/node/environment.ts'
import { openServer, type RunningGateway } from '../../src/adapters/node/server.ts'
import { billFile, billRow } from '../support/billers.ts'
import { type Caller, callerOf } from '../support/client.ts'
import { openChromium, openPage } from './chromium.ts'
import { faintTexts } from './contrast.ts'

const operatorKey = 'operator-key-1'
let browser: Browser
let gateway: RunningGateway
let api: Caller
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-console-'))

beforeAll(async () => {
  const environment = { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', OPERATOR_KEY: operatorKey }
  ;[browser, gateway] = await Promise.all([openChromium(), openServer(readEnvironment(environment))])
  api = callerOf(gateway.url)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${biller().apiKey}` }
  const profile = JSON.stringify({ customerCode: { check: 'evn' } })
  const address = `${gateway.url}/v1/billers/${biller().merchantId}`
  expect((await fetch(address, { method: 'PUT', headers, body: profile })).status).toBe(200)
})
afterAll(async () => {
  await browser?.close()
  await gateway?.stop()
  rmSync(dataDir, { recursive: true })
})

const shop = () => gateway.shops[0]!
const biller = () => gateway.shops.find(({ sector }) => sector === 'electricity')!

async function paid(amount = '125000'): Promise<{ id: string; reference: string }> {
  const { apiKey, siteId } = shop()
  const asked = { siteId, method: 'qr', amount, currency: 'VND' }
  const { body } = await api.post('/v1/payments', apiKey, asked)
  await api.post('/v1/sandbox/pay', apiKey, { qrPayload: body.qr.payload })
  return body
}

/** `refused`: a file of this visit is refused, of which the browser complains, too. */
type How = { readonly language?: 'vi' | 'en'; readonly refused?: boolean }

/** A visit of somebody who signs in; the test fails if the browser complained. */
async function visiting(
  key: string,
  visit: (page: Page) => Promise<void>,
  { language = 'en', refused = false, ...options }: BrowserContextOptions & How = {},
): Promise<void> {
  const { page, complaints } = await openPage(browser, gateway.url, options)
  await page.goto(`/console?lang=${language}`)
  await page.fill('input[name=key]', key)
  await page.press('input[name=key]', 'Enter')
  await page.waitForSelector('.console-bar')
  await visit(page)
  await page.context().close()
  const expected = (text: string) => refused && text.includes('status of 422')
  expect(complaints.filter((text) => !expected(text))).toEqual([])
}

const chosen = (text: string, name = 'bills.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text),
})
const cells = (page: Page) =>
  page.locator('#faults ~ table tbody tr, section:has(#faults) tbody tr').allInnerTexts()

describe('a merchant', () => {
  test.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])(
    'finds a payment, and refunds a part of it: %o',
    (options) =>
      visiting(
        shop().apiKey,
        async (page) => {
          const { id, reference } = await paid()
          await page.click('nav >> text=Payments')
          await page.click(`text=${reference}`)
          await page.waitForURL(`**/console/payments/${id}?lang=en`)
          expect(await page.locator('.timeline li').count()).toBe(4)
          await page.fill('input[name=amount]', '25,000')
          await page.fill('input[name=reason]', 'Returned goods')
          await page.click('text=Continue')
          expect(await page.textContent('h1')).toBe('Refund ₫25,000?')
          await page.click('button:has-text("Refund ₫25,000")')
          expect(await page.textContent('.notice[role=status]')).toContain('The refund is requested.')
          expect(await page.innerText('section:has(#refunds) tbody')).toContain('₫25,000')
        },
        options,
      ),
  )

  test('finds a settlement, reads its report as it is printed, and downloads a period', async () => {
    await paid()
    const businessDate = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
    const { body } = await api.post('/v1/settlements', operatorKey, { businessDate })
    const { id } = body.data.find(
      ({ merchantId }: { merchantId: string }) => merchantId === shop().merchantId,
    )
    await visiting(shop().apiKey, async (page) => {
      await page.click('nav >> text=Settlements')
      const csv = page.waitForEvent('download')
      await page.click('button:has-text("Download CSV")')
      const lines = (await readFile(await (await csv).path(), 'utf8')).split('\n')
      expect(lines[0]).toBe('# schema: thungan.payments-report.v1')
      await page.click(`a[href*="${id}/report.html"]`)
      expect(await page.textContent('h1')).toContain('Settlement report')
      await page.emulateMedia({ media: 'print' })
      const shown = (name: string, property: string) =>
        page.locator(name).evaluate((element, of) => getComputedStyle(element).getPropertyValue(of), property)
      expect(await shown('thead', 'display')).toBe('table-header-group')
      expect(await shown('body', 'padding')).toBe('0px') // the style is let in by its hash
    })
  })

  test('reads everything in Vietnamese, and changes the language where it stands', () =>
    visiting(
      shop().apiKey,
      async (page) => {
        const { id } = await paid()
        await page.goto(`/console/payments/${id}?lang=vi`)
        expect(await page.textContent('#timeline')).toBe('Diễn biến')
        expect(await page.innerText('.timeline')).toContain('Tiền đến và được ghi nhận 125.000\u00a0₫')
        await page.click('text=English')
        expect(await page.textContent('#timeline')).toBe('What happened')
        expect(await page.getAttribute('html', 'lang')).toBe('en')
      },
      { language: 'vi' },
    ))

  test('signs out, and the way back is closed', () =>
    visiting(shop().apiKey, async (page) => {
      await page.click('text=Sign out')
      expect(await page.textContent('[role=status]')).toBe('Signed out.')
      await page.goto('/console/payments?lang=en')
      await page.waitForSelector('input[name=key]')
    }))
})

/** Every row of the next file is recorded, and the answer waits until the returned function is called. */
function pauseRecording(): () => void {
  const { services } = gateway
  const { spool } = services
  const { promise, resolve } = Promise.withResolvers<void>()
  const pausing: typeof spool = async (...file) => {
    const spooled = await spool(...file)
    const read = async function* () {
      yield* spooled.read()
      await promise
    }
    return { ...spooled, read }
  }
  Object.assign(services, { spool: pausing })
  return () => {
    Object.assign(services, { spool })
    resolve()
  }
}

describe('a biller', () => {
  test('sees a file on its way, then each wrong row, and saves them as CSV', () =>
    visiting(
      biller().apiKey,
      async (page) => {
        const rows = Array.from({ length: 1_000 }, (_, row) => billRow(`X${row}`, '5000'))
        const text = billFile(...rows, billRow('Y', '1.000'), billRow('X0', '5000'))
        const goOn = pauseRecording()
        await page.goto('/console/bills?lang=en')
        const said = page.locator('#progress [role=status]')
        await page.setInputFiles('input[type=file]', chosen(text))
        await page.click('button:has-text("Upload")')
        await said.filter({ hasText: 'Sent; checking and recording' }).waitFor()
        await page.locator('#progress-text').filter({ hasText: '1,002 of 1,002 rows done' }).waitFor()
        goOn()
        await page.waitForSelector('#faults')
        expect(await page.locator('.figures dd').allTextContents()).toEqual(['1,000', '0', '2'])
        const found = (await cells(page)).map((row) => row.split('\t'))
        expect(found.map(([line, field]) => [line, field])).toEqual([
          ['1002', 'amount'],
          ['1003', 'billNumber'],
        ])
        expect(found[0]![2]).toContain('Write 1000')
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.click('text=Download the wrong rows'),
        ])
        expect(download.suggestedFilename()).toMatch(/^upl_\w{16}\.csv$/)
        expect((await readFile(await download.path(), 'utf8')).split('\r\n')[1]).toMatch(/^1002,amount,/)
        await page.click('text=Upload another file')
        expect(await page.innerText('section:has(#uploads) tbody')).toMatch(/Done[\s\S]*1,002[\s\S]*1,000/)
      },
      { acceptDownloads: true },
    ))

  test('without a script sends the same form, and reads the same result', () =>
    visiting(
      biller().apiKey,
      async (page) => {
        await page.click('nav >> text=Hóa đơn')
        await page.setInputFiles(
          'input[type=file]',
          chosen(billFile(billRow('N1', '5000'), billRow('N2', ''))),
        )
        await page.click('button:has-text("Gửi tệp")')
        expect(await page.locator('.figures dd').allTextContents()).toEqual(['1', '0', '1'])
        expect(await cells(page)).toEqual([expect.stringContaining('Thiếu.')])
      },
      { javaScriptEnabled: false, language: 'vi' },
    ))

  test('is told why a whole file was refused, and may send the next at once', () =>
    visiting(
      biller().apiKey,
      async (page) => {
        await page.goto('/console/bills?lang=en')
        await page.click('summary:has-text("Control totals")')
        await page.fill('input[name=count]', '5')
        await page.setInputFiles('input[type=file]', chosen(billFile(billRow('R1', '5000'))))
        await page.click('button:has-text("Upload")')
        await page.waitForSelector('#refused')
        expect(await page.innerText('#refused')).toContain('5, and the file has 1.')
        await page.setInputFiles('input[type=file]', chosen(billFile(billRow('R1', '5000'))))
        await page.click('button:has-text("Upload")')
        await page.waitForSelector('.notice.good')
        expect(await page.locator('.figures dd').allTextContents()).toEqual(['1', '0', '0'])
      },
      { refused: true },
    ))

  test('of a large file of the wrong kind still gets the answer', () =>
    visiting(
      biller().apiKey,
      async (page) => {
        await page.goto('/console/bills?lang=en')
        const buffer = Buffer.alloc(3_000_000, 'x')
        await page.setInputFiles('input[type=file]', { name: 'bills.xlsx', mimeType: 'text/csv', buffer })
        await page.click('button:has-text("Upload")')
        await page.waitForSelector('#refused')
        expect(await page.innerText('#refused')).toContain('must end in .csv')
      },
      { refused: true },
    ))
})

describe.each(['merchant', 'operator', 'biller'] as const)('every page as the %s sees it', (role) => {
  const keyOf = { merchant: () => shop().apiKey, operator: () => operatorKey, biller: () => biller().apiKey }
  const pages = {
    merchant: ['', '/payments', '/payments/PAID?done=refund', '/unapplied', '/exceptions?done=1', '/sites'],
    operator: ['', '/merchants', '/health'],
    biller: ['/bills', '/bills/profile?done=1', '/sign-in?ended=1'],
  }
  async function addresses(language: string): Promise<string[]> {
    const { id } = await paid()
    return pages[role].map((path) => {
      const address = `/console${path.replace('PAID', id)}`
      return `${address}${address.includes('?') ? '&' : '?'}lang=${language}`
    })
  }

  test.each(['vi', 'en'] as const)('fits on a phone and on a desk: %s', (language) =>
    visiting(keyOf[role](), async (page) => {
      for (const address of await addresses(language)) {
        expect((await page.goto(address))?.status()).toBe(200)
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 740 })
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          expect(wide, `${address} at ${width} px`).toBeLessThanOrEqual(width)
        }
      }
    }),
  )

  test.each(['light', 'dark'] as const)('can be read: %s', (colorScheme) =>
    visiting(
      keyOf[role](),
      async (page) => {
        for (const address of await addresses('en')) {
          await page.goto(address)
          expect(await faintTexts(page), address).toEqual([])
        }
      },
      { colorScheme },
    ),
  )
})

test('by keyboard alone somebody signs in, finds a payment and refunds it', async () => {
  const { id } = await paid('64000')
  const { page, complaints } = await openPage(browser, gateway.url)
  await page.goto(`/console/payments/${id}?lang=en`)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent)
  await press('Tab')
  expect(await focused()).toBe('Skip to content')
  await press('Enter', 'Tab')
  expect(await focused()).toBe('key')
  await page.keyboard.type(shop().apiKey)
  await press('Enter')
  await page.waitForSelector('#refund')
  const reach = async (name: string) => {
    for (let step = 0; step < 40 && (await focused()) !== name; step++) await press('Tab')
    expect(await focused()).toBe(name)
  }
  await reach('reason')
  await page.keyboard.type('Changed mind')
  await press('Enter')
  await page.waitForSelector('.confirm')
  await reach('Refund ₫64,000')
  await press('Enter')
  await page.waitForSelector('.notice.good')
  expect(await page.innerText('section:has(#refunds) tbody')).toContain('Changed mind')
  await page.context().close()
  expect(complaints).toEqual([])
})
