// Terminals: registered by a merchant, activated once, each with a key of its own.
import { afterAll, describe, expect, test } from 'vitest'
import { newKey } from '../../src/http/keys.ts'
import { ask, openShop, openTerminal, openTestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(() => gateway.stop())

const register = (changes: object = {}, key = shop.key) =>
  gateway.call('POST', '/v1/terminals', {
    key,
    body: { siteId: shop.siteId, kind: 'qr-display', serialNumber: 'SN-0001', ...changes },
  })
const activate = (activationCode: string) =>
  gateway.call('POST', '/v1/terminals/activate', { body: { activationCode } })

test('a terminal is registered with the numbers that the card network knows it by', async () => {
  const { status, body } = await register()
  expect(status).toBe(201)
  const { id, activationCode, ...rest } = body
  expect(rest).toEqual({
    merchantId: shop.merchantId,
    siteId: shop.siteId,
    kind: 'qr-display',
    serialNumber: 'SN-0001',
    terminalId: id.slice('ter_'.length),
    cardAcceptorId: `TN${shop.siteId.slice('sit_'.length)}`,
    status: 'registered',
    createdAt: '2026-11-22T03:00:00.000Z',
  })
  expect([rest.terminalId.length, rest.cardAcceptorId.length]).toEqual([8, 15])
  expect(activationCode).toMatch(new RegExp(`^${rest.terminalId}-[0-9A-HJKMNP-TV-Z]{8}$`))
})

describe('activation', () => {
  test('gives the terminal a key that works, and reading shows it active without the key', async () => {
    const { id, activationCode } = (await register()).body
    const activated = await activate(activationCode)
    expect(activated.status).toBe(200)
    expect(activated.body).toEqual({ id, apiKey: expect.stringMatching(/^tn_\w{16}_\w{32}$/) })
    const read = await gateway.call('GET', `/v1/terminals/${id}`, { key: activated.body.apiKey })
    expect(read.body).toMatchObject({ id, status: 'active', activatedAt: '2026-11-22T03:00:00.000Z' })
    expect(read.text).not.toContain(activated.body.apiKey)
    expect(read.text).not.toContain(activationCode)
  })

  test('takes the code as a person types it', async () => {
    const { activationCode } = (await register()).body
    expect((await activate(` ${activationCode.toLowerCase()} `)).status).toBe(200)
  })

  test('works once: a second use is 409 and the first key goes on working', async () => {
    const { id, activationCode } = (await register()).body
    const { apiKey } = (await activate(activationCode)).body
    const head = await gateway.store.head()
    expectRefused(await activate(activationCode), 'terminal_already_activated')
    expect(await gateway.store.head()).toBe(head)
    expect((await gateway.call('GET', `/v1/terminals/${id}`, { key: apiKey })).status).toBe(200)
  })

  test('of ten at once one gets a key that works, the others are told that the code was used', async () => {
    const { id, activationCode } = (await register()).body
    const answers = await Promise.all(Array.from({ length: 10 }, () => activate(activationCode)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
    const winner = answers.find(({ status }) => status === 200)!.body.apiKey
    expect((await gateway.call('GET', `/v1/terminals/${id}`, { key: winner })).status).toBe(200)
  })

  test('leaves only one key valid: one that a losing activation had recorded opens nothing', async () => {
    const terminal = await openTerminal(gateway, shop)
    const { merchantId } = shop
    const holder = {
      role: 'terminal',
      code: merchantId.slice(4),
      merchantId,
      terminalId: terminal.id,
    } as const
    const lost = newKey(holder, (_purpose, size) => new Uint8Array(size).fill(1), gateway.services)
    await lost.record()
    const path = `/v1/terminals/${terminal.id}`
    expectRefused(await gateway.call('GET', path, { key: lost.text }), 'unauthorized')
    expect((await gateway.call('GET', path, { key: terminal.key })).status).toBe(200)
  })

  test('with a code that is nobody’s is 404, whatever part of it is wrong', async () => {
    const { terminalId } = (await register()).body
    for (const code of [`${terminalId}-00000000`, terminalId, '00000000-00000000', 'x', ' '.repeat(40)])
      expectRefused(await activate(code), 'terminal_not_found')
  })
})

describe('a terminal', () => {
  test('sells in its own name', async () => {
    const terminal = await openTerminal(gateway, shop)
    const payment = await ask(gateway, { ...shop, key: terminal.key })
    expect(payment).toMatchObject({
      terminalId: terminal.id,
      siteId: shop.siteId,
      merchantId: shop.merchantId,
    })
  })

  test('cannot sell in the name of another terminal or at another site', async () => {
    const [one, other] = [await openTerminal(gateway, shop), await openTerminal(gateway, shop)]
    const body = { siteId: shop.siteId, method: 'qr', amount: '1000', currency: 'VND' }
    const named = { ...body, terminalId: other.id }
    const elsewhere = { ...body, siteId: (await secondSite()).id }
    const sell = (sale: object) => gateway.call('POST', '/v1/payments', { key: one.key, body: sale })
    expectRefused(await sell(named), 'validation_failed', '/terminalId')
    expectRefused(await sell(elsewhere), 'validation_failed', '/terminalId')
  })

  test('is named by its merchant only with its own site', async () => {
    const terminal = await openTerminal(gateway, shop)
    const body = {
      siteId: shop.siteId,
      method: 'qr',
      amount: '1000',
      currency: 'VND',
      terminalId: terminal.id,
    }
    const sell = (sale: object) => gateway.call('POST', '/v1/payments', { key: shop.key, body: sale })
    expect((await sell(body)).body.terminalId).toBe(terminal.id)
    expectRefused(
      await sell({ ...body, siteId: (await secondSite()).id }),
      'validation_failed',
      '/terminalId',
    )
  })

  test('is not registered at the site of another merchant', async () => {
    const other = await openShop(gateway)
    expectRefused(await register({}, other.key), 'validation_failed', '/siteId')
  })

  test.each([
    ['a kind nobody knows', { kind: 'toaster' }, '/kind'],
    ['an id of another kind as its site', { siteId: 'ter_9QZXW4F2' }, '/siteId'],
    ['no serial number', { serialNumber: '' }, '/serialNumber'],
  ])('is not registered with %s', async (_what, changes, pointer) => {
    expectRefused(await register(changes), 'validation_failed', pointer)
  })
})

async function secondSite() {
  const body = { name: 'Kho', sector: 'other', district: 'Đống Đa', address: '1 Xã Đàn' }
  return (await gateway.call('POST', '/v1/sites', { key: shop.key, body })).body
}
