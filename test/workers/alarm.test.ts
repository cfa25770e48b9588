// What an object does by the clock, and that it wakes for it.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { ask, call, notify, openBank, openShop, operatorKey } from './edge.ts'

let shop: Awaited<ReturnType<typeof openShop>>
let bank: Awaited<ReturnType<typeof openBank>>
beforeAll(async () => {
  shop = await openShop()
  bank = await openBank()
})
afterEach(() => void vi.useRealTimers())

const object = () => env.MERCHANTS.getByName(shop.code)
const alarmAt = () => runInDurableObject(object(), (_object, { storage }) => storage.getAlarm())
const later = (ms: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}
const read = async (id: string) => (await call('GET', `/v1/payments/${id}`, { key: shop.key })).body

describe('a payment whose time is over', () => {
  test('expires when the alarm rings, which is set for it', async () => {
    const { body } = await ask(shop, { expiresInSeconds: 600 })
    expect(await alarmAt()).toBeLessThanOrEqual(Date.now() + 5_000) // something was recorded
    expect(await runDurableObjectAlarm(object())).toBe(true)
    expect((await read(body.id)).status).toBe('pending')
    expect(await alarmAt()).toBe(Date.parse(body.qr.expiresAt))
    later(600_000)
    expect(await runDurableObjectAlarm(object())).toBe(true)
    expect((await read(body.id)).status).toBe('expired')
  })

  test('expires after its object had ended', async () => {
    const { body } = await ask(shop, { expiresInSeconds: 600 })
    await evictDurableObject(object())
    later(600_000)
    expect(await runDurableObjectAlarm(object())).toBe(true)
    expect((await read(body.id)).status).toBe('expired')
  })
})

describe('an alarm', () => {
  const setMasterKey = (MASTER_KEY: string) =>
    runInDurableObject(object(), (running) => void Object.assign(running, { env: { ...env, MASTER_KEY } }))

  test('that fails rings again, as often as it fails, and then does what is due', async () => {
    const { body } = await ask(shop, { expiresInSeconds: 600 })
    await evictDurableObject(object())
    await setMasterKey('too short')
    later(600_000)
    for (let failures = 0; failures < 2; failures++) {
      await expect(runDurableObjectAlarm(object())).rejects.toThrow('MASTER_KEY')
      expect(await alarmAt()).toBe(Date.now() + 60_000)
    }
    await setMasterKey(env.MASTER_KEY!)
    expect(await runDurableObjectAlarm(object())).toBe(true)
    expect((await read(body.id)).status).toBe('expired')
  })

  test('that was given up is set again by whoever asks for something', async () => {
    type Forgetting = { readonly deleteAlarm: () => Promise<void> }
    await runInDurableObject(object(), (_object, { storage }) =>
      (storage as unknown as Forgetting).deleteAlarm(),
    )
    expect(await alarmAt()).toBeNull()
    await call('GET', '/v1/payments', { key: shop.key })
    expect(await alarmAt()).toBeLessThanOrEqual(Date.now() + 5_000)
  })
})

test('a business day that is over is settled and sealed, once', async () => {
  const { body } = await ask(shop)
  const notified = await notify(bank, `TN${body.reference}`, 'day')
  expect(notified.body.outcome).toBe('applied')
  later(26 * 3_600_000)
  await runDurableObjectAlarm(object())
  await runDurableObjectAlarm(object())
  const settlements = await call('GET', '/v1/settlements', { key: shop.key })
  expect(settlements.body.data).toMatchObject([{ merchantId: shop.merchantId, gross: '125000', count: 1 }])
  const named = { key: operatorKey, headers: { 'merchant-id': shop.merchantId } }
  expect((await call('GET', '/v1/seals', named)).body.data).toHaveLength(1)
})
