// Signing in to the console: the key is nowhere but in the form, a session ends with its key, and nobody elsewhere acts in its name.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { sqliteSessions } from '../../src/adapters/sqlite/sessions.ts'
import { nextOf } from '../../src/http/pages/console/next.ts'
import { consoleVisitor, signedIn } from '../support/consoleVisitor.ts'
import { openShop, openTerminal, openTestGateway, operatorKey } from '../support/gateway.ts'

let logged = ''
const logTo = new Writable({
  write: (chunk, _encoding, done) => {
    logged += String(chunk)
    done()
  },
})
const gateway = await openTestGateway({ logTo })
const shop = await openShop(gateway)
afterAll(() => gateway.stop())

const wrong = `tn_${'0'.repeat(16)}_${'0'.repeat(32)}`
const later = (ms: number) => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + ms)
}

describe('signing in', () => {
  test('gives a cookie that scripts and other sites never see, and that says nothing', async () => {
    const visitor = consoleVisitor(gateway)
    const answer = await visitor.post('/console/sign-in?lang=en', { key: ` ${shop.key}\n` })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console?lang=en'])
    expect(answer.headers.get('set-cookie')).toMatch(
      /^thungan-console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect((await visitor.get('/console')).text).toContain('<h1>Siêu thị Hoa Sen</h1>')
  })

  test.each([
    ['operator', () => operatorKey, 'Operator'],
    ['terminal', async () => (await openTerminal(gateway, shop)).key, 'Terminal ter_'],
    ['regulator', () => regulatorKey(), 'Hanoi&#39;s targets'],
  ])('is open to an %s', async (_role, key, said) => {
    const page = await (await signedIn(gateway, await key())).get('/console?lang=en')
    expect(page.status).toBe(200)
    expect(page.text).toContain(`<h1>${said}`)
  })

  test('with a wrong key says what to do, and repeats nothing of it', async () => {
    const visitor = consoleVisitor(gateway)
    const { status, text } = await visitor.post('/console/sign-in?lang=en', { key: wrong })
    expect(status).toBe(401)
    expect(text).toContain('Copy the whole line again')
    expect(text).toContain('aria-invalid="true"')
    expect(text).not.toContain(wrong)
    expect(visitor.cookie).toBe('')
  })

  test('of a blocked terminal says who can help', async () => {
    const terminal = await openTerminal(gateway, shop)
    const visitor = await signedIn(gateway, terminal.key)
    await gateway.call('POST', `/v1/terminals/${terminal.id}/block`, { key: shop.key, body: {} })
    expect((await visitor.get('/console')).status).toBe(303)
    const { status, text } = await visitor.post('/console/sign-in?lang=en', { key: terminal.key })
    expect(status).toBe(403)
    expect(text).toContain('This terminal is blocked.')
  })

  test('may be tried wrong ten times a minute; another key and the next minute are free', async () => {
    const visitor = consoleVisitor(gateway)
    later(60_000)
    const tried = `tn_${'1'.repeat(16)}_${'0'.repeat(32)}`
    for (let time = 0; time < 10; time++)
      expect((await visitor.post('/console/sign-in', { key: tried })).status).toBe(401)
    const refused = await visitor.post('/console/sign-in?lang=en', { key: tried })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect(refused.text).toContain('Wait 60 seconds')
    expect((await visitor.post('/console/sign-in', { key: shop.key })).status).toBe(303)
    later(60_000)
    expect((await visitor.post('/console/sign-in', { key: tried })).status).toBe(401)
  })

  test('may be tried sixty times a minute with whatever keys', async () => {
    later(60_000)
    const visitor = consoleVisitor(gateway)
    for (let key = 10; key < 70; key++)
      await visitor.post('/console/sign-in', { key: `tn_${'0'.repeat(14)}${key}_${'0'.repeat(32)}` })
    expect((await visitor.post('/console/sign-in', { key: shop.key })).status).toBe(429)
    later(60_000)
  })

  test('goes on to the page that was asked for, and to no other site', async () => {
    const visitor = consoleVisitor(gateway)
    const asked = await visitor.get('/console/payments?status=paid')
    expect([asked.status, asked.headers.get('location')]).toEqual([
      303,
      '/console/sign-in?next=%2Fconsole%2Fpayments%3Fstatus%3Dpaid',
    ])
    const { text } = await visitor.get(asked.headers.get('location')!)
    expect(text).toContain('name="next" value="/console/payments?status=paid"')
    const fields = { key: shop.key, next: '/console/payments?status=paid' }
    const signed = await visitor.post('/console/sign-in', fields)
    expect(signed.headers.get('location')).toBe('/console/payments?status=paid')
  })

  test.each([
    '//evil.example/',
    'https://evil.example/',
    '/consoles',
    '/console\\evil',
    `/console/${'x'.repeat(600)}`,
  ])('%s is no page to go on to', (address) => {
    expect(nextOf(address)).toBe('/console')
  })

  async function regulatorKey(): Promise<string> {
    const body = { role: 'regulator', name: 'Sở Công Thương' }
    return (await gateway.call('POST', '/v1/keys', { key: operatorKey, body })).body.apiKey
  }
})

describe('a session', () => {
  test('ends at once when its key is revoked', async () => {
    const own = await openShop(gateway)
    const visitor = await signedIn(gateway, own.key)
    expect((await visitor.get('/console')).status).toBe(200)
    const keyId = `key_${own.key.split('_')[1]}`
    const revoke = { type: 'RevokeKey', data: { revokedAt: gateway.clock.now.toISOString() } } as const
    await gateway.services.gateway.keys.handle(keyId, revoke, {})
    expect((await visitor.get('/console')).headers.get('location')).toBe('/console/sign-in')
    const { headers } = await visitor.post('/console/exceptions/pay_x', {})
    expect(headers.get('location')).toBe('/console/sign-in?ended=1')
    expect((await visitor.get('/console/sign-in?ended=1&lang=en')).text).toContain(
      'what was sent was not done',
    )
  })

  test('of the operator ends when the gateway is given another key', async () => {
    const visitor = await signedIn(gateway, operatorKey)
    const { settings, crypto } = gateway.services
    const { operatorKeyHash } = settings
    Object.assign(settings, { operatorKeyHash: crypto.hash('another-operator-key') })
    try {
      expect((await visitor.get('/console')).status).toBe(303)
    } finally {
      Object.assign(settings, { operatorKeyHash })
    }
    expect((await visitor.get('/console')).status).toBe(200)
  })

  test('ends after twelve hours', async () => {
    const visitor = await signedIn(gateway, shop.key)
    later(12 * 3_600_000 - 1)
    expect((await visitor.get('/console')).status).toBe(200)
    later(1)
    expect((await visitor.get('/console')).status).toBe(303)
  })

  test('ends with signing out, also for whoever copied the cookie', async () => {
    const visitor = await signedIn(gateway, shop.key)
    const copied = visitor.cookie
    const out = await visitor.post('/console/sign-out', {})
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect(visitor.cookie).toBe('')
    visitor.cookie = copied
    expect((await visitor.get('/console')).status).toBe(303)
  })

  test('ends with the next one of the same browser', async () => {
    const visitor = await signedIn(gateway, shop.key)
    const before = visitor.cookie
    await visitor.post('/console/sign-in', { key: operatorKey })
    expect((await visitor.get('/console?lang=en')).text).toContain('<h1>Operator</h1>')
    visitor.cookie = before
    expect((await visitor.get('/console')).status).toBe(303)
  })

  test.each(['', 'thungan-console=', `thungan-console=${'A'.repeat(43)}`])(
    'with the cookie "%s" is none',
    async (cookie) => {
      const visitor = consoleVisitor(gateway)
      visitor.cookie = cookie
      expect((await visitor.get('/console')).status).toBe(303)
    },
  )

  test('is no way into the API', async () => {
    const { cookie } = await signedIn(gateway, shop.key)
    const { status } = await gateway.call('GET', '/v1/payments', { headers: { cookie } })
    expect(status).toBe(401)
  })

  test('is found by every gateway on the same folder', async () => {
    const visitor = await signedIn(gateway, shop.key)
    const token = visitor.cookie.split('=')[1]!
    const other = sqliteSessions(join(gateway.dataDir, 'sessions.sqlite'))
    const { crypto } = gateway.services
    expect(other.find(crypto.hash(token))?.keyId).toBe(`key_${shop.key.split('_')[1]}`)
    other.end(crypto.hash(token))
    other.close()
    expect((await visitor.get('/console')).status).toBe(303)
  })

  test('behind TLS has a cookie that no other host can set', async () => {
    const secure = await openTestGateway({ publicUrl: 'https://pay.example' })
    try {
      const visitor = consoleVisitor(secure)
      const own = { 'sec-fetch-site': 'same-origin' }
      const answer = await visitor.post('/console/sign-in', { key: operatorKey }, own)
      expect(answer.headers.get('set-cookie')).toMatch(
        /^__Host-console=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      )
      expect((await visitor.get('/console')).status).toBe(200)
    } finally {
      await secure.stop()
    }
  })
})

describe('a form from elsewhere', () => {
  const foreign: [string, Record<string, string>][] = [
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the domain', { 'sec-fetch-site': 'same-site' }],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['nobody who says so', {}],
  ]
  const forms = [
    '/console/sign-in',
    '/console/sign-out',
    '/console/payments/pay_x/refund',
    '/console/payments/pay_x/retry',
    '/console/unapplied/crd_x/apply',
    '/console/unapplied/crd_x/return',
    '/console/exceptions/pay_x',
    '/console/bills',
    '/console/bills/profile',
  ]
  test.each(foreign.flatMap(([who, headers]) => forms.map((path) => [who, path, headers] as const)))(
    '%s does nothing at %s',
    async (_who, path, headers) => {
      const visitor = await session()
      const { status, text } = await visitor.post(`${path}?lang=en`, { key: shop.key }, headers)
      expect(status).toBe(403)
      expect(text).toContain('The form came from another site')
      expect((await visitor.get('/console')).status).toBe(200)
    },
  )

  let opened: ReturnType<typeof signedIn> | undefined
  function session(): ReturnType<typeof signedIn> {
    opened ??= signedIn(gateway, shop.key)
    return opened
  }
})

test('every page of the console carries the headers of the others, and is kept by no cache', async () => {
  const visitor = await signedIn(gateway, shop.key)
  for (const path of ['/console', '/console/payments', '/console/sign-in', '/console/payments/pay_x']) {
    const { headers } = await visitor.get(path)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  }
})

test('no key and no cookie is in a page, in the log or in a file beside it', async () => {
  const visitor = await signedIn(gateway, shop.key)
  const pages = ['/console', '/console/payments', '/console/sites', '/console/unapplied']
  const texts = await Promise.all(pages.map(async (path) => (await visitor.get(path)).text))
  const token = visitor.cookie.split('=')[1]!
  const secrets = [shop.key, operatorKey, token, gateway.services.crypto.hash(shop.key)]
  const isLog = (name: string) => name.startsWith('events.sqlite') // it has the hash of each key that was issued
  const files = readdirSync(gateway.dataDir)
    .filter((name) => !isLog(name))
    .map((name) => readFileSync(join(gateway.dataDir, name), 'latin1'))
  expect(files.some((file) => file.includes(`key_${shop.key.split('_')[1]}`))).toBe(true) // the session is there
  for (const secret of secrets)
    for (const place of [...texts, logged, ...files]) expect(place).not.toContain(secret)
})
