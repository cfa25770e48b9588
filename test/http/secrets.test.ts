// A canary for secrets and personal data: pushed through good and bad paths, they appear in no log line, event or file.
import { expect, test } from 'vitest'
import { providerKinds } from '../../src/domain/connectors/providers.ts'
import { type EventStore, oneAfterTheOther } from '../../src/domain/core/eventStore.ts'
import { callbacks, credentials } from '../support/callbacks.ts'
import {
  ask,
  eventually,
  notificationFor,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  signedHeaders,
} from '../support/gateway.ts'
import { becomes, post, refund, scriptedBank } from '../support/money.ts'

const payer = { name: 'CANARY NGUYEN VAN AN', bankBin: '970436', accountNumber: '19031111222233334' }
const words = 'canary chuyen tien vien phi'

test('nothing secret or personal is logged, recorded in plain text or kept in a read model', async () => {
  const lines: string[] = []
  let failing = false
  const out = scriptedBank({ status: 'failed', reason: 'account closed' })
  const gateway = await openTestGateway({
    transferConnector: out.connector,
    logTo: { write: (line: string) => void lines.push(line) },
    around: (store) => {
      const append: EventStore['append'] = (stream, version, events) =>
        failing
          ? Promise.reject(new Error(`disk full at ${JSON.stringify(events)}`))
          : store.append(stream, version, events)
      return { ...store, append, appendInOrder: (appends) => oneAfterTheOther(append, appends) }
    },
  })
  const shop = await openShop(gateway)
  const terminal = await openTerminal(gateway, shop)
  const bank = await openBank(gateway)
  const payment = await ask(gateway, shop)
  const told = (id: string, changes: object = {}) =>
    notificationFor(payment, id, gateway.clock.now, {
      payer,
      content: `${words} TN${payment.reference}`,
      ...changes,
    })
  const tell = (id: string, changes: object = {}) =>
    pay(gateway, bank, payment, id, { ...told(id), ...changes })

  // Good: paid, paid again, not to be matched.
  expect((await tell('T1')).body.outcome).toBe('applied')
  expect((await tell('T2')).body.outcome).toBe('duplicate')
  expect((await tell('T3', { content: words })).body.outcome).toBe('unmatched')
  // Money goes back, to the account that is nowhere written: a refund, and a return that fails first.
  const refunded = await refund(gateway, shop, payment.id)
  await becomes(gateway, shop, `/v1/refunds/${refunded.body.id}`, 'status', 'failed')
  const { creditId } = (await tell('T7', { amount: '7000', content: `${words} 19031111222233334` })).body
  expect((await post(gateway, `/v1/unapplied-credits/${creditId}/return`, shop.key)).status).toBe(200)
  await eventually('the money was sent twice', () => out.sent.length === 2)
  expect(out.sent.map(({ to }) => to.accountNumber)).toEqual([payer.accountNumber, payer.accountNumber])
  // Bad: conflict, misfit, broken, forged, wrong keys, unknown paths.
  expect((await tell('T1', { amount: '5' })).status).toBe(409)
  expect((await tell('T4', { amount: -5 })).status).toBe(422)
  const body = JSON.stringify(told('T5'))
  const headers = signedHeaders(bank.secret, body, gateway.clock.now)
  const path = `/v1/connectors/${bank.id}/notifications`
  const send = (sent: string, with_: Record<string, string>) =>
    gateway.call('POST', path, { body: sent, headers: with_ })
  expect((await send(`${body}!`, headers)).status).toBe(401)
  expect(
    (await send(body, { ...headers, 'webhook-signature': `${headers['webhook-signature']}x` })).status,
  ).toBe(401)
  const half = body.slice(0, -2)
  expect((await send(half, signedHeaders(bank.secret, half, gateway.clock.now))).status).toBe(400)
  expect((await gateway.call('GET', `/v1/merchants/${shop.key}`, { key: terminal.key })).status).toBe(403)
  expect(
    (await gateway.call('GET', `/nowhere/${encodeURIComponent(payer.name)}`, { key: `${shop.key}x` })).status,
  ).toBe(404)
  // Providers: connected, out of reach, paid, declined, unreadable, forged.
  for (const kind of providerKinds) {
    const account = { kind, name: kind, baseUrl: 'http://127.0.0.1:1', ...credentials[kind] }
    const { id } = (await gateway.call('POST', '/v1/connectors', { key: operatorKey, body: account })).body
    const call = (text: string) =>
      kind === 'vnpay'
        ? gateway.call('GET', `/v1/connectors/${id}/notifications?${text}`)
        : gateway.call('POST', `/v1/connectors/${id}/notifications`, { body: text })
    const ordered = await ask(gateway, shop, { connectorId: id }).catch((error: Error) => error.message)
    expect(JSON.stringify(ordered)).toContain(kind === 'vnpay' ? 'vnp_SecureHash' : 'provider_failed')
    for (const secret of Object.values(credentials[kind]))
      if (secret !== credentials.vnpay.tmnCode) expect(JSON.stringify(ordered)).not.toContain(secret)
    const named = { vnp_OrderInfo: payer.name, message: payer.name, app_user: payer.name, desc: payer.name }
    await call(callbacks[kind](payment, '1', named))
    await call(callbacks[kind](payment, '2', { ...named, amount: 'x', vnp_Amount: 'x' }))
    await call(callbacks[kind](payment, '3', { ...named, resultCode: 5, code: '5', vnp_ResponseCode: '05' }))
    await call(callbacks[kind](payment, '4', named).replace(/[0-9a-f]{64}/, 'CANARY'))
  }
  // Worst: the store fails and its error quotes what it was given.
  failing = true
  expect((await tell('T6')).status).toBe(500)
  expect(await ask(gateway, shop).catch((error: Error) => error.message)).toContain('internal_error')
  failing = false

  await gateway.settled()
  const log = lines.join('')
  const events = JSON.stringify(await gateway.store.readAll('', 10_000))
  const files = await gateway.written()
  await gateway.stop()

  const secrets = [shop.key, terminal.key, bank.secret, operatorKey].map(
    (secret) => secret.split('_').at(-1)!,
  )
  const personal = [
    payer.name,
    payer.accountNumber,
    'CANARY',
    words,
    'canary',
    headers['webhook-signature']!.slice(3),
  ]
  expect(log).toContain('a transaction was notified again')
  expect(log).toContain('internal_error')
  expect(log).toContain('a provider could not be reached')
  expect(log).toContain('could not be read; it is kept')
  expect(events).toContain('CreditReceived')
  expect(events).toContain('CreditReturnSent')
  expect(files.includes(payment.id)).toBe(true)
  for (const canary of [...secrets, ...personal]) {
    expect(log).not.toContain(canary)
    expect(events).not.toContain(canary)
    expect(files.includes(canary)).toBe(false)
  }
  expect(log).not.toContain('disk full')
})
