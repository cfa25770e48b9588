// Is it alive, is it ready, how is it doing: /healthz, /readyz and /metrics.
import { describe, expect, test } from 'vitest'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { ask, eventually, openBank, openShop, openTestGateway, pay } from '../support/gateway.ts'

test('/healthz says that the process answers, and which version', async () => {
  const gateway = await openTestGateway()
  const { status, body } = await gateway.call('GET', '/healthz')
  await gateway.stop()
  expect([status, body]).toEqual([200, { status: 'ok', version: '0.0.0' }])
})

describe('/readyz', () => {
  /** A store whose followers hear nothing of events until the gate opens: every reader falls behind. */
  function gated() {
    let open = () => {}
    let gate = Promise.resolve()
    const around = (store: EventStore): EventStore => ({
      ...store,
      follow: async function* (after, signal, batchSize) {
        for await (const events of store.follow(after, signal, batchSize)) {
          await gate
          yield events
        }
      },
    })
    const shut = () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      open = resolve
    }
    return { around, shut, open: () => open() }
  }

  test('is 200 while every reader keeps up, with how far each is behind', async () => {
    const gateway = await openTestGateway()
    await openShop(gateway)
    await gateway.settled()
    await eventually('all readers keep up', async () =>
      (await gateway.services.lags()).every(({ behindMs }) => behindMs === 0),
    )
    const { status, body } = await gateway.call('GET', '/readyz')
    await gateway.stop()
    expect([status, body.status, body.lagMaxMs]).toEqual([200, 'ready', 5_000])
    const names = body.lags.map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining(['projections', 'matchCredits']))
    for (const { behindMs } of body.lags) expect(behindMs).toBe(0)
  })

  test('is 503 with the lag once a projection is behind beyond the limit, and 200 when it has caught up', async () => {
    const { around, shut, open } = gated()
    const gateway = await openTestGateway({ around })
    await gateway.settled()
    shut()
    await openShop(gateway)
    const readiness = async () => {
      const { status, body } = await gateway.call('GET', '/readyz')
      const lag = body.lags.find(({ name }: { name: string }) => name === 'projections')
      return [status, body.status, lag.behindMs]
    }
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 5_000)
    expect(await readiness()).toEqual([200, 'ready', 5_000])
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 1)
    expect(await readiness()).toEqual([503, 'lagging', 5_001])
    open()
    await gateway.settled()
    await eventually('ready again', async () => (await readiness())[0] === 200)
    await gateway.stop()
  })
})

test('/metrics is Prometheus text with requests by route, events by type, and the lag of each reader', async () => {
  const gateway = await openTestGateway()
  const shop = await openShop(gateway)
  const payment = await ask(gateway, shop)
  await pay(gateway, await openBank(gateway), payment, 't1')
  await gateway.call('GET', `/v1/payments/${payment.id}`, { key: shop.key })
  await gateway.call('GET', '/v1/payments', {})
  await gateway.settled()
  const answer = await gateway.call('GET', '/metrics')
  await eventually('the paid payment is counted', async () =>
    (await gateway.call('GET', '/metrics')).text.includes('thungan_events_total{type="PaymentPaid"} 1'),
  )
  await gateway.stop()
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const count = (labels: string) => `thungan_http_request_duration_seconds_count{${labels}} 1`
  expect(answer.text).toContain(count('route="/v1/payments/{id}",method="get",status="200"'))
  expect(answer.text).toContain(count('route="/v1/payments",method="get",status="401"'))
  expect(answer.text).toMatch(/thungan_lag_seconds\{reader="projections"\} \d/)
  expect(answer.text).not.toContain(payment.id) // a label per payment would fill any Prometheus
})
