// The sandbox bank: pays a QR text as a bank app would, on the road that a real bank takes, and only in a sandbox.
import { afterAll, expect, test } from 'vitest'
import { writeVietQr } from '../../src/domain/qr/writeVietQr.ts'
import { ask, openShop, openTestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(() => gateway.stop())

const play = (body: object) => gateway.call('POST', '/v1/sandbox/pay', { body })
const statusOf = async (id: string) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body.status

test('pays what the QR says', async () => {
  const { id, qr } = await ask(gateway, shop)
  const answer = await play({ qrPayload: qr.payload })
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ creditId: expect.stringMatching(/^crd_/), outcome: 'applied' })
  expect(await statusOf(id)).toBe('paid')
})

test('pays less, more, twice, with other words, and one transfer told twice', async () => {
  const outcome = async (payload: string, changes: object) =>
    (await play({ qrPayload: payload, ...changes })).body.outcome
  const { qr } = await ask(gateway, shop)
  expect(await outcome(qr.payload, { amount: '25000', transactionId: 'T1' })).toBe('applied')
  expect(await outcome(qr.payload, { amount: '25000', transactionId: 'T1' })).toBe('applied')
  expect(await outcome(qr.payload, { content: 'tien an trua' })).toBe('unmatched')
  expect(await outcome(qr.payload, { amount: '100001' })).toBe('overpaid')
  expect(await outcome(qr.payload, {})).toBe('duplicate')
})

test('refuses a broken code by the rule it breaks, a code of another kind, and an amount that is none', async () => {
  const { qr } = await ask(gateway, shop)
  const broken = await play({ qrPayload: `${qr.payload.slice(0, -4)}0000` })
  expectRefused(broken, 'qr_invalid', '/qrPayload')
  expect(broken.body.errors[0].code).toMatch(/CRC/)
  expectRefused(await play({ qrPayload: 'https://example.com' }), 'qr_invalid', '/qrPayload')
  expectRefused(await play({ qrPayload: '' }), 'validation_failed', '/qrPayload')
  expectRefused(await play({ qrPayload: qr.payload, amount: '1e3' }), 'validation_failed', '/amount')
  const open = writeVietQr({ bankBin: '970422', accountNumber: '0123456789' }) // says no amount
  expectRefused(await play({ qrPayload: open }), 'validation_failed', '/amount')
})

test('outside a sandbox there is no such bank', async () => {
  const live = await openTestGateway({ sandbox: false })
  const answer = await live.call('POST', '/v1/sandbox/pay', { body: { qrPayload: 'x' } })
  const paths = (await live.call('GET', '/openapi.json')).body.paths
  const connector = await live.services.gateway.connectors.load('con_SANDB0XBANK0')
  await live.stop()
  expectRefused(answer, 'not_found')
  expect(paths['/v1/sandbox/pay']).toBeUndefined()
  expect(connector.state.status).toBe('new')
})
