// A merchant is told by webhook: signed, once acknowledged, and again after a failure, also by an object that had ended.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { ask, call, notify, openBank, openShop } from './edge.ts'

let shop: Awaited<ReturnType<typeof openShop>>
let bank: Awaited<ReturnType<typeof openBank>>
beforeAll(async () => {
  shop = await openShop()
  bank = await openBank()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

type Received = { url: string; headers: Record<string, string>; body: string }

/** A receiver that answers with each status in turn, the last one for ever. */
function receive(...statuses: number[]): Received[] {
  const received: Received[] = []
  vi.stubGlobal(
    'fetch',
    async (url: URL, { headers, body }: { headers: Record<string, string>; body: string }) => {
      received.push({ url: String(url), headers, body })
      return new Response(null, { status: statuses[Math.min(received.length, statuses.length) - 1]! })
    },
  )
  return received
}

test('it is signed, acknowledged, and sent again only where it was not', async () => {
  const received = receive(503, 204)
  const body = { url: 'https://shop.example/hooks', events: ['payment.paid'] }
  const endpoint = await call('POST', '/v1/webhook-endpoints', { key: shop.key, body })
  expect(endpoint.status).toBe(201)
  const payment = await ask(shop)
  await notify(bank, `TN${payment.body.reference}`, 'WH1')
  await vi.waitFor(() => expect(received).toHaveLength(1))
  const object = env.MERCHANTS.getByName(shop.code)
  const alarmAt = () => runInDurableObject(object, (_object, { storage }) => storage.getAlarm())
  await vi.waitFor(async () => expect(await alarmAt()).toBeLessThan(Date.now() + 60_000))
  await evictDurableObject(object)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  await runDurableObjectAlarm(object)
  await vi.waitFor(() => expect(received).toHaveLength(2))
  const [first, second] = received
  expect(second!.body).toBe(first!.body)
  expect(second!.url).toBe('https://shop.example/hooks')
  const message = new Webhook(endpoint.body.secret).verify(second!.body, second!.headers)
  expect(message).toMatchObject({ type: 'payment.paid', data: { paymentId: payment.body.id } })
  await evictDurableObject(object)
  await runDurableObjectAlarm(object)
  expect(received).toHaveLength(2)
})
