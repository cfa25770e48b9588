// Refunds: a part or all of a paid payment goes back to the account it came from, once, whatever the bank answers.
import { afterEach, describe, expect, test } from 'vitest'
import type { TransferOutcome } from '../../src/domain/payments/transfer.ts'
import {
  ask,
  type Bank,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, logged, payer, payFrom, post, read, refund, scriptedBank } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
let out: ReturnType<typeof scriptedBank>
async function open(...answers: TransferOutcome[]): Promise<void> {
  out = scriptedBank(...answers)
  gateway = await openTestGateway({ transferConnector: out.connector })
  shop = await openShop(gateway)
  bank = await openBank(gateway)
}
afterEach(() => gateway.stop())

/** A payment of 125,000 đồng, paid. */
async function sold(transactionId = 't1') {
  const payment = await ask(gateway, shop)
  await payFrom(gateway, bank, payment, transactionId)
  return payment
}
const failed = (reason: string): TransferOutcome => ({ status: 'failed', reason })
const unknown: TransferOutcome = { status: 'unknown' }
const later = (seconds: number) => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + seconds * 1000)
}

describe('a refund', () => {
  test('of a part is requested, sent to the payer, completed, and shown on the payment', async () => {
    await open()
    const { id } = await sold()
    const answer = await refund(gateway, shop, id)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      id: expect.stringMatching(/^ref_[0-9A-Z]{26}$/),
      paymentId: id,
      amount: '25000',
      currency: 'VND',
      reason: 'returned goods',
      status: 'requested',
    })
    const payment = await becomes(gateway, shop, `/v1/payments/${id}`, 'status', 'partially_refunded')
    expect(payment).toMatchObject({ amountReceived: '125000', amountRefunded: '25000' })
    expect(await read(gateway, shop, `/v1/refunds/${answer.body.id}`)).toMatchObject({ status: 'completed' })
    expect(out.sent).toEqual([
      {
        transferId: `${answer.body.id}-1`,
        amount: { minor: 25_000n, currency: 'VND' },
        to: { bankBin: payer.bankBin, accountNumber: payer.accountNumber },
      },
    ])
  })

  test('of all in two parts makes the payment refunded, in its list too', async () => {
    await open()
    const { id } = await sold()
    await refund(gateway, shop, id)
    await refund(gateway, shop, id, { amount: '100000', currency: 'VND', reason: 'the rest' })
    const payment = await becomes(gateway, shop, `/v1/payments/${id}`, 'status', 'refunded')
    expect(payment.amountRefunded).toBe('125000')
    const { data } = await read(gateway, shop, `/v1/payments/${id}/refunds`)
    expect(data.map(({ amount, status }: Record<string, string>) => [amount, status])).toEqual([
      ['25000', 'completed'],
      ['100000', 'completed'],
    ])
    await gateway.settled()
    const listed = await read(gateway, shop, '/v1/payments?status=refunded')
    expect(listed.data).toEqual([payment])
    const { data: transfers } = await read(gateway, shop, '/v1/transfers?status=completed&limit=1')
    expect(transfers).toMatchObject([{ paymentId: id, merchantId: shop.merchantId }])
  })

  test('goes back over the credits that paid, the largest first', async () => {
    await open()
    const payment = await ask(gateway, shop)
    await payFrom(gateway, bank, payment, 't1', { amount: '25000' })
    const second = await payFrom(gateway, bank, payment, 't2', {
      amount: '100000',
      payer: { ...payer, accountNumber: '2' },
    })
    const { body } = await refund(gateway, shop, payment.id, { amount: '110000', reason: 'faulty' })
    expect(body.transfers.map(({ amount }: { amount: string }) => amount)).toEqual(['100000', '10000'])
    expect(body.transfers[0].creditId).toBe(second.body.creditId)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'completed')
    expect(out.sent.map(({ to, amount }) => [to.accountNumber, amount.minor]).sort()).toEqual([
      [payer.accountNumber, 10_000n],
      ['2', 100_000n],
    ])
  })

  test('asked for by many at once is never more than was paid', async () => {
    await open()
    const { id } = await sold()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => refund(gateway, shop, id, { amount: '25000', reason: 'x' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(201), ...Array(7).fill(409)])
    await becomes(gateway, shop, `/v1/payments/${id}`, 'amountRefunded', '125000')
    expect(out.sent.length).toBe(5)
  })
})

describe('a refund that fails', () => {
  test('is seen with the reason, gives its amount free, and is tried again', async () => {
    await open(failed('account closed'))
    const { id } = await sold()
    const { body } = await refund(gateway, shop, id, { amount: '125000', reason: 'x' })
    const seen = await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'failed')
    expect(seen.transfers).toMatchObject([
      { id: `${body.id}-1`, status: 'failed', failure: 'account closed' },
    ])
    expect(await read(gateway, shop, `/v1/payments/${id}`)).toMatchObject({
      status: 'paid',
      amountRefunded: '0',
    })
    await gateway.settled()
    const { data } = await read(gateway, { key: operatorKey }, '/v1/transfers?status=failed')
    expect(data).toMatchObject([{ refundId: body.id, failure: 'account closed' }])

    const again = await post(gateway, `/v1/refunds/${body.id}/retry`, shop.key)
    expect([again.status, again.body.status]).toEqual([200, 'requested'])
    await becomes(gateway, shop, `/v1/payments/${id}`, 'status', 'refunded')
    expect(out.sent.map(({ transferId }) => transferId)).toEqual([`${body.id}-1`, `${body.id}-2`])
    expectRefused(await post(gateway, `/v1/refunds/${body.id}/retry`, shop.key), 'refund_not_failed')
  })

  test('is not tried again once the rest has gone another way', async () => {
    await open(failed('account closed'))
    const { id } = await sold()
    const { body } = await refund(gateway, shop, id, { amount: '100000', reason: 'x' })
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'failed')
    await refund(gateway, shop, id, { amount: '50000', reason: 'y' })
    const before = await logged(gateway)
    expectRefused(await post(gateway, `/v1/refunds/${body.id}/retry`, shop.key), 'refund_exceeds_rest')
    expect(await logged(gateway)).toBeGreaterThanOrEqual(before) // the other refund goes on meanwhile
    await becomes(gateway, shop, `/v1/payments/${id}`, 'amountRefunded', '50000')
  })
})

describe('a refund without an answer', () => {
  test('is asked about at growing intervals until the outcome is known, and never sent again', async () => {
    await open(unknown, unknown, unknown)
    const { id } = await sold()
    const { body } = await refund(gateway, shop, id)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'unknown')
    expect(out.asked.length).toBe(0) // not yet: the clock stands still
    for (const [asks, seconds] of [
      [1, 2],
      [2, 4],
      [3, 8],
    ] as const) {
      later(seconds)
      await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', asks < 3 ? 'unknown' : 'completed')
      while (out.asked.length < asks) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect([out.sent.length, out.asked.length]).toEqual([1, 3])
    expect(await read(gateway, shop, `/v1/payments/${id}`)).toMatchObject({ amountRefunded: '25000' })
  })

  test('holds its amount meanwhile', async () => {
    await open(unknown)
    const { id } = await sold()
    const { body } = await refund(gateway, shop, id, { amount: '100000', reason: 'x' })
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'unknown')
    expectRefused(await refund(gateway, shop, id, { amount: '25001', reason: 'x' }), 'refund_exceeds_rest')
    expectRefused(await post(gateway, `/v1/refunds/${body.id}/retry`, shop.key), 'refund_not_failed')
  })

  test('because the connector threw is the same', async () => {
    out = scriptedBank()
    let calls = 0
    const send = async () => {
      calls++
      throw new Error('connection reset')
    }
    gateway = await openTestGateway({ transferConnector: { ...out.connector, send } })
    shop = await openShop(gateway)
    bank = await openBank(gateway)
    const { id } = await sold()
    const { body } = await refund(gateway, shop, id)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'unknown')
    later(2)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'completed')
    expect(calls).toBe(1)
  })
})

describe('refused, and nothing is written:', () => {
  const body = { amount: '25000', reason: 'x' }
  test.each([
    ['more than was paid', { ...body, amount: '125001' }, 'refund_exceeds_rest'],
    ['another currency', { ...body, amount: '5', currency: 'USD' }, 'refund_currency_differs'],
    ['an amount with decimals', { ...body, amount: '1.5' }, 'validation_failed'],
    ['nothing', { ...body, amount: '0' }, 'validation_failed'],
    ['no reason', { amount: '25000' }, 'validation_failed'],
    ['an unknown field', { ...body, to: '1' }, 'validation_failed'],
  ] as const)('%s', async (_what, asked, code) => {
    await open()
    const { id } = await sold()
    const before = await logged(gateway)
    expectRefused(await refund(gateway, shop, id, asked), code)
    expect(await logged(gateway)).toBe(before)
  })

  test('a payment that is pending, expired, canceled, foreign or unknown', async () => {
    await open()
    const [pending, canceled] = [await ask(gateway, shop), await ask(gateway, shop)]
    await gateway.call('POST', `/v1/payments/${canceled.id}/cancel`, { key: shop.key })
    const { id } = await sold()
    const other = await openShop(gateway)
    const before = await logged(gateway)
    expectRefused(await refund(gateway, shop, pending.id), 'payment_not_paid')
    expectRefused(await refund(gateway, shop, canceled.id), 'payment_not_paid')
    expectRefused(await refund(gateway, other, id), 'not_found')
    expectRefused(await refund(gateway, shop, 'pay_7K3MA9QZXW4F2P8R60'), 'not_found')
    expectRefused(
      await gateway.call('GET', '/v1/refunds/ref_7K3MA9QZXW4F2P8R607K3MA9QZ', { key: shop.key }),
      'not_found',
    )
    expect(await logged(gateway)).toBe(before)
  })

  test('a payment whose payer the bank did not name', async () => {
    await open()
    const payment = await ask(gateway, shop)
    await pay(gateway, bank, payment, 't1')
    const before = await logged(gateway)
    expectRefused(await refund(gateway, shop, payment.id), 'sender_unknown')
    expect(await logged(gateway)).toBe(before)
  })

  test('where no money can be sent', async () => {
    gateway = await openTestGateway({ sandbox: false })
    shop = await openShop(gateway)
    bank = await openBank(gateway)
    expectRefused(await refund(gateway, shop, (await sold()).id), 'transfers_unavailable')
  })
})

test('a terminal key cannot refund; the operator can', async () => {
  await open()
  const { id } = await sold()
  const terminal = await openTerminal(gateway, shop)
  expectRefused(await refund(gateway, { ...shop, key: terminal.key }, id), 'forbidden')
  expect((await refund(gateway, { ...shop, key: operatorKey }, id)).status).toBe(201)
})

test('a refund outlives the key of the sealed payer as failed, not as lost', async () => {
  await open()
  const { id } = await sold()
  const { DatabaseSync } = await import('node:sqlite')
  new DatabaseSync(`${gateway.dataDir}/vault.sqlite`).exec('delete from keys')
  const { body } = await refund(gateway, shop, id)
  const seen = await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'failed')
  expect(seen.transfers).toMatchObject([{ failure: 'sender_unknown' }])
  expect(out.sent).toEqual([])
})

describe('the sandbox bank', () => {
  test.each([
    ['10051', 'failed'],
    ['10091', 'unknown'],
    ['10000', 'completed'],
  ])('%s is %s', async (amount, status) => {
    gateway = await openTestGateway()
    shop = await openShop(gateway)
    bank = await openBank(gateway)
    const { id } = await sold()
    const { body } = await refund(gateway, shop, id, { amount, reason: 'x' })
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', status)
    if (status !== 'unknown') return
    later(2)
    await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'completed')
  })
})
