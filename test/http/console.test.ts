// The console's pages: what each role sees and does there is what the API lets it, and no more.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedIn, type Visitor } from '../support/consoleVisitor.ts'
import {
  ask,
  eventually,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  unappliedOf,
} from '../support/gateway.ts'
import { becomes } from '../support/money.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
const other = await openShop(gateway, { name: 'Siêu thị khác' })
const bank = await openBank(gateway)
afterAll(() => gateway.stop())

const en = (path: string) => `${path}${path.includes('?') ? '&' : '?'}lang=en`
let merchant: Visitor
let stranger: Visitor
let operator: Visitor
beforeAll(async () => {
  merchant = await signedIn(gateway, shop.key)
  stranger = await signedIn(gateway, other.key)
  operator = await signedIn(gateway, operatorKey)
})

let transfers = 0
const paid = async (amount = '125000') => {
  const payment = await ask(gateway, shop, { amount })
  const payer = { bankBin: '970436', accountNumber: '0987654321', name: 'NGUYEN VAN A' }
  await pay(gateway, bank, payment, `FT-${++transfers}`, { payer })
  return payment
}
/** Money that names no payment. */
const stray = async (amount = '125000', changes: object = {}) => {
  const payer = { bankBin: '970436', accountNumber: '0987654321', name: 'NGUYEN VAN A' }
  const notice = { content: 'tien hang', payer, ...changes }
  const told = await pay(gateway, bank, { amount, reference: '' }, `FT-${++transfers}`, notice)
  await unappliedOf(gateway, shop.key, told.body.creditId)
  return told.body.creditId as string
}
const amountsIn = (text: string) => [...text.matchAll(/<dd>([^<]+)<\/dd>/g)].map(([, value]) => value)
const hidden = (text: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1]

describe('a merchant’s first page', () => {
  test('adds up today’s takings as the API does, fees taken out', async () => {
    const own = await openShop(gateway, { feePlan: { rate: '1', fixed: '100' } })
    const visitor = await signedIn(gateway, own.key)
    for (const amount of ['125000', '80000']) {
      const payment = await ask(gateway, own, { amount })
      await pay(gateway, bank, payment, `FT-${++transfers}`)
    }
    await gateway.settled()
    const { text } = await visitor.get(en('/console'))
    expect(amountsIn(text)).toEqual(['2', '₫205,000', '₫2,250', '₫202,750'])
    expect(text).toContain('Today, November 22, 2026')
    expect((await visitor.get('/console')).text).toContain('202.750\u00a0₫')
  })

  test('leads to what waits', async () => {
    const own = await openShop(gateway, {
      settlementAccount: { bankBin: '970422', accountNumber: '777', accountName: 'A' },
    })
    const visitor = await signedIn(gateway, own.key)
    expect((await visitor.get(en('/console'))).text).toContain('Nothing to deal with.')
    const told = await pay(gateway, bank, { amount: '5000', reference: '' }, `FT-${++transfers}`, {
      accountNumber: '777',
      content: 'x',
    })
    await unappliedOf(gateway, own.key, told.body.creditId)
    expect((await visitor.get(en('/console'))).text).toMatch(
      /href="\/console\/unapplied\?lang=en">Unapplied money: 1, ₫5,000</,
    )
  })
})

describe('the list of payments', () => {
  test('holds those of its merchant, by state, site and order number, a page at a time', async () => {
    const own = await openShop(gateway)
    const visitor = await signedIn(gateway, own.key)
    for (let order = 1; order <= 30; order++) {
      await ask(gateway, own, { orderId: `HD-${order}` })
      gateway.clock.now = new Date(gateway.clock.now.getTime() + 1_000)
    }
    await pay(gateway, bank, await ask(gateway, own, { orderId: 'HD-31' }), `FT-${++transfers}`)
    await gateway.settled()
    const orders = (text: string) =>
      [...text.matchAll(/<td role="cell" data-column="Order number">(HD-\d+)/g)].map(([, id]) => id)
    const first = (await visitor.get(en('/console/payments'))).text
    expect(orders(first)).toHaveLength(25)
    expect(orders(first)[0]).toBe('HD-31')
    const next = /href="(\/console\/payments\?[^"]*cursor=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&')
    const second = (await visitor.get(next!)).text
    expect(orders(second)).toEqual(['HD-6', 'HD-5', 'HD-4', 'HD-3', 'HD-2', 'HD-1'])
    expect(second).toContain('First page')
    expect(orders((await visitor.get(en('/console/payments?status=paid&siteId=&orderId='))).text)).toEqual([
      'HD-31',
    ])
    expect(orders((await visitor.get(en('/console/payments?orderId=HD-7'))).text)).toEqual(['HD-7'])
    expect(orders((await visitor.get(en(`/console/payments?siteId=${shop.siteId}`))).text)).toEqual([])
  })

  test('of a wrong filter says what is wrong', async () => {
    const { status, text } = await merchant.get(en('/console/payments?status=gone'))
    expect(status).toBe(422)
    expect(text).toContain('<code>status</code>')
  })
})

describe('a payment', () => {
  test('shows what happened to it in words', async () => {
    const { id } = await paid()
    const { text } = await merchant.get(en(`/console/payments/${id}`))
    const told = [
      ...text
        .split('ol>')[0]!
        .split('<ol')[1]!
        .matchAll(/<p><strong>([^<]+)<\/strong>/g),
    ].map(([, words]) => words)
    expect(told).toEqual([
      'The merchant asked for the payment',
      'QR code issued',
      'Money arrived and was applied',
      'Paid in full',
    ])
    expect((await merchant.get(`/console/payments/${id}`)).text).toContain('Tiền đến và được ghi nhận')
  })

  test('of another merchant is not there, to look at or to refund', async () => {
    const { id } = await paid()
    const gone = await stranger.get(en(`/console/payments/${id}`))
    expect(gone.status).toBe(404)
    expect(gone.text).toContain('There is no such page, or this key may not see it.')
    const fields = { amount: '1', reason: 'x', confirmed: 'ABCDEFGH' }
    expect((await stranger.post(`/console/payments/${id}/refund`, fields)).status).toBe(404)
    expect((await operator.get(`/console/payments/${id}`)).status).toBe(200)
  })

  test('escapes what merchants write', async () => {
    const { id } = await ask(gateway, shop, { description: '<script>alert(1)</script>', orderId: '"><b>' })
    const { text } = await merchant.get(`/console/payments/${id}`)
    expect(text).toContain('&lt;script&gt;alert(1)')
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('"><b>')
  })

  test('that is not paid has no refund form', async () => {
    const { id } = await ask(gateway, shop)
    expect((await merchant.get(`/console/payments/${id}`)).text).not.toContain('id="refund"')
  })
})

describe('a refund', () => {
  test('is asked for, confirmed, and done once, however often it is confirmed', async () => {
    const { id } = await paid()
    const page = await merchant.get(en(`/console/payments/${id}`))
    expect(hidden(page.text, 'amount')).toBe('125000')
    const question = await merchant.post(en(`/console/payments/${id}/refund`), {
      amount: '25.000',
      reason: 'Trả hàng',
    })
    expect(question.status).toBe(200)
    expect(question.text).toContain('Refund ₫25,000?')
    const refunds = () => gateway.call('GET', `/v1/payments/${id}/refunds`, { key: shop.key })
    expect((await refunds()).body.data).toEqual([])
    const fields = { amount: '25000', reason: 'Trả hàng', confirmed: hidden(question.text, 'confirmed')! }
    expect(fields.confirmed).toMatch(/^[0-9A-Z]{16}$/)
    for (const _time of [1, 2]) {
      const done = await merchant.post(en(`/console/payments/${id}/refund`), fields)
      expect(done.headers.get('location')).toBe(`/console/payments/${id}?done=refund&lang=en`)
    }
    expect((await refunds()).body.data).toMatchObject([{ amount: '25000', reason: 'Trả hàng' }])
    await becomes(gateway, shop, `/v1/payments/${id}`, 'amountRefunded', '25000')
    const { text } = await merchant.get(en(`/console/payments/${id}?done=refund`))
    expect(text).toContain('The refund is requested.')
    expect(hidden(text, 'amount')).toBe('100000')
    const { body } = await gateway.call('GET', `/v1/payments/${id}/events`, { key: shop.key })
    const asked = body.data.find(({ type }: { type: string }) => type === 'RefundRequested')
    expect(asked.metadata.actor).toBe(`key_${shop.key.split('_')[1]}`)
  })

  test.each([
    ['12,5', 'Something was not filled in rightly'],
    ['0', 'Something was not filled in rightly'],
    ['-5', 'Something was not filled in rightly'],
  ])('of %s is refused before the question, and keeps what was typed', async (amount, said) => {
    const { id } = await paid()
    const { status, text } = await merchant.post(en(`/console/payments/${id}/refund`), {
      amount,
      reason: 'x',
    })
    expect(status).toBe(422)
    expect(text).toContain(said)
    expect(hidden(text, 'amount')).toBe(amount)
  })

  test('of more than there is says so', async () => {
    const { id } = await paid()
    const fields = { amount: '125001', reason: 'x', confirmed: 'ABCDEFGH' }
    const { status, text } = await merchant.post(en(`/console/payments/${id}/refund`), fields)
    expect(status).toBe(409)
    expect(text).toContain('More than is left to refund.')
    expect((await merchant.post(`/console/payments/${id}/refund`, fields)).text).toContain(
      'Số tiền hoàn lớn hơn số còn lại.',
    )
  })

  test('is nothing for a terminal', async () => {
    const terminal = await signedIn(gateway, (await openTerminal(gateway, shop)).key)
    const { id } = await paid()
    const page = await terminal.get(en(`/console/payments/${id}`))
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('id="refund"')
    const fields = { amount: '1', reason: 'x', confirmed: 'ABCDEFGH' }
    expect((await terminal.post(`/console/payments/${id}/refund`, fields)).status).toBe(403)
  })
})

describe('unapplied money', () => {
  test('is applied to a candidate, after a question', async () => {
    const payment = await ask(gateway, shop, { amount: '77000' })
    const credit = await stray('77000')
    const list = (await merchant.get(en('/console/unapplied'))).text
    expect(list).toContain(`name="payment" value="${payment.id}"`)
    expect(list).toContain('same amount')
    const address = en(`/console/unapplied/${credit}/apply`)
    const question = (await merchant.post(address, { payment: payment.id, other: '' })).text
    expect(question).toContain('Apply ₫77,000 to this payment?')
    const fields = { payment: payment.id, confirmed: hidden(question, 'confirmed')! }
    const done = await merchant.post(address, fields)
    expect(done.headers.get('location')).toBe(`/console/payments/${payment.id}?done=applied&lang=en`)
    const { text } = await merchant.get(done.headers.get('location')!)
    expect(text).toContain('The money is applied to this payment.')
    expect(text).toContain('>Paid</span>')
  })

  test('is returned to its sender, after a question', async () => {
    const credit = await stray('41000')
    const address = en(`/console/unapplied/${credit}/return`)
    const question = (await merchant.post(address, { reason: 'sai' })).text
    expect(question).toContain('Return ₫41,000 to its sender?')
    const done = await merchant.post(address, { reason: 'sai', confirmed: hidden(question, 'confirmed')! })
    expect(done.headers.get('location')).toBe('/console/unapplied?done=returned&lang=en')
    await eventually('it is returned', async () => {
      const { body } = await gateway.call('GET', `/v1/unapplied-credits/${credit}`, { key: shop.key })
      return body.returns[0]?.status === 'completed'
    })
  })

  test('without a known sender has no way back, and says so', async () => {
    const credit = await stray('42000', { payer: undefined })
    const { text } = await merchant.get(en('/console/unapplied'))
    expect(text).not.toContain(`/console/unapplied/${credit}/return`)
    expect(text).toContain('The bank did not name the sender')
  })

  test('goes to no payment that is not there, or another’s', async () => {
    const credit = await stray('43000')
    const foreign = await ask(gateway, other)
    for (const payment of ['pay_00000000000000000A', foreign.id, '']) {
      const fields = { payment, confirmed: 'ABCDEFGH' }
      const address = en(`/console/unapplied/${credit}/apply`)
      const { status, text } = await merchant.post(address, payment === '' ? {} : fields)
      expect([404, 422]).toContain(status)
      expect(text).toMatch(/There is no payment with this id|not filled in rightly/)
    }
  })

  test('of another account is the operator’s to see, not another merchant’s', async () => {
    const elsewhere = await openShop(gateway, {
      settlementAccount: { bankBin: '970422', accountNumber: '888', accountName: 'B' },
    })
    const visitor = await signedIn(gateway, elsewhere.key)
    const credit = await stray('44000')
    expect((await visitor.get('/console/unapplied')).text).not.toContain(credit)
    expect((await operator.get('/console/unapplied')).text).toContain(credit)
    const { status } = await visitor.post(`/console/unapplied/${credit}/return`, {})
    expect(status).toBe(404)
  })
})

describe('an exception', () => {
  test('is listed with what does not agree, and leaves with a note', async () => {
    const machine = await openTerminal(gateway, shop)
    const fulfillment = { mode: 'dispense', timeoutSeconds: 60 }
    const { id, ...asked } = await ask(gateway, { ...shop, key: machine.key }, { fulfillment })
    await pay(gateway, bank, asked, `FT-${++transfers}`) // the bank does not name the sender
    const report = { key: machine.key, body: { outcome: 'failed' } }
    await gateway.call('POST', `/v1/payments/${id}/fulfillment`, report)
    const listed = async () => (await merchant.get(en('/console/exceptions'))).text
    await eventually('it is listed', async () => (await listed()).includes(id))
    expect(await listed()).toContain('Money could not be given back: ₫125,000')
    expect((await merchant.get(en('/console'))).text).toContain('Goods and money that do not agree: 1')
    expect((await stranger.get('/console/exceptions')).text).not.toContain(id)
    expect((await stranger.post(`/console/exceptions/${id}`, {})).status).toBe(404)
    const done = await merchant.post(en(`/console/exceptions/${id}`), { note: 'trả tiền mặt' })
    expect(done.headers.get('location')).toBe('/console/exceptions?done=1&lang=en')
    await gateway.settled()
    expect(await listed()).not.toContain(id)
    const again = await merchant.post(en(`/console/exceptions/${id}`), {})
    expect(again.status).toBe(303) // pressed twice: so already
  })
})

describe('sites', () => {
  test('are shown with their terminals and whether they are there', async () => {
    const own = await openShop(gateway)
    const visitor = await signedIn(gateway, own.key)
    await gateway.settled()
    expect((await visitor.get(en('/console/sites'))).text).toContain('This site has no terminal.')
    const { id, key } = await openTerminal(gateway, own)
    await gateway.settled()
    const page = async () => (await visitor.get(en('/console/sites'))).text
    expect(await page()).toContain('Never seen')
    await gateway.call('POST', `/v1/terminals/${id}/heartbeat`, { key, body: {} })
    expect(await page()).toContain('<span class="pill good">Active</span>')
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 121_000)
    expect(await page()).toContain('<span class="pill warn">Silent</span>')
  })
})

describe('an operator', () => {
  test('sees all merchants, and how the gateway is', async () => {
    const merchants = (await operator.get(en('/console/merchants'))).text
    expect(merchants).toContain('Siêu thị khác')
    expect(merchants).toContain(other.merchantId)
    const health = (await operator.get(en('/console/health'))).text
    for (const reader of ['matchCredits', 'dispenseOrRefund', 'watchers']) expect(health).toContain(reader)
    expect((await operator.get(en('/console'))).text).toContain('The whole gateway today')
  })

  test.each(['/console/merchants', '/console/health'])('%s is not a merchant’s', async (path) => {
    const { status, text } = await merchant.get(en(path))
    expect(status).toBe(403)
    expect(text).toContain('This key may not see this page.')
  })
})

test('every area that is offered to a role opens, and the others are not offered', async () => {
  const terminal = await signedIn(gateway, (await openTerminal(gateway, shop)).key)
  const offered = async (visitor: Visitor) => {
    const { text } = await visitor.get('/console')
    return [
      ...text
        .split('nav>')[0]!
        .split('<nav')[1]!
        .matchAll(/href="(\/console[^"]*)"/g),
    ].map(([, path]) => path!)
  }
  expect(await offered(terminal)).toEqual(['/console', '/console/payments'])
  expect(await offered(merchant)).toEqual([
    '/console',
    '/console/payments',
    '/console/unapplied',
    '/console/exceptions',
    '/console/settlements',
    '/console/sites',
  ])
  expect(await offered(operator)).toEqual([
    '/console',
    '/console/payments',
    '/console/unapplied',
    '/console/exceptions',
    '/console/settlements',
    '/console/sites',
    '/console/merchants',
    '/console/health',
  ])
  for (const visitor of [terminal, merchant, operator])
    for (const path of await offered(visitor)) expect((await visitor.get(path)).status).toBe(200)
})
