// Exactly once, for every POST of the API: a row each, and a test that no POST is left out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { billFile, billRow, openBill, openBiller, paidBill, uploadBills } from '../support/billers.ts'
import { openComplaint, tokenOf } from '../support/complaints.ts'
import {
  type Answer,
  ask,
  askByCard,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  type Shop,
  shopSite,
  supermarket,
} from '../support/gateway.ts'
import { disputed, toHandOut } from '../support/handedOut.ts'
import { hookBody, openHook, openToldHook } from '../support/hooks.ts'
import { mandateBody, openMandateOfNewBiller } from '../support/mandates.ts'
import { failedRefund, paidPayment, unappliedCredit } from '../support/movedMoney.ts'
import { expectRefused } from '../support/refused.ts'
import { openEstablishment } from '../support/registry.ts'
import { openTrace, sought } from '../support/soughtTransfers.ts'
import { openException } from '../support/statements.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shops: readonly Shop[]
beforeAll(async () => {
  gateway = await openTestGateway()
  shops = [await openShop(gateway), await openShop(gateway)]
})
afterAll(() => gateway.stop())

/** A request that has not been made yet: what is sent, the same with another meaning or form, and one that is refused. */
type Fresh = {
  readonly path: string
  readonly key?: string
  readonly body: unknown
  readonly another: unknown
  readonly invalid: unknown
}
/** Draws a fresh request in the name of a shop. `owner`: whether each shop has its keys to itself, or all share them. */
type Row = { readonly owner: 'each' | 'all'; readonly draw: (shop: Shop) => Promise<Fresh> | Fresh }

/** An act on an endpoint; what is enabled has been disabled before. */
function onHook(act: string): Row {
  const draw = async () => {
    const { key } = await openShop(gateway)
    const hook = await openHook(gateway, { key })
    if (act === 'enable') await gateway.call('POST', `${hook}/disable`, { key, body: {} })
    return { path: `${hook}/${act}`, key, body: {}, another: '{ }', invalid: { why: 'no' } }
  }
  return { owner: 'each', draw }
}

/** An act on a terminal; what is unblocked has been blocked before. */
function onTerminal(act: string): Row {
  const draw = async (shop: Shop) => {
    const path = `/v1/terminals/${(await openTerminal(gateway, shop)).id}`
    if (act === 'unblock') await gateway.call('POST', `${path}/block`, { key: shop.key, body: {} })
    return { path: `${path}/${act}`, key: shop.key, body: {}, another: '{ }', invalid: { why: 'no' } }
  }
  return { owner: 'each', draw }
}

/** An act on a payment by card that is authorized. */
function onCardPayment(act: string, amount: boolean): Row {
  const draw = async (shop: Shop) => ({
    path: `/v1/payments/${(await askByCard(gateway, shop)).id}/${act}`,
    key: shop.key,
    body: amount ? { amount: '5000' } : {},
    another: amount ? { amount: '5001' } : '{ }',
    invalid: amount ? { amount: '-1' } : { why: 'no' },
  })
  return { owner: 'each', draw }
}

/** An act on a complaint that is open. */
function onComplaint(act: string, body: object, another: object): Row {
  const draw = async (shop: Shop) => ({
    path: `/v1/complaints/${(await openComplaint(gateway, shop)).id}/${act}`,
    key: shop.key,
    body,
    another,
    invalid: { why: 'no' },
  })
  return { owner: 'each', draw }
}

/** A card payment's address, and what an operator says to open a dispute of it. */
async function disputable(shop: Shop) {
  const { id } = await askByCard(gateway, shop, { capture: 'automatic' })
  return { path: `/v1/payments/${id}/disputes`, body: { amount: '1000', reason: 'fraud' } }
}

/** An act on a dispute that is open. */
function onDispute(act: string, keyOf: (shop: Shop) => string, bodies: Omit<Fresh, 'path' | 'key'>): Row {
  const draw = async (shop: Shop) => {
    const { path, body } = await disputable(shop)
    const { id } = (await gateway.call('POST', path, { key: operatorKey, body })).body
    return { path: `/v1/disputes/${id}/${act}`, key: keyOf(shop), ...bodies }
  }
  return { owner: act === 'evidence' ? 'each' : 'all', draw }
}
/** An act on an exception of a reconciliation. */
const onException = (act: string, body: object, another: object, invalid: object): Row => ({
  owner: 'all',
  draw: async () => {
    const path = `${await openException(gateway)}/${act}`
    return { path, key: operatorKey, body, another, invalid }
  },
})
const byOperator = () => operatorKey
const toDecide = { body: {}, another: '{ }', invalid: { why: 'no' } }

/** An act on a mandate that is active; what is resumed has been paused before. */
function onMandate(act: string): Row {
  const draw = async () => {
    const { id, key } = await openMandateOfNewBiller(gateway)
    const path = `/v1/mandates/${id}`
    if (act === 'resume') await gateway.call('POST', `${path}/pause`, { key, body: {} })
    return { path: `${path}/${act}`, key, body: {}, another: '{ }', invalid: { why: 'no' } }
  }
  return { owner: 'each', draw }
}

let graceSeconds = 0 // each change is another, or there would be nothing to record

const rows: Readonly<Record<string, Row>> = {
  '/v1/merchants': {
    owner: 'all', // operators are one owner
    draw: () => ({
      path: '/v1/merchants',
      key: operatorKey,
      body: supermarket,
      another: { ...supermarket, name: 'Khác' },
      invalid: { ...supermarket, taxCode: '1' },
    }),
  },
  '/v1/keys': {
    owner: 'all',
    draw: () => ({
      path: '/v1/keys',
      key: operatorKey,
      body: { role: 'regulator', name: 'Sở Công Thương' },
      another: { role: 'regulator', name: 'Ngân hàng Nhà nước' },
      invalid: { role: 'operator', name: 'x' },
    }),
  },
  '/v1/establishments/{id}/links': {
    owner: 'all',
    draw: async ({ siteId }) => ({
      path: `${await openEstablishment(gateway)}/links`,
      key: operatorKey,
      body: { siteId, same: true },
      another: { siteId, same: false },
      invalid: { siteId, same: 'yes' },
    }),
  },
  '/v1/connectors': {
    owner: 'all',
    draw: () => ({
      path: '/v1/connectors',
      key: operatorKey,
      body: { kind: 'vietqr-bank', name: 'VCB' },
      another: { kind: 'vietqr-bank', name: 'ACB' },
      invalid: { kind: 'piggy-bank', name: 'VCB' },
    }),
  },
  '/v1/sites': {
    owner: 'each',
    draw: ({ key }) => ({
      path: '/v1/sites',
      key,
      body: shopSite,
      another: { ...shopSite, address: '25 Tràng Tiền' },
      invalid: { ...shopSite, sector: 'bakery' },
    }),
  },
  '/v1/terminals': {
    owner: 'each',
    draw: ({ key, siteId }) => {
      const body = { siteId, kind: 'pos', serialNumber: 'SN' }
      return {
        path: '/v1/terminals',
        key,
        body,
        another: { ...body, serialNumber: 'SN-2' },
        invalid: { ...body, kind: 'phone' },
      }
    },
  },
  '/v1/terminals/activate': {
    owner: 'each', // nobody has a key yet: the activation code tells them apart
    draw: async ({ key, siteId }) => {
      const terminal = { siteId, kind: 'pos', serialNumber: 'SN' }
      const { activationCode } = (await gateway.call('POST', '/v1/terminals', { key, body: terminal })).body
      return {
        path: '/v1/terminals/activate',
        body: { activationCode },
        another: { activationCode: activationCode.toLowerCase() }, // the same code, not the same request
        invalid: { activationCode: 1 },
      }
    },
  },
  ...Object.fromEntries(
    ['rotate-key', 'mac-key', 'block', 'unblock', 'revoke'].map((act) => [
      `/v1/terminals/{id}/${act}`,
      onTerminal(act),
    ]),
  ),
  '/v1/traces': {
    owner: 'each',
    draw: ({ key }) => ({
      path: '/v1/traces',
      key,
      body: sought,
      another: { ...sought, amount: '125001' },
      invalid: { ...sought, occurredAt: 'x' },
    }),
  },
  '/v1/traces/{id}/found': {
    owner: 'each',
    draw: async (shop) => {
      const { id } = await unappliedCredit(gateway, shop)
      const another = (await unappliedCredit(gateway, shop)).id
      const path = `${await openTrace(gateway, shop)}/found`
      return { path, key: shop.key, body: { creditId: id }, another: { creditId: another }, invalid: {} }
    },
  },
  '/v1/traces/{id}/close': {
    owner: 'each',
    draw: async (shop) => ({
      path: `${await openTrace(gateway, shop)}/close`,
      key: shop.key,
      body: { outcome: 'closed' },
      another: { outcome: 'not_found' },
      invalid: { outcome: 'lost' },
    }),
  },
  '/v1/payments': {
    owner: 'each',
    draw: ({ key, siteId }) => {
      const body = { siteId, method: 'qr', amount: '125000', currency: 'VND' }
      return {
        path: '/v1/payments',
        key,
        body,
        another: { ...body, amount: '125001' },
        invalid: { ...body, amount: '-1' },
      }
    },
  },
  '/v1/bills/payments': {
    owner: 'each',
    draw: async () => {
      const { key, billId } = await openBill(gateway)
      return {
        path: '/v1/bills/payments',
        key,
        body: { billIds: [billId] },
        another: { billIds: [billId], orderId: '2' },
        invalid: { billIds: [] },
      }
    },
  },
  '/v1/bills/{id}/postings': {
    owner: 'each',
    draw: async () => {
      const { key, billId, paymentId } = await paidBill(gateway)
      const said = { paymentId, outcome: 'posted' }
      return {
        path: `/v1/bills/${billId}/postings`,
        key,
        body: { ...said, receiptNumber: 'R-1' },
        another: { ...said, receiptNumber: 'R-2' },
        invalid: { ...said, receiptNumber: 5 },
      }
    },
  },
  '/v1/payments/{id}/cancel': {
    owner: 'each',
    draw: async (shop) => ({
      path: `/v1/payments/${(await ask(gateway, shop)).id}/cancel`,
      key: shop.key,
      body: {},
      another: '{ }',
      invalid: { why: 'no' },
    }),
  },
  '/v1/payments/{id}/capture': onCardPayment('capture', true),
  '/v1/payments/{id}/void': onCardPayment('void', false),
  '/v1/payments/{id}/increment': onCardPayment('increment', true),
  '/v1/payments/{id}/refunds': {
    owner: 'each',
    draw: async (shop) => ({
      path: `/v1/payments/${(await paidPayment(gateway, shop)).id}/refunds`,
      key: shop.key,
      body: { amount: '25000', reason: 'returned goods' },
      another: { amount: '25001', reason: 'returned goods' },
      invalid: { amount: '-1', reason: 'returned goods' },
    }),
  },
  '/v1/payments/{id}/fulfillment': {
    owner: 'each',
    draw: async (shop) => {
      const { id, machine } = await toHandOut(gateway, shop)
      return {
        path: `/v1/payments/${id}/fulfillment`,
        key: machine.key,
        body: { outcome: 'dispensed' },
        another: { outcome: 'failed' },
        invalid: { outcome: 'vanished' },
      }
    },
  },
  '/v1/fulfillment-exceptions/{id}/resolve': {
    owner: 'each',
    draw: async (shop) => ({
      path: `/v1/fulfillment-exceptions/${await disputed(gateway, shop)}/resolve`,
      key: shop.key,
      body: {},
      another: { note: 'paid in cash' },
      invalid: { note: 5 },
    }),
  },
  '/v1/payments/{id}/complaints': {
    owner: 'each',
    draw: async (shop) => ({
      path: `/v1/payments/${(await paidPayment(gateway, shop)).id}/complaints`,
      key: shop.key,
      body: { kind: 'paid_twice' },
      another: { kind: 'service_cut' },
      invalid: { kind: 'bad_mood' },
    }),
  },
  '/v1/receipts/{id}/complaints': {
    owner: 'all', // who has the link
    draw: async (shop) => {
      const { id } = await paidPayment(gateway, shop)
      const token = tokenOf(gateway, id)
      return {
        path: `/v1/receipts/${id}/complaints`,
        body: { kind: 'paid_twice', token },
        another: { kind: 'service_cut', token },
        invalid: { kind: 'bad_mood', token },
      }
    },
  },
  '/v1/payments/{id}/disputes': {
    owner: 'all', // operators are one owner
    draw: async (shop) => {
      const { path, body } = await disputable(shop)
      const changed = { another: { ...body, amount: '1001' }, invalid: { ...body, reason: 'angry' } }
      return { path, key: operatorKey, body, ...changed }
    },
  },
  '/v1/disputes/{id}/evidence': onDispute('evidence', ({ key }) => key, {
    body: { kind: 'receipt', documentHash: 'ab'.repeat(32) },
    another: { kind: 'receipt', documentHash: 'cd'.repeat(32) },
    invalid: { kind: 'receipt', documentHash: 'a name' },
  }),
  '/v1/reconciliations/exceptions/{id}/assign': onException(
    'assign',
    { owner: 'ke toan' },
    { owner: 'ngan quy' },
    { owner: 5 },
  ),
  '/v1/reconciliations/exceptions/{id}/resolve': onException(
    'resolve',
    { resolution: 'bank_fee', reason: 'x' },
    { resolution: 'bank_fee', reason: 'y' },
    { resolution: 'magic', reason: 'x' },
  ),
  '/v1/disputes/{id}/won': onDispute('won', byOperator, toDecide),
  '/v1/disputes/{id}/lost': onDispute('lost', byOperator, toDecide),
  '/v1/complaints/{id}/resolve': onComplaint('resolve', { remedy: 'refund' }, { remedy: 'corrected' }),
  '/v1/complaints/{id}/reject': onComplaint('reject', { reason: 'x' }, { reason: 'y' }),
  '/v1/complaints/{id}/evidence': onComplaint('evidence', { text: 'x' }, { text: 'y' }),
  '/v1/billers/{id}/customers/forget': {
    owner: 'each',
    draw: async () => {
      const { billerId, key } = await openBiller(gateway)
      await uploadBills(gateway, key, billFile(billRow('A1', '1000')))
      await gateway.settled()
      return {
        path: `/v1/billers/${billerId}/customers/forget`,
        key,
        body: { customerCode: 'PD13000123456' },
        another: { customerCode: 'pd13 000 123 456' }, // the same customer, not the same request
        invalid: { customerCode: '' },
      }
    },
  },
  '/v1/mandates': {
    owner: 'each',
    draw: async () => {
      const { billerId, key } = await openBiller(gateway)
      return {
        path: '/v1/mandates',
        key,
        body: mandateBody(billerId),
        another: mandateBody(billerId, { cap: '1000001' }),
        invalid: mandateBody(billerId, { cap: '-1' }),
      }
    },
  },
  ...Object.fromEntries(
    ['pause', 'resume', 'cancel'].map((act) => [`/v1/mandates/{id}/${act}`, onMandate(act)]),
  ),
  '/v1/refunds/{id}/retry': {
    owner: 'each',
    draw: async (shop) => ({
      path: `/v1/refunds/${(await failedRefund(gateway, shop)).id}/retry`,
      key: shop.key,
      body: {},
      another: '{ }',
      invalid: { why: 'no' },
    }),
  },
  '/v1/unapplied-credits/{id}/apply': {
    owner: 'each',
    draw: async (shop) => {
      const paymentId = (await ask(gateway, shop)).id
      return {
        path: `/v1/unapplied-credits/${(await unappliedCredit(gateway, shop)).id}/apply`,
        key: shop.key,
        body: { paymentId },
        another: { paymentId, reason: 'the payer called' },
        invalid: { paymentId: 'pay_1' },
      }
    },
  },
  '/v1/unapplied-credits/{id}/return': {
    owner: 'each',
    draw: async (shop) => ({
      path: `/v1/unapplied-credits/${(await unappliedCredit(gateway, shop)).id}/return`,
      key: shop.key,
      body: {},
      another: { reason: 'asked for' },
      invalid: { reason: 5 },
    }),
  },
  '/v1/merchants/{id}/settings': {
    owner: 'each',
    draw: ({ merchantId, key }) => {
      graceSeconds += 2
      return {
        path: `/v1/merchants/${merchantId}/settings`,
        key,
        body: { latePolicy: { mode: 'accept', graceSeconds } },
        another: { latePolicy: { mode: 'accept', graceSeconds: graceSeconds + 1 } },
        invalid: { latePolicy: { mode: 'never' } },
      }
    },
  },
  '/v1/webhook-endpoints': {
    owner: 'each',
    draw: async () => {
      const { key } = await openShop(gateway) // a merchant has room for few
      return {
        path: '/v1/webhook-endpoints',
        key,
        body: hookBody(),
        another: hookBody(),
        invalid: { url: 'x' },
      }
    },
  },
  ...Object.fromEntries(
    ['disable', 'enable', 'rotate-secret'].map((act) => [`/v1/webhook-endpoints/{id}/${act}`, onHook(act)]),
  ),
  '/v1/webhook-endpoints/{id}/replay': {
    owner: 'each',
    draw: async () => {
      const shop = await openShop(gateway)
      const path = `${await openToldHook(gateway, shop)}/replay`
      return { path, key: shop.key, body: { from: 1 }, another: { from: 1, to: 1 }, invalid: { from: 0 } }
    },
  },
  '/v1/sandbox/pay': {
    owner: 'all', // callers without a key share one name space; nothing is told that the caller did not bring
    draw: async (shop) => {
      const { qr } = await ask(gateway, shop)
      return {
        path: '/v1/sandbox/pay',
        body: { qrPayload: qr.payload },
        another: { qrPayload: qr.payload, amount: '1000' },
        invalid: { qrPayload: qr.payload, amount: '1e3' },
      }
    },
  },
}

/** What repeats itself without a key: a bank names each transfer (notifications.test.ts), a range is asked for again (catchUp.test.ts), a heartbeat is one of many (heartbeat.test.ts), a code names its order (fulfillment.test.ts), bills have the biller's numbers (bills.test.ts), a date is closed once (settlements.test.ts), a bank names each payout (payouts.test.ts). */
const named = [
  '/v1/connectors/{id}/notifications',
  '/v1/connectors/{id}/catch-up',
  '/v1/terminals/{id}/heartbeat',
  '/v1/terminals/{id}/pickups',
  '/v1/bills',
  '/v1/reconciliations', // a statement is known by what it says (reconciliations.test.ts)
  '/v1/settlements',
  '/v1/payouts/status',
]

test('every POST of the API has a row here', async () => {
  const { paths } = (await gateway.call('GET', '/openapi.json')).body
  const posts = Object.keys(paths).filter((path) => 'post' in paths[path])
  expect([...Object.keys(rows), ...named].toSorted()).toEqual(posts.toSorted())
})

describe.each(Object.entries(rows))('POST %s', (path, { owner, draw }) => {
  const post = ({ path, key }: Fresh, idempotencyKey: string, body: unknown): Promise<Answer> =>
    gateway.call('POST', path, {
      body,
      ...(key !== undefined && { key }),
      headers: { 'idempotency-key': idempotencyKey },
    })
  const fresh = () => draw(shops[0]!)
  const told = ({ status, text, headers }: Answer) => [status, text, headers.get('etag')]
  const replayed = ({ headers }: Answer) => headers.get('idempotent-replayed')
  /** What requests under a key have recorded; processes may go on meanwhile. */
  const recorded = async () =>
    (await gateway.store.readAll('', 100_000)).filter(({ metadata }) => metadata.requestHash)

  test('again: the first answer, marked, and nothing added', async () => {
    const request = await fresh()
    const first = await post(request, `${path} again`, request.body)
    expect([200, 201, 202]).toContain(first.status)
    expect(replayed(first)).toBeNull()
    const before = await recorded()
    const second = await post(request, `${path} again`, request.body)
    expect([told(second), replayed(second)]).toEqual([told(first), 'true'])
    expect(await recorded()).toEqual(before)
  })

  test('sixteen times at once: one is done, sixteen are told the same', async () => {
    const request = await fresh()
    const before = (await recorded()).length
    const sent = Array.from({ length: 16 }, () => post(request, `${path} at once`, request.body))
    const answers = await Promise.all(sent)
    expect([200, 201, 202]).toContain(answers[0]!.status)
    expect(new Set(answers.map((answer) => JSON.stringify(told(answer)))).size).toBe(1)
    expect(answers.filter((answer) => replayed(answer) === null).length).toBe(1)
    const commands = (await recorded()).slice(before)
    expect(new Set(commands.map(({ stream }) => stream)).size).toBe(1)
    expect(new Set(commands.map(({ type }) => type)).size).toBe(commands.length)
  })

  test('with another body: refused, and the first one stands', async () => {
    const request = await fresh()
    const first = await post(request, `${path} another`, request.body)
    const before = await recorded()
    expectRefused(await post(request, `${path} another`, request.another), 'idempotency_key_reused')
    expect(await recorded()).toEqual(before)
    expect(told(await post(request, `${path} another`, request.body))).toEqual(told(first))
  })

  test('after a body that was refused: the key is still free', async () => {
    const request = await fresh()
    for (const refused of [request.invalid, '{"half":'])
      expect([400, 422]).toContain((await post(request, `${path} corrected`, refused)).status)
    const corrected = await post(request, `${path} corrected`, request.body)
    expect([200, 201, 202]).toContain(corrected.status)
    expect(replayed(corrected)).toBeNull()
  })

  test.runIf(owner === 'each')('by another owner, under the same key: a request of its own', async () => {
    const [mine, theirs] = [await draw(shops[0]!), await draw(shops[1]!)]
    const first = await post(mine, `${path} owner`, mine.body)
    const second = await post(theirs, `${path} owner`, theirs.body)
    expect([second.status, replayed(second)]).toEqual([first.status, null])
    if (first.body.id !== undefined) expect(second.body.id).not.toBe(first.body.id)
  })
})
