// Conditional requests: every single resource has a version, a known one is not sent again, and a stale command is refused.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atRest } from '../support/atRest.ts'
import { openBiller, paidBill } from '../support/billers.ts'
import { openComplaint, tokenOf } from '../support/complaints.ts'
import {
  ask,
  askByCard,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  type Shop,
} from '../support/gateway.ts'
import { disputed, toHandOut } from '../support/handedOut.ts'
import { openHook, openToldHook } from '../support/hooks.ts'
import { openMandateOfNewBiller } from '../support/mandates.ts'
import { failedRefund, paidPayment, unappliedCredit } from '../support/movedMoney.ts'
import { expectRefused } from '../support/refused.ts'
import { openEstablishment } from '../support/registry.ts'
import { close } from '../support/settlement.ts'
import { openTrace } from '../support/soughtTransfers.ts'
import { openException, openStatement } from '../support/statements.ts'

type Target = { readonly path: string; readonly key?: string }

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
// biome-ignore lint/suspicious/noExplicitAny: the document is what is being looked into
let paths: any
beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  paths = (await gateway.call('GET', '/openapi.json')).body.paths
})
afterAll(() => gateway.stop())

const call = (method: string, { path, key }: Target, headers: Record<string, string> = {}, body?: unknown) =>
  gateway.call(method, path, {
    headers,
    ...(key !== undefined && { key }),
    ...(body !== undefined && { body }),
  })

/** Every resource that is read by its id, and one of its kind. */
const resources: Readonly<Record<string, () => Promise<Target> | Target>> = {
  '/v1/merchants/{id}': () => ({ path: `/v1/merchants/${shop.merchantId}`, key: shop.key }),
  '/v1/sites/{id}': () => ({ path: `/v1/sites/${shop.siteId}`, key: shop.key }),
  '/v1/terminals/{id}': async () => ({
    path: `/v1/terminals/${(await openTerminal(gateway, shop)).id}`,
    key: shop.key,
  }),
  '/v1/connectors/{id}': async () => ({
    path: `/v1/connectors/${(await openBank(gateway)).id}`,
    key: operatorKey,
  }),
  '/v1/refunds/{id}': async () => ({
    path: `/v1/refunds/${(await failedRefund(gateway, shop)).id}`,
    key: shop.key,
  }),
  '/v1/unapplied-credits/{id}': async () => ({
    path: `/v1/unapplied-credits/${(await unappliedCredit(gateway, shop)).id}`,
    key: shop.key,
  }),
  '/v1/billers/{id}': async () => {
    const { billerId, key } = await openBiller(gateway)
    return { path: `/v1/billers/${billerId}`, key }
  },
  '/v1/bills/{id}': async () => {
    const { key, billId } = await paidBill(gateway)
    return { path: `/v1/bills/${billId}`, key }
  },
  '/v1/complaints/{id}': async () => ({
    path: `/v1/complaints/${(await openComplaint(gateway, shop)).id}`,
    key: shop.key,
  }),
  '/v1/mandates/{id}': async () => {
    const { id, key } = await openMandateOfNewBiller(gateway)
    return { path: `/v1/mandates/${id}`, key }
  },
  '/v1/traces/{id}': async () => ({ path: await openTrace(gateway, shop), key: shop.key }),
  '/v1/settlements/{id}': async () => {
    const { merchantId } = shop
    await paidPayment(gateway, shop)
    const { data } = (await close(gateway, '2026-11-22')).body
    const { id } = data.find((one: { merchantId: string }) => one.merchantId === merchantId)
    return { path: `/v1/settlements/${id}`, key: shop.key }
  },
  '/v1/reconciliations/{id}': async () => ({ path: await openStatement(gateway), key: operatorKey }),
  '/v1/disputes/{id}': async () => ({ path: `/v1/disputes/${(await opened()).id}`, key: operatorKey }),
  '/v1/reconciliations/exceptions/{id}': async () => ({
    path: await openException(gateway),
    key: operatorKey,
  }),
  '/v1/webhook-endpoints/{id}': async () => ({ path: await openHook(gateway, shop), key: shop.key }),
  '/v1/establishments/{id}': async () => ({ path: await openEstablishment(gateway), key: operatorKey }),
  '/v1/payments/{id}': async () => ({
    path: `/v1/payments/${(await ask(gateway, shop)).id}`,
    key: shop.key,
  }),
}

test('every resource that is read by its id has a row here, and its document says ETag and 304', () => {
  const read = Object.keys(paths).filter((path) => path.endsWith('/{id}') && 'get' in paths[path])
  expect(Object.keys(resources).toSorted()).toEqual(read.toSorted())
  for (const path of read) {
    const { parameters, responses } = paths[path].get
    expect(parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'if-none-match' }))
    expect([Object.keys(responses['200'].headers), responses['304']]).toEqual([['etag'], expect.anything()])
  }
})

describe.each(Object.entries(resources))('%s', (_path, draw) => {
  test.each(['GET', 'HEAD'])('%s says which version it is', async (method) => {
    const { status, headers, text } = await call(method, await draw())
    expect([status, headers.get('etag')]).toEqual([200, expect.stringMatching(/^"[1-9]\d*"$/)])
    expect(text === '').toBe(method === 'HEAD')
  })

  test.each(['GET', 'HEAD'])('%s of a known version is 304, without a body', async (method) => {
    const target = await draw()
    const etag = (await call('GET', target)).headers.get('etag')!
    for (const known of [etag, `W/${etag}`, `"x", W/"y",${etag}`, '*']) {
      const { status, headers, text } = await call(method, target, { 'if-none-match': known })
      expect([known, status, headers.get('etag'), text]).toEqual([known, 304, etag, ''])
    }
  })

  test('GET of another version is the resource', async () => {
    const target = await draw()
    const first = await call('GET', target)
    const number = first.headers.get('etag')!.slice(1, -1)
    for (const other of ['"0"', number, `"${number}0"`, '"*"', '', 'W/""']) {
      const { status, text } = await call('GET', target, { 'if-none-match': other })
      expect([other, status, text]).toEqual([other, 200, first.text])
    }
  })
})

/** Every command on a resource that is there, and how it is sent; what it changes is read at `resource`. */
type Command = Target & { readonly body: unknown; readonly resource: Target }
/** An act on an endpoint; what is enabled has been disabled before. */
function onHook(act: string) {
  return async (): Promise<Command> => {
    const { key } = await openShop(gateway)
    const path = await openHook(gateway, { key })
    if (act === 'enable') await gateway.call('POST', `${path}/disable`, { key, body: {} })
    return { path: `${path}/${act}`, key, body: {}, resource: { path, key } }
  }
}
const dispute = { amount: '1000', reason: 'fraud' }
async function disputable() {
  const { id } = await askByCard(gateway, shop, { capture: 'automatic' })
  return { payment: { path: `/v1/payments/${id}`, key: shop.key } }
}
async function opened(): Promise<{ id: string }> {
  const { payment } = await disputable()
  return (await call('POST', { path: `${payment.path}/disputes`, key: operatorKey }, {}, dispute)).body
}
/** An act on a dispute that is open. */
function onDispute(act: string, body: object) {
  return async (): Promise<Command> => {
    const { id } = await opened()
    const resource = { path: `/v1/disputes/${id}`, key: operatorKey }
    const key = act === 'evidence' ? shop.key : operatorKey
    return { path: `${resource.path}/${act}`, key, body, resource }
  }
}
function onException(act: string, body: object) {
  return async (): Promise<Command> => {
    const resource = { path: await openException(gateway), key: operatorKey }
    await gateway.settled()
    return { ...resource, path: `${resource.path}/${act}`, body, resource }
  }
}
/** An act on a terminal; what is unblocked has been blocked before. */
function onTerminal(act: string) {
  return async (): Promise<Command> => {
    const { key } = shop
    const path = `/v1/terminals/${(await openTerminal(gateway, shop)).id}`
    if (act === 'unblock') await gateway.call('POST', `${path}/block`, { key, body: {} })
    return { path: `${path}/${act}`, key, body: {}, resource: { path, key } }
  }
}
/** An act on a payment by card that is authorized. */
function onCardPayment(act: string) {
  return async (): Promise<Command> => {
    const path = `/v1/payments/${(await askByCard(gateway, shop)).id}`
    const body = act === 'void' ? {} : { amount: '5000' }
    return { path: `${path}/${act}`, key: shop.key, body, resource: { path, key: shop.key } }
  }
}
/** An act on a complaint that is open. */
function onComplaint(act: string, body: object) {
  return async (): Promise<Command> => {
    const path = `/v1/complaints/${(await openComplaint(gateway, shop)).id}`
    return { path: `${path}/${act}`, key: shop.key, body, resource: { path, key: shop.key } }
  }
}
/** An act on a mandate that is active; what is resumed has been paused before. */
function onMandate(act: string) {
  return async (): Promise<Command> => {
    const { id, key } = await openMandateOfNewBiller(gateway)
    const path = `/v1/mandates/${id}`
    if (act === 'resume') await gateway.call('POST', `${path}/pause`, { key, body: {} })
    return { path: `${path}/${act}`, key, body: {}, resource: { path, key } }
  }
}
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  '/v1/payments/{id}/cancel': async () => {
    const path = `/v1/payments/${(await ask(gateway, shop)).id}`
    return { path: `${path}/cancel`, key: shop.key, body: {}, resource: { path, key: shop.key } }
  },
  ...Object.fromEntries(
    ['capture', 'void', 'increment'].map((act) => [`/v1/payments/{id}/${act}`, onCardPayment(act)]),
  ),
  '/v1/payments/{id}/refunds': async () => {
    const path = `/v1/payments/${(await paidPayment(gateway, shop)).id}`
    const body = { amount: '25000', reason: 'returned goods' }
    return { path: `${path}/refunds`, key: shop.key, body, resource: { path, key: shop.key } }
  },
  '/v1/payments/{id}/fulfillment': async () => {
    const { id, machine } = await toHandOut(gateway, shop)
    const path = `/v1/payments/${id}`
    const body = { outcome: 'dispensed' }
    return { path: `${path}/fulfillment`, key: machine.key, body, resource: { path, key: shop.key } }
  },
  '/v1/bills/{id}/postings': async () => {
    const { key, billId, paymentId } = await paidBill(gateway)
    const body = { paymentId, outcome: 'posted', receiptNumber: 'R-1' }
    const path = `/v1/bills/${billId}`
    return { path: `${path}/postings`, key, body, resource: { path, key } }
  },
  '/v1/fulfillment-exceptions/{id}/resolve': async () => {
    const id = await disputed(gateway, shop)
    const resource = { path: `/v1/payments/${id}`, key: shop.key }
    return { path: `/v1/fulfillment-exceptions/${id}/resolve`, key: shop.key, body: {}, resource }
  },
  '/v1/payments/{id}/complaints': async () => {
    const path = `/v1/payments/${(await openComplaint(gateway, shop)).paymentId}/complaints`
    return { path, key: shop.key, body: { kind: 'service_cut' }, resource: { path, key: shop.key } }
  },
  '/v1/receipts/{id}/complaints': async () => {
    const { paymentId } = await openComplaint(gateway, shop)
    const [path, token] = [`/v1/receipts/${paymentId}/complaints`, tokenOf(gateway, paymentId)]
    return { path, body: { kind: 'service_cut', token }, resource: { path: `${path}?token=${token}` } }
  },
  '/v1/complaints/{id}/resolve': onComplaint('resolve', { remedy: 'corrected' }),
  '/v1/complaints/{id}/reject': onComplaint('reject', { reason: 'x' }),
  '/v1/complaints/{id}/evidence': onComplaint('evidence', { text: 'x' }),
  '/v1/payments/{id}/disputes': async () => {
    const { payment } = await disputable()
    return { path: `${payment.path}/disputes`, key: operatorKey, body: dispute, resource: payment }
  },
  '/v1/disputes/{id}/evidence': onDispute('evidence', { kind: 'receipt', documentHash: 'ab'.repeat(32) }),
  '/v1/disputes/{id}/won': onDispute('won', {}),
  '/v1/disputes/{id}/lost': onDispute('lost', {}),
  '/v1/reconciliations/exceptions/{id}/assign': onException('assign', { owner: 'ke toan' }),
  '/v1/reconciliations/exceptions/{id}/resolve': onException('resolve', {
    resolution: 'bank_fee',
    reason: 'x',
  }),
  ...Object.fromEntries(
    ['pause', 'resume', 'cancel'].map((act) => [`/v1/mandates/{id}/${act}`, onMandate(act)]),
  ),
  '/v1/refunds/{id}/retry': async () => {
    const path = `/v1/refunds/${(await failedRefund(gateway, shop)).id}`
    return { path: `${path}/retry`, key: shop.key, body: {}, resource: { path, key: shop.key } }
  },
  '/v1/traces/{id}/found': async () => {
    const { id } = await unappliedCredit(gateway, shop)
    const resource = { path: await openTrace(gateway, shop), key: shop.key }
    return { ...resource, path: `${resource.path}/found`, body: { creditId: id }, resource }
  },
  '/v1/traces/{id}/close': async () => {
    const resource = { path: await openTrace(gateway, shop), key: shop.key }
    return { ...resource, path: `${resource.path}/close`, body: { outcome: 'closed' }, resource }
  },
  '/v1/unapplied-credits/{id}/apply': async () => {
    const path = `/v1/unapplied-credits/${(await unappliedCredit(gateway, shop)).id}`
    const body = { paymentId: (await ask(gateway, shop)).id }
    return { path: `${path}/apply`, key: shop.key, body, resource: { path, key: shop.key } }
  },
  '/v1/unapplied-credits/{id}/return': async () => {
    const path = `/v1/unapplied-credits/${(await unappliedCredit(gateway, shop)).id}`
    return { path: `${path}/return`, key: shop.key, body: {}, resource: { path, key: shop.key } }
  },
  '/v1/establishments/{id}/links': async () => {
    const path = await openEstablishment(gateway)
    const body = { siteId: shop.siteId, same: true }
    return { path: `${path}/links`, key: operatorKey, body, resource: { path, key: operatorKey } }
  },
  '/v1/merchants/{id}/settings': async () => {
    const { merchantId, key } = await openShop(gateway)
    const path = `/v1/merchants/${merchantId}`
    return {
      path: `${path}/settings`,
      key,
      body: { autoReturnOverpayments: true },
      resource: { path, key },
    }
  },
  ...Object.fromEntries(
    ['disable', 'enable', 'rotate-secret'].map((act) => [`/v1/webhook-endpoints/{id}/${act}`, onHook(act)]),
  ),
  '/v1/webhook-endpoints/{id}/replay': async () => {
    const seller = await openShop(gateway)
    const path = await openToldHook(gateway, seller)
    const { key } = seller
    return { path: `${path}/replay`, key, body: { from: 1 }, resource: { path, key } }
  },
  ...Object.fromEntries(
    ['rotate-key', 'mac-key', 'block', 'unblock', 'revoke'].map((act) => [
      `/v1/terminals/{id}/${act}`,
      onTerminal(act),
    ]),
  ),
  '/v1/terminals/activate': async () => {
    const terminal = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN' }
    const { key } = shop
    const { id, activationCode } = (await call('POST', { path: '/v1/terminals', key }, {}, terminal)).body
    const resource = { path: `/v1/terminals/${id}`, key }
    return { path: '/v1/terminals/activate', body: { activationCode }, resource }
  },
}
/** What banks post is about their transfer, not about the connector; a heartbeat asks for no change; a pick-up is of a payment; a customer is forgotten, not the biller. */
const notCommands = [
  '/v1/connectors/{id}/notifications',
  '/v1/connectors/{id}/catch-up',
  '/v1/terminals/{id}/heartbeat',
  '/v1/terminals/{id}/pickups',
  '/v1/billers/{id}/customers/forget',
]

test('every command on a resource has a row here, and its document says If-Match and 412', () => {
  const posted = Object.keys(paths).filter((path) => 'post' in paths[path])
  const onResources = posted.filter((path) => path.includes('{id}') && !notCommands.includes(path))
  expect(Object.keys(commands)).toEqual(expect.arrayContaining(onResources))
  for (const path of Object.keys(commands)) {
    const { parameters, responses } = paths[path].post
    expect(parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'if-match' }))
    expect(responses['412'].description).toContain('version_differs')
  }
})

describe.each(Object.entries(commands))('POST %s', (_path, drawNow) => {
  /** Once processes have done what was asked before. */
  const draw = async (): Promise<Command> => {
    const command = await drawNow()
    await atRest(gateway, async () => false)
    return command
  }
  const versionOf = async ({ resource }: Command) => (await call('GET', resource)).headers.get('etag')!
  const numberOf = (etag: string): number => Number(etag.slice(1, -1))
  /** What callers have recorded; processes may go on meanwhile. */
  const asked = async () =>
    (await gateway.store.readAll('', 100_000)).filter(({ metadata }) => metadata.actor?.startsWith('key_'))

  test('with If-Match of another version is refused with the current one, and nothing is recorded', async () => {
    const command = await draw()
    const etag = await versionOf(command)
    const before = await asked()
    for (const stale of ['"0"', '"999999"', `W/${etag}`, etag.slice(1, -1), '"x"', '']) {
      const answer = await call('POST', command, { 'if-match': stale }, command.body)
      expectRefused(answer, 'version_differs')
      expect([answer.headers.get('etag'), `"${answer.body.version}"`]).toEqual([etag, etag])
    }
    expect(await asked()).toEqual(before)
  })

  test.each(['*', 'the current one'])('with If-Match of %s is done', async (which) => {
    const command = await draw()
    const etag = await versionOf(command)
    const match = which === '*' ? '*' : etag
    const { status, headers } = await call('POST', command, { 'if-match': match }, command.body)
    expect([200, 201, 202]).toContain(status)
    const next = numberOf(headers.get('etag') ?? etag)
    if (headers.has('etag')) expect(next).toBeGreaterThan(numberOf(etag))
    expect(numberOf(await versionOf(command))).toBeGreaterThanOrEqual(next) // a process may have gone on from there
  })

  test('repeated under its Idempotency-Key and its old If-Match gets the first answer', async () => {
    const command = await draw()
    const headers = { 'if-match': await versionOf(command), 'idempotency-key': 'conditional' }
    const first = await call('POST', command, headers, command.body)
    const again = await call('POST', command, headers, command.body)
    expect([200, 201, 202]).toContain(first.status)
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
})
