// The public pages of adoption in a real browser: on a phone and a desk, with a script and without, by keyboard, in both languages.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestGateway, type TestGateway } from '../support/gateway.ts'
import { served } from '../support/served.ts'
import { makeSmallCity } from '../support/smallCity.ts'
import { openChromium, openPage } from './chromium.ts'
import { faintTexts } from './contrast.ts'

let browser: Browser
let gateway: TestGateway
let door: Awaited<ReturnType<typeof served>>

beforeAll(async () => {
  ;[browser, gateway] = await Promise.all([openChromium(), openTestGateway()])
  await makeSmallCity(gateway)
  door = await served(gateway)
})
afterAll(async () => {
  await browser?.close()
  await door?.close()
  await gateway?.stop()
})

/** A page for one test, closed after it; the test fails if the browser complained. */
async function visiting(
  visit: (page: Page) => Promise<void>,
  options?: BrowserContextOptions,
  url = door.url,
  expected: readonly unknown[] = [],
): Promise<void> {
  const { page, complaints } = await openPage(browser, url, options)
  await visit(page)
  await page.context().close()
  expect(complaints).toEqual(expected)
}

async function fits(page: Page): Promise<void> {
  for (const width of [320, 360, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide, `${page.url()} at ${width} px`).toBeLessThanOrEqual(width)
  }
}

const openAll = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })

describe.each(['vi', 'en'])('in %s', (language) => {
  test.each(['/statistics', '/map', '/'])(
    '%s fits a phone and a desk, and is readable by day and night',
    (path) =>
      visiting(async (page) => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          await page.goto(`${path}?lang=${language}`)
          await openAll(page)
          expect(await page.getAttribute('html', 'lang')).toBe(language)
          expect(await faintTexts(page)).toEqual([])
          await fits(page)
        }
      }),
  )
})

describe('statistics', () => {
  test('answer a day chosen by keyboard, without a script, on a phone', () =>
    visiting(
      async (page) => {
        await page.goto('/statistics?lang=en')
        await page.focus('input[name=asOf]')
        await page.keyboard.type('11302025')
        await page.keyboard.press('Enter')
        await page.waitForSelector('text=Figures as of November 30, 2025')
        expect(new URL(page.url()).searchParams.get('lang')).toBe('en')
        expect(await page.inputValue('input[name=asOf]')).toBe('2025-11-30')
        await page.focus('.year details summary')
        await page.keyboard.press('Enter')
        expect(await page.isVisible('.year details[open] table')).toBe(true)
      },
      { javaScriptEnabled: false, locale: 'en-US', viewport: { width: 360, height: 740 } },
    ))

  test('every text of a tile lies within its tile', () =>
    visiting(async (page) => {
      await page.goto('/statistics?lang=vi')
      const outside = await page.$$eval('.tile-map > svg .tile', (tiles) =>
        tiles.flatMap((tile) => {
          const box = tile.querySelector('rect')!.getBoundingClientRect()
          return [...tile.querySelectorAll('text')]
            .filter((text) => {
              const { left, right, top, bottom } = text.getBoundingClientRect()
              return left < box.left || right > box.right || top < box.top || bottom > box.bottom
            })
            .map((text) => text.textContent)
        }),
      )
      expect(outside).toEqual([])
    }))

  test('pictures have a name and a table, headings go down step by step', () =>
    visiting(async (page) => {
      await page.goto('/statistics?lang=en')
      const pictures = await page.$$eval('svg[role=img]', (all) =>
        all.map((one) => one.getAttribute('aria-label') ?? ''),
      )
      expect(pictures.length).toBe(6) // three targets, the tiles, two lines
      for (const name of pictures) expect(name).toMatch(/\w{3}/)
      const levels = await page.$$eval('h1,h2,h3,h4', (all) => all.map(({ tagName }) => Number(tagName[1])))
      for (const [index, level] of levels.entries())
        expect(level - (levels[index - 1] ?? 0), `heading ${index}`).toBeLessThanOrEqual(1)
    }))

  test('on paper the tables are open and the form is gone', () =>
    visiting(async (page) => {
      await page.goto('/statistics?lang=vi')
      await page.emulateMedia({ media: 'print' })
      expect(await page.isVisible('form.ask')).toBe(false)
      expect(await page.isVisible('.behind table')).toBe(true)
    }))
})

describe('the map', () => {
  test('is a list without a script', () =>
    visiting(
      async (page) => {
        await page.goto('/map?lang=vi')
        expect(await page.locator('.place').count()).toBe(16)
        expect(await page.isVisible('#places-map')).toBe(false)
        await page.selectOption('select[name=sector]', 'unattended-shop')
        await page.click('form.ask button')
        await page.waitForURL(/sector=unattended-shop/)
        expect(await page.locator('.place').count()).toBe(2)
      },
      { javaScriptEnabled: false },
    ))

  test('draws every place on a plain ground, and shows one that is asked for by keyboard', () =>
    visiting(async (page) => {
      await page.goto('/map?lang=en')
      await page.waitForSelector('path.place')
      expect(await page.locator('path.place').count()).toBe(16)
      expect(await page.locator('img.leaflet-tile').count()).toBe(0)
      await page.locator('.show-place').first().focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('.leaflet-popup-content strong')
      expect(await page.textContent('.leaflet-popup-content')).toBe('Cửa hàng 11 Phố Huế, Hoàn Kiếm')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('places-map')
      expect(await page.getAttribute('.leaflet-control-zoom-in', 'title')).toBe('Zoom in')
      await fits(page)
    }))

  test('draws what the filter leaves', () =>
    visiting(async (page) => {
      await page.goto('/map?lang=vi&sector=vending')
      await page.waitForSelector('path.place')
      expect(await page.locator('path.place').count()).toBe(await page.locator('li.place').count())
    }))

  test('without an answer the list stays, and says so', () =>
    visiting(
      async (page) => {
        await page.route('**/v1/map.geojson*', (route) => route.fulfill({ status: 503 }))
        await page.goto('/map?lang=en')
        await page.waitForSelector('#map-note:not([hidden])')
        expect(await page.isVisible('#places-map')).toBe(false)
        expect(await page.locator('.place').count()).toBe(16)
      },
      {},
      door.url,
      [expect.stringContaining('503')],
    ))

  test('takes tiles from where the environment says, and names whose they are as text', async () => {
    const url = 'https://tile.example/{z}/{x}/{y}.png'
    const tiled = await openTestGateway({ mapTiles: { url, attribution: '© <i>Somebody</i>' } })
    await makeSmallCity(tiled, 3)
    const front = await served(tiled)
    const { page, complaints } = await openPage(browser, front.url)
    const tilesAsked: string[] = []
    await page.route('https://tile.example/**', (route) => {
      tilesAsked.push(route.request().url())
      const body = '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"/>'
      return route.fulfill({ contentType: 'image/svg+xml', body })
    })
    await page.goto('/map?lang=en')
    await page.waitForSelector('img.leaflet-tile-loaded')
    expect(tilesAsked.length).toBeGreaterThan(0)
    expect(await page.textContent('.leaflet-control-attribution')).toContain('© <i>Somebody</i>')
    expect(complaints.filter((text) => !text.includes('asks https://tile.example/'))).toEqual([])
    await page.context().close()
    await front.close()
    await tiled.stop()
  })
})
