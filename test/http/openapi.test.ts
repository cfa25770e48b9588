// The OpenAPI document: it names every route, and what the routes answer is what it says.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { totalsOf } from '../../src/domain/pos/batchTotals.ts'
import { fullProfile } from '../domain/bills/samples.ts'
import { billFile, billRow, openBill, openBiller, paidBill, uploadBills } from '../support/billers.ts'
import { complain, openComplaint, tokenOf } from '../support/complaints.ts'
import {
  type Answer,
  ask,
  askByCard,
  type Bank,
  eventually,
  notificationFor,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  shopSite,
  signedHeaders,
  supermarket,
  unappliedOf,
} from '../support/gateway.ts'
import { pain002 } from '../support/iso20022.ts'
import { faultsOf, resolved, type Schema } from '../support/jsonSchema.ts'
import { mandateBody, openMandateOfNewBiller } from '../support/mandates.ts'
import { becomes, payer } from '../support/money.ts'
import { header, openEstablishment, upload } from '../support/registry.ts'
import { endDay } from '../support/seals.ts'
import { close } from '../support/settlement.ts'
import { camt053, openException, sendStatement } from '../support/statements.ts'
import { accountsTarget, metroTarget, online } from '../support/targets.ts'

// biome-ignore lint/suspicious/noExplicitAny: the document is what is being looked into
let document: any
let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let bank: Bank
let terminal: { id: string; key: string }
let hooks: string
let payment: Awaited<ReturnType<typeof ask>>
beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway, { latePolicy: { mode: 'accept', graceSeconds: 60 } })
  bank = await openBank(gateway)
  terminal = await openTerminal(gateway, shop)
  const hook = { url: 'http://127.0.0.1:9/hooks', payload: 'full', events: ['payment.created'] }
  hooks = `/v1/webhook-endpoints/${(await post('/v1/webhook-endpoints', shop.key, hook)).body.id}`
  payment = await ask(gateway, { ...shop, key: terminal.key }, { orderId: 'HD-1', metadata: { till: '1' } })
  await pay(gateway, bank, payment, 't1', { amount: '130000', payer })
  await gateway.settled()
  await eventually(
    'there is a message',
    async () => (await get(`${hooks}/messages`, shop.key)).body.data.length > 0,
  )
  document = (await gateway.call('GET', '/openapi.json')).body
})
afterAll(() => gateway.stop())

const get = (path: string, key: string) => gateway.call('GET', path, { key })
const post = (path: string, key: string, body: unknown) => gateway.call('POST', path, { key, body })
const machine = (act: string) => `/v1/terminals/${terminal.id}/${act}`
const target = { url: 'http://127.0.0.1:9/hooks/b' }
const settled = () => close(gateway, '2026-11-22')
async function reported(): Promise<Answer> {
  const { endToEndId } = (await settled()).body.data[0].payout
  const body = pain002([{ id: endToEndId, code: 'ACSP' }])
  const headers = { 'content-type': 'application/xml' }
  return gateway.call('POST', '/v1/payouts/status', { key: operatorKey, body, headers })
}

const operations = (): [string, string, Schema & { operationId: string; responses: Schema }][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]) => [method, path, operation] as never),
  )

/** A statement with a line of each kind: matched, differing, unexpected; and it lacks something. */
async function reconciled(): Promise<Answer> {
  const query = `?connectorId=${bank.id}`
  const lines = [
    { amount: '130000', reference: 't1' },
    { amount: '1', reference: 'not there', text: 'tien hang' },
    { amount: '3300', direction: 'debit', text: 'phi SMS' },
  ] as const
  await pay(gateway, bank, { amount: '5', reference: '' }, 't-missing')
  await pay(gateway, bank, { amount: '7', reference: '' }, 't-differing')
  return sendStatement(gateway, camt053([...lines, { amount: '6', reference: 't-differing' }]), { query })
}

async function seenAfter(path: string): Promise<Answer> {
  await reconciled()
  await gateway.settled()
  return get(`/v1/reconciliations${path}`, operatorKey)
}

async function said(act: string, body: object): Promise<Answer> {
  const { unexpected } = (await reconciled()).body
  const { id } = unexpected.find(({ direction }: { direction: string }) => direction === 'debit')
  await gateway.settled()
  return post(`/v1/reconciliations/exceptions/${id}/${act}`, operatorKey, body)
}

/** The batches of the terminal, one of which it closed with what differs; or one of them. */
async function closedBatch(path: string): Promise<Answer> {
  const { batches } = gateway.services.gateway
  const id = `${terminal.id}-000001`
  const at = gateway.clock.now.toISOString()
  const where = { merchantId: shop.merchantId, siteId: shop.siteId, terminalId: terminal.id }
  const opened = { ...where, batchNumber: '000001', currency: 'VND', openedAt: at } as const
  await batches.handle(id, { type: 'OpenBatch', data: opened }, {})
  const claimed = totalsOf([{ kind: 'purchase', amount: 5n }])
  const close = { closeId: '1', claimed, counted: totalsOf([]), upTo: await gateway.store.head(), at }
  await batches.handle(id, { type: 'CloseBatch', data: close }, {})
  const uploaded = { recordId: '1', kind: 'purchase', amount: '5', reference: '0123456789AB', at } as const
  await batches.handle(id, { type: 'UploadRecord', data: uploaded }, {})
  await gateway.settled()
  return get(`${machine('batches')}${path}`, shop.key)
}

test('is OpenAPI 3.1, with operation ids of its own for each', () => {
  expect(document.openapi).toBe('3.1.0')
  const ids = operations().map(([, , { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('names every API route that the app serves, and no other', () => {
  const served = gateway.app.routes
    .filter(({ path, method }) => /^\/(v1\/|healthz|readyz|metrics)/.test(path) && method !== 'ALL')
    .map(
      ({ method, path }) =>
        `${method} ${path.replace(/:(\w+)(\{.+(\.\w+)\})?/g, '{$1}$3').replace('\\', '')}`,
    )
  const documented = operations().map(([method, path]) => `${method.toUpperCase()} ${path}`)
  expect(documented.toSorted()).toEqual([...new Set(served)].toSorted())
  expect(documented.length).toBeGreaterThan(20)
})

test('every reference leads somewhere, and every path parameter is described', () => {
  const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer!)
  expect(pointers.length).toBeGreaterThan(0)
  for (const $ref of pointers) expect(resolved({ $ref }, document)).toBeTypeOf('object')
  for (const [, path, operation] of operations()) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = ((operation.parameters ?? []) as { name: string; in: string }[])
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name)
    expect(described).toEqual(named)
  }
})

describe('says of the answer what the answer is:', () => {
  const sale = () => ({ siteId: shop.siteId, method: 'qr', amount: '1000', currency: 'VND' })
  const calls: [string, string, () => Promise<Answer> | Answer][] = [
    ['post', '/v1/merchants', () => post('/v1/merchants', operatorKey, supermarket)],
    ['get', '/v1/merchants', () => get('/v1/merchants', operatorKey)],
    ['get', '/v1/merchants/{id}', () => get(`/v1/merchants/${shop.merchantId}`, shop.key)],
    [
      'post',
      '/v1/sites',
      () => post('/v1/sites', shop.key, { ...shopSite, location: { lat: 21, lng: 105.8 } }),
    ],
    ['get', '/v1/sites', () => get('/v1/sites', shop.key)],
    ['get', '/v1/sites/{id}', () => get(`/v1/sites/${shop.siteId}`, shop.key)],
    ['post', '/v1/terminals', () => registered()],
    ['post', '/v1/terminals/activate', () => activated()],
    ['get', '/v1/terminals', () => get('/v1/terminals', shop.key)],
    ['post', '/v1/terminals/{id}/rotate-key', () => post(machine('rotate-key'), shop.key, {})],
    ['post', '/v1/terminals/{id}/mac-key', () => post(machine('mac-key'), shop.key, {})],
    ['post', '/v1/terminals/{id}/block', () => post(machine('block'), operatorKey, {})],
    ['post', '/v1/terminals/{id}/unblock', () => post(machine('unblock'), operatorKey, {})],
    [
      'post',
      '/v1/terminals/{id}/revoke',
      async () => post(`/v1/terminals/${(await registered()).body.id}/revoke`, shop.key, {}),
    ],
    [
      'post',
      '/v1/terminals/{id}/heartbeat',
      () => post(machine('heartbeat'), terminal.key, { softwareVersion: '1.0', status: 'paper low' }),
    ],
    ['get', '/v1/terminals/{id}/uptime', () => get(machine('uptime'), shop.key)],
    ['get', '/v1/terminals/{id}/batches', () => closedBatch('')],
    ['get', '/v1/terminals/{id}/batches/{number}', () => closedBatch('/000001')],
    ['get', '/v1/terminals/{id}', () => get(`/v1/terminals/${terminal.id}`, shop.key)],
    [
      'post',
      '/v1/connectors',
      () => post('/v1/connectors', operatorKey, { kind: 'vietqr-bank', name: 'VCB' }),
    ],
    ['get', '/v1/connectors', () => get('/v1/connectors', operatorKey)],
    ['get', '/v1/connectors/{id}', () => get(`/v1/connectors/${bank.id}`, operatorKey)],
    ['post', '/v1/connectors/{id}/notifications', () => notified()],
    ['get', '/v1/connectors/{id}/notifications', () => calledByVnpay()],
    [
      'post',
      '/v1/connectors/{id}/catch-up',
      () =>
        post('/v1/connectors/con_SANDB0XBANK0/catch-up', operatorKey, {
          from: '2026-11-22T00:00:00Z',
          to: '2026-11-23T00:00:00Z',
        }),
    ],
    ['post', '/v1/payments', () => post('/v1/payments', shop.key, sale())],
    ['get', '/v1/payments/{id}', () => get(`/v1/payments/${payment.id}`, shop.key)],
    ['get', '/v1/payments', () => get('/v1/payments', shop.key)],
    ['get', '/v1/payments/{id}/events', () => get(`/v1/payments/${payment.id}/events`, shop.key)],
    ['post', '/v1/payments/{id}/cancel', () => canceled()],
    ['post', '/v1/payments/{id}/capture', () => onCard('capture', { amount: '5000' })],
    ['post', '/v1/payments/{id}/void', () => onCard('void', {})],
    ['post', '/v1/payments/{id}/increment', () => onCard('increment', { amount: '5000' })],
    ['post', '/v1/payments/{id}/fulfillment', () => handedOut('dispensed')],
    ['get', '/v1/terminals/{id}/instructions', () => instructed()],
    ['post', '/v1/terminals/{id}/pickups', () => pickedUp()],
    ['get', '/v1/fulfillment-exceptions', () => excepted()],
    ['post', '/v1/fulfillment-exceptions/{id}/resolve', () => resolvedByHand()],
    ['get', '/v1/unapplied-credits', () => get('/v1/unapplied-credits', operatorKey)],
    ['get', '/v1/unapplied-credits/totals', () => get('/v1/unapplied-credits/totals', operatorKey)],
    [
      'get',
      '/v1/unapplied-credits/{id}',
      async () => get(`/v1/unapplied-credits/${await stray()}`, shop.key),
    ],
    ['post', '/v1/unapplied-credits/{id}/apply', () => applied()],
    ['post', '/v1/unapplied-credits/{id}/return', () => returned()],
    ['post', '/v1/traces', () => traced()],
    [
      'get',
      '/v1/traces',
      async () => {
        await traced()
        await gateway.settled()
        return get('/v1/traces', operatorKey)
      },
    ],
    ['get', '/v1/traces/{id}', async () => get(`/v1/traces/${(await traced()).body.id}`, operatorKey)],
    [
      'get',
      '/v1/traces/{id}/candidates',
      async () => get(`/v1/traces/${(await traced()).body.id}/candidates`, operatorKey),
    ],
    [
      'post',
      '/v1/traces/{id}/found',
      async () => {
        const creditId = await stray()
        return post(`/v1/traces/${(await traced()).body.id}/found`, operatorKey, { creditId })
      },
    ],
    [
      'post',
      '/v1/traces/{id}/close',
      async () =>
        post(`/v1/traces/${(await traced()).body.id}/close`, operatorKey, { outcome: 'closed', reason: 'x' }),
    ],
    ['post', '/v1/payments/{id}/refunds', () => refunded()],
    ['get', '/v1/payments/{id}/refunds', () => get(`/v1/payments/${payment.id}/refunds`, shop.key)],
    ['get', '/v1/refunds/{id}', async () => get(`/v1/refunds/${(await refunded()).body.id}`, shop.key)],
    ['post', '/v1/payments/{id}/complaints', () => complained()],
    [
      'get',
      '/v1/payments/{id}/complaints',
      async () => onComplaint((_id, of) => get(`${of}/complaints`, shop.key)),
    ],
    ['get', '/v1/complaints', () => complaints()],
    ['get', '/v1/complaints/{id}', () => failedComplaint()],
    [
      'post',
      '/v1/complaints/{id}/resolve',
      () => onComplaint((at) => post(`${at}/resolve`, shop.key, { remedy: 'refund', note: 'x' })),
    ],
    [
      'post',
      '/v1/complaints/{id}/reject',
      () => onComplaint((at) => post(`${at}/reject`, shop.key, { reason: 'x' })),
    ],
    [
      'post',
      '/v1/complaints/{id}/evidence',
      () => onComplaint((at) => post(`${at}/evidence`, shop.key, { text: 'x' })),
    ],
    [
      'post',
      '/v1/receipts/{id}/complaints',
      () => byLink((path, token) => post(path, '', { kind: 'wrong_amount', amount: '5', text: 'x', token })),
    ],
    ['get', '/v1/receipts/{id}/complaints', () => byLink((path, token) => get(`${path}?token=${token}`, ''))],
    ['post', '/v1/refunds/{id}/retry', () => retried()],
    ['get', '/v1/transfers', () => get('/v1/transfers', operatorKey)],
    ['post', '/v1/merchants/{id}/settings', () => changed()],
    ['post', '/v1/payments/{id}/disputes', () => contested()],
    [
      'get',
      '/v1/payments/{id}/disputes',
      async () => get(`/v1/payments/${(await contested()).body.paymentId}/disputes`, shop.key),
    ],
    ['get', '/v1/disputes/{id}', async () => get(`/v1/disputes/${(await contested()).body.id}`, shop.key)],
    ...(['evidence', 'won', 'lost'] as const).map((act): [string, string, () => Promise<Answer>] => [
      'post',
      `/v1/disputes/{id}/${act}`,
      async () => {
        const document = { kind: 'receipt', documentHash: 'ab'.repeat(32) }
        const path = `/v1/disputes/${(await contested()).body.id}/${act}`
        return post(path, operatorKey, act === 'evidence' ? document : {})
      },
    ]),
    ['put', '/v1/fee-plans/{owner}/{method}', () => planned()],
    [
      'get',
      '/v1/fee-plans/{owner}/{method}',
      async () => {
        await planned()
        return get('/v1/fee-plans/market/card', operatorKey)
      },
    ],
    ['get', '/v1/ledger/trial-balance', () => get('/v1/ledger/trial-balance', operatorKey)],
    [
      'get',
      '/v1/ledger/accounts/{account}/statement',
      () => get('/v1/ledger/accounts/merchant_payable/statement', shop.key),
    ],
    ['get', '/v1/takings', () => get('/v1/takings', shop.key)],
    ['get', '/v1/statistics/payments', () => get('/v1/statistics/payments?by=sector', shop.key)],
    ['get', '/v1/statistics/acceptance', () => get('/v1/statistics/acceptance', shop.key)],
    ['get', '/v1/statistics/indicators', () => get('/v1/statistics/indicators', shop.key)],
    [
      'get',
      '/v1/statistics/indicators/{indicator}/revisions',
      () => get('/v1/statistics/indicators/pos-acceptance-modern-retail/revisions', ''),
    ],
    ['get', '/v1/statistics/definitions', () => get('/v1/statistics/definitions', '')],
    ['get', '/v1/statistics/figures', () => get('/v1/statistics/figures', '')],
    ['get', '/v1/statistics/transactions', () => get('/v1/statistics/transactions', '')],
    ['get', '/v1/statistics/tables', () => get('/v1/statistics/tables', '')],
    ['get', '/v1/statistics/tables/{table}', () => get('/v1/statistics/tables/open-data', '')],
    ['get', '/v1/statistics/cohorts', () => get('/v1/statistics/cohorts', '')],
    ['put', '/v1/establishments', () => uploaded()],
    ['get', '/v1/establishments', () => get('/v1/establishments', operatorKey)],
    ['get', '/v1/establishments/uploads', () => get('/v1/establishments/uploads', operatorKey)],
    ['put', '/v1/targets', () => targeted()],
    ['get', '/v1/targets', () => get('/v1/targets', '')],
    ['put', '/v1/observations', () => observed()],
    ['get', '/v1/observations', () => get('/v1/observations', '')],
    ['get', '/v1/establishments/doubtful-links', () => doubtful()],
    ['get', '/v1/establishments/{id}', async () => get(await openEstablishment(gateway), operatorKey)],
    [
      'post',
      '/v1/establishments/{id}/links',
      async () =>
        post(`${await openEstablishment(gateway)}/links`, operatorKey, { siteId: shop.siteId, same: true }),
    ],
    ['post', '/v1/bills', () => billed()],
    ['get', '/v1/bills', () => inquired()],
    [
      'post',
      '/v1/bills/payments',
      async () => {
        const { key, billId } = await openBill(gateway)
        return post('/v1/bills/payments', key, { billIds: [billId] })
      },
    ],
    [
      'get',
      '/v1/bills/{id}',
      async () => {
        const { key, billId } = await paidBill(gateway)
        return get(`/v1/bills/${billId}`, key)
      },
    ],
    ['get', '/v1/bills/postings', async () => get('/v1/bills/postings', (await paidBill(gateway)).key)],
    [
      'post',
      '/v1/bills/{id}/postings',
      async () => {
        const { key, billId, paymentId } = await paidBill(gateway)
        return post(`/v1/bills/${billId}/postings`, key, {
          paymentId,
          outcome: 'posted',
          receiptNumber: 'R-1',
        })
      },
    ],
    ['post', '/v1/mandates', () => mandated()],
    ['get', '/v1/mandates', () => onMandate((_at, key) => get('/v1/mandates', key))],
    ['get', '/v1/mandates/{id}', () => onMandate((at, key) => get(at, key))],
    ['post', '/v1/mandates/{id}/pause', () => onMandate((at, key) => post(`${at}/pause`, key, {}))],
    ['post', '/v1/mandates/{id}/resume', () => onMandate((at, key) => post(`${at}/resume`, key, {}))],
    ['post', '/v1/mandates/{id}/cancel', () => onMandate((at, key) => post(`${at}/cancel`, key, {}))],
    ['get', '/v1/bills/uploads', () => followed('')],
    ['get', '/v1/bills/uploads/{uploadId}', () => followed('/upl_7K3MA9QZXW4F2P8R')],
    ['post', '/v1/billers/{id}/customers/forget', () => forgotten()],
    ['put', '/v1/billers/{id}', async () => (await billing()).set],
    ['get', '/v1/billers/{id}', async () => (await billing()).read],
    ['post', '/v1/keys', () => post('/v1/keys', operatorKey, { role: 'regulator', name: 'Sở Công Thương' })],
    ['post', '/v1/webhook-endpoints', () => post('/v1/webhook-endpoints', shop.key, target)],
    ['get', '/v1/webhook-endpoints', () => get('/v1/webhook-endpoints', shop.key)],
    ['get', '/v1/webhook-endpoints/{id}', () => get(hooks, shop.key)],
    ['get', '/v1/webhook-endpoints/{id}/messages', () => get(`${hooks}/messages`, shop.key)],
    ['post', '/v1/webhook-endpoints/{id}/replay', () => post(`${hooks}/replay`, shop.key, { from: 1 })],
    ['post', '/v1/webhook-endpoints/{id}/rotate-secret', () => post(`${hooks}/rotate-secret`, shop.key, {})],
    ['post', '/v1/webhook-endpoints/{id}/disable', () => post(`${hooks}/disable`, shop.key, {})],
    ['post', '/v1/webhook-endpoints/{id}/enable', () => post(`${hooks}/enable`, shop.key, {})],
    ['put', '/v1/webhook-endpoints/{id}', () => gateway.call('PUT', hooks, { key: shop.key, body: target })],
    ['post', '/v1/sandbox/pay', () => post('/v1/sandbox/pay', '', { qrPayload: payment.qr.payload })],
    ['get', '/healthz', () => get('/healthz', '')],
    ['get', '/readyz', () => get('/readyz', '')],
    ['get', '/v1/payments/{id}/receipt', () => get(`/v1/payments/${payment.id}/receipt`, shop.key)],
    ['get', '/v1/payments/{id}/proof', () => proven()],
    ['get', '/v1/seals', () => get('/v1/seals', '')],
    ['post', '/v1/settlements', () => settled()],
    ['get', '/v1/settlements', () => settled().then(() => get('/v1/settlements', operatorKey))],
    [
      'get',
      '/v1/settlements/{id}',
      async () => get(`/v1/settlements/${(await settled()).body.data[0].id}`, operatorKey),
    ],
    ['get', '/v1/payouts', () => settled().then(() => get('/v1/payouts', operatorKey))],
    ['post', '/v1/payouts/status', () => reported()],
    ['get', '/v1/seals/{date}', () => get('/v1/seals/2026-11-22', '')],
    ['post', '/v1/reconciliations', () => reconciled()],
    ['get', '/v1/reconciliations', () => seenAfter('')],
    ['get', '/v1/reconciliations/exceptions', () => seenAfter('/exceptions')],
    ['get', '/v1/reconciliations/{id}', async () => seenAfter(`/${(await reconciled()).body.id}`)],
    [
      'get',
      '/v1/reconciliations/{id}/lines',
      async () => seenAfter(`/${(await reconciled()).body.id}/lines?list=missing`),
    ],
    [
      'get',
      '/v1/reconciliations/exceptions/{id}',
      async () => get(await openException(gateway), operatorKey),
    ],
    ['post', '/v1/reconciliations/exceptions/{id}/assign', () => said('assign', { owner: 'ke toan' })],
    [
      'post',
      '/v1/reconciliations/exceptions/{id}/resolve',
      () => said('resolve', { resolution: 'bank_fee', reason: 'phi SMS' }),
    ],
  ]
  test.each(calls)('%s %s', async (method, path, call) => {
    const answer = await call()
    const documented = document.paths[path][method].responses[answer.status]
    expect(documented, `${answer.status} is documented`).toBeDefined()
    const schema = documented.content['application/json'].schema
    expect(faultsOf(schema, answer.body, document)).toEqual([])
    if (Array.isArray(answer.body.data)) expect(answer.body.data.length).toBeGreaterThan(0)
  })

  test('leaves out no JSON answer', () => {
    const all = operations().filter(([, , { responses }]) =>
      Object.entries(responses as Record<string, { content?: object }>).some(
        ([status, { content = {} }]) => status < '300' && 'application/json' in content,
      ),
    )
    expect(all.map(([method, path]) => `${method} ${path}`).toSorted()).toEqual(
      calls.map(([method, path]) => `${method} ${path}`).toSorted(),
    )
  })

  const refusals: [string, string, () => Promise<Answer> | Answer, number][] = [
    ['get', '/v1/payments/{id}', () => get(`/v1/payments/${payment.id}`, 'wrong'), 401],
    ['post', '/v1/merchants', () => post('/v1/merchants', shop.key, {}), 403],
    ['get', '/v1/payments/{id}', () => get('/v1/payments/pay_x', shop.key), 404],
    ['post', '/v1/payments/{id}/cancel', () => post(`/v1/payments/${payment.id}/cancel`, shop.key, {}), 409],
    ['post', '/v1/payments', () => post('/v1/payments', shop.key, { amount: 1 }), 422],
    ['post', '/v1/payments', () => post('/v1/payments', shop.key, '{'), 400],
    ['post', '/v1/payments', () => post('/v1/payments', shop.key, ' '.repeat(70_000)), 413],
    [
      'post',
      '/v1/connectors/{id}/notifications',
      () => post(`/v1/connectors/${bank.id}/notifications`, '', {}),
      401,
    ],
  ]
  test.each(refusals)('%s %s, refused', async (method, path, call, status) => {
    const answer = await call()
    expect(answer.status).toBe(status)
    const documented = document.paths[path][method].responses[status]
    expect(faultsOf(documented.content['application/problem+json'].schema, answer.body, document)).toEqual([])
    expect(documented.description).toContain(`\`${answer.body.code}\``)
  })

  const inquired = async () => {
    const { billerId, key } = await openBiller(gateway, { cutOffAfterDays: 15 })
    const row = `${billRow('A1', '1000')},2026-11,An,0987654321,7 ngõ Huế`
    await uploadBills(gateway, key, billFile(row).replace('dueOn', columnsOfAll))
    await gateway.settled()
    return get(`/v1/bills?billerId=${billerId}&customerCode=PD13000123456`, key)
  }
  const columnsOfAll = 'dueOn,period,customerName,customerPhone,customerAddress'
  const billed = async () => {
    const { key } = await openBiller(gateway)
    return uploadBills(gateway, key, billFile(billRow('A1', '1000'), billRow('A2', '1.000')))
  }
  const followed = async (one: string) => {
    const { key } = await openBiller(gateway)
    const named = { 'upload-id': 'upl_7K3MA9QZXW4F2P8R' }
    await uploadBills(gateway, key, billFile(billRow('A1', '1000')), named)
    return get(`/v1/bills/uploads${one}`, key)
  }
  const mandated = async () => {
    const { billerId } = await openBiller(gateway)
    return post('/v1/mandates', shop.key, mandateBody(billerId)) // by an agent of the payer
  }
  /** A mandate with a debit that is announced. */
  const onMandate = async (act: (path: string, key: string) => Promise<Answer>) => {
    const { id, key } = await openMandateOfNewBiller(gateway)
    await uploadBills(gateway, key, billFile(billRow('A1', '1000')))
    await eventually('a debit is announced', async () => {
      const { debits } = (await get(`/v1/mandates/${id}`, key)).body
      return debits.length > 0
    })
    return act(`/v1/mandates/${id}`, key)
  }
  const complained = async () =>
    complain(gateway, terminal.key, (await ask(gateway, shop)).id, { kind: 'not_credited' })
  const onComplaint = async (act: (path: string, payment: string) => Promise<Answer>) => {
    const { id, paymentId } = await openComplaint(gateway, shop)
    return act(`/v1/complaints/${id}`, `/v1/payments/${paymentId}`)
  }
  const complaints = async () => {
    await openComplaint(gateway, shop)
    await gateway.settled()
    return get('/v1/complaints', shop.key)
  }
  const failedComplaint = async () => {
    const { id } = await openComplaint(gateway, shop)
    await post(`/v1/complaints/${id}/evidence`, terminal.key, { text: 'x' })
    await post(`/v1/complaints/${id}/resolve`, shop.key, { remedy: 'refund', amount: '1051' })
    await becomes(gateway, shop, `/v1/complaints/${id}`, 'status', 'failed')
    return get(`/v1/complaints/${id}`, shop.key)
  }
  const byLink = async (act: (path: string, token: string) => Promise<Answer>) => {
    const { paymentId } = await openComplaint(gateway, shop)
    return act(`/v1/receipts/${paymentId}/complaints`, tokenOf(gateway, paymentId))
  }
  const forgotten = async () => {
    const { billerId, key } = await openBiller(gateway)
    await uploadBills(gateway, key, billFile(billRow('A1', '1000')))
    await gateway.settled()
    return post(`/v1/billers/${billerId}/customers/forget`, key, { customerCode: 'PD13000123456' })
  }
  const billing = async () => {
    const biller = await openBiller(gateway, fullProfile)
    return { ...biller, read: await get(`/v1/billers/${biller.billerId}`, biller.key) }
  }
  const uploaded = async () => {
    const place = `${header},lat,lng,ward`
    const [shop, closed] = [
      '1,A,0101234567,market,Ba Đình,2015-01-01,',
      '2,B,0101234567,water,Hà Đông,2015-01-01,',
    ]
    const file = [place, `${shop},21,105.8,Điện Biên`, `${closed}2018-01-01,,,`, 'x'].join('\n')
    const answer = await upload(gateway, file)
    await gateway.settled()
    return answer
  }
  const targeted = () =>
    gateway.call('PUT', '/v1/targets', { key: operatorKey, body: { targets: [metroTarget, accountsTarget] } })
  const observed = async () => {
    const body = { observations: [online()] }
    const answer = await gateway.call('PUT', '/v1/observations', { key: operatorKey, body })
    await gateway.settled()
    return answer
  }
  const doubtful = async () => {
    const { taxCode, district } = supermarket
    await upload(gateway, [header, `3,C,${taxCode},market,${district},2015-01-01,`].join('\n'))
    await gateway.settled()
    return get('/v1/establishments/doubtful-links', operatorKey)
  }
  const registered = () =>
    post('/v1/terminals', shop.key, { siteId: shop.siteId, kind: 'kiosk', serialNumber: 'SN' })
  const activated = async () =>
    post('/v1/terminals/activate', '', { activationCode: (await registered()).body.activationCode })
  const canceled = async () => post(`/v1/payments/${(await ask(gateway, shop)).id}/cancel`, shop.key, {})
  const onCard = async (act: string, body: object) =>
    post(`/v1/payments/${(await askByCard(gateway, shop)).id}/${act}`, shop.key, body)
  const toHandOut = (mode = 'dispense'): Promise<{ id: string }> =>
    askByCard(
      gateway,
      { ...shop, key: mode === 'pickup' ? shop.key : terminal.key },
      { capture: 'automatic', fulfillment: { mode, timeoutSeconds: 60 } },
    )
  const report = (id: string, outcome: string) =>
    post(`/v1/payments/${id}/fulfillment`, terminal.key, { outcome, detail: 'coil 7' })
  const handedOut = async (outcome: string) => report((await toHandOut()).id, outcome)
  const instructed = async () => {
    await toHandOut()
    await gateway.settled()
    return get(machine('instructions'), terminal.key)
  }
  const pickedUp = async () => {
    const { id } = await toHandOut('pickup')
    await gateway.settled()
    const { pickupCode: code } = (await get(`/v1/payments/${id}`, shop.key)).body.fulfillment
    return post(machine('pickups'), terminal.key, { code })
  }
  const disputed = async () => {
    const { id } = (await handedOut('failed')).body
    await report(id, 'dispensed')
    return id
  }
  const excepted = async () => {
    await disputed()
    await gateway.settled()
    return get('/v1/fulfillment-exceptions', shop.key)
  }
  const resolvedByHand = async () =>
    post(`/v1/fulfillment-exceptions/${await disputed()}/resolve`, shop.key, { note: 'paid in cash' })
  const proven = async () => {
    await endDay(gateway)
    return get(`/v1/payments/${payment.id}/proof`, shop.key)
  }
  const calledByVnpay = async () => {
    const body = { kind: 'vnpay', name: 'VNPAY', tmnCode: 'TESTTMN1', hashSecret: 'secret' }
    const { id } = (await post('/v1/connectors', operatorKey, body)).body
    return get(`/v1/connectors/${id}/notifications?vnp_TxnRef=x&vnp_SecureHash=x`, '')
  }
  let strays = 0
  const stray = async (): Promise<string> => {
    const changes = { amount: '1000', content: 'x', payer }
    return (await pay(gateway, bank, payment, `stray ${++strays}`, changes)).body.creditId
  }
  const traced = async () => {
    const creditId = await stray()
    await unappliedOf(gateway, operatorKey, creditId)
    const known = { transactionId: `stray ${strays}`, accountNumberLast4: '6789', note: 'x' }
    return post('/v1/traces', shop.key, { amount: '1000', occurredAt: '2026-11-22T03:00:00Z', ...known })
  }
  const applied = async () => {
    const { id } = await ask(gateway, shop)
    return post(`/v1/unapplied-credits/${await stray()}/apply`, shop.key, { paymentId: id })
  }
  const returned = async () => post(`/v1/unapplied-credits/${await stray()}/return`, shop.key, {})
  const refunded = (amount = '100') =>
    post(`/v1/payments/${payment.id}/refunds`, shop.key, { amount, reason: 'x' })
  const retried = async () => {
    const { id } = (await refunded('51')).body // the sandbox's bank refuses it
    await becomes(gateway, shop, `/v1/refunds/${id}`, 'status', 'failed')
    await gateway.settled()
    return post(`/v1/refunds/${id}/retry`, shop.key, {})
  }
  const contested = async () => {
    const { id } = await askByCard(gateway, shop, { capture: 'automatic' })
    return post(`/v1/payments/${id}/disputes`, operatorKey, { amount: '1000', reason: 'fraud' })
  }
  const planned = () => {
    const tiers = [{ volumeFrom: '1000000000', rate: '0.4', minimum: '300' }]
    const plan = { effectiveFrom: '2026-11-01', rate: '0.5', cap: '50000', vatRate: '10', tiers }
    const body = { plans: [plan] }
    return gateway.call('PUT', '/v1/fee-plans/market/card', { key: operatorKey, body })
  }
  const changed = () =>
    post(`/v1/merchants/${shop.merchantId}/settings`, shop.key, { autoReturnOverpayments: false })
  const notified = async () => {
    const body = JSON.stringify(notificationFor(await ask(gateway, shop), 't2', gateway.clock.now))
    const headers = signedHeaders(bank.secret, body, gateway.clock.now)
    return gateway.call('POST', `/v1/connectors/${bank.id}/notifications`, { body, headers })
  }
})

test('the checker finds faults, or the tests above could not fail', () => {
  const root = { components: { schemas: { Id: { type: 'string', pattern: '^x' } } } }
  const schema = {
    type: 'object',
    properties: { id: { $ref: '#/components/schemas/Id' }, count: { type: 'integer', minimum: 1 } },
    required: ['id'],
  }
  expect(faultsOf(schema, { id: 'xyz', count: 1 }, root)).toEqual([])
  expect(faultsOf(schema, { id: 'abc' }, root)).toEqual(['/id: not ^x: abc'])
  expect(faultsOf(schema, { count: 0.5 }, root)).toEqual([
    '/count: number, not integer',
    '/count: too small',
    '/id: is missing',
  ])
  expect(faultsOf(schema, { id: 'x', more: 1 }, root)).toEqual(['/more: is not documented'])
  expect(faultsOf({ type: 'string', madeUp: 1 }, 'x', root)).toEqual([': the checker does not know "madeUp"'])
})

test('shows what a file of bills looks like, in each of its forms, and what it shows is taken', async () => {
  const { content } = document.paths['/v1/bills'].post.requestBody
  expect(Object.keys(content)).toEqual(['application/json', 'text/csv', 'application/x-ndjson'])
  const { key } = await openBiller(gateway)
  const outcomes = []
  for (const [type, { schema, example }] of Object.entries<{ schema: Schema; example: unknown }>(content)) {
    expect(faultsOf(schema, example, document)).toEqual([])
    const text = typeof example === 'string' ? example : JSON.stringify(example)
    const { body } = await uploadBills(gateway, key, text, { 'content-type': type })
    outcomes.push([body.accepted, body.unchanged, body.rejected[0].code])
  }
  const { required, properties } = document.components.schemas.UploadedBill
  expect(required).toEqual(['billNumber'])
  expect(properties.amount.example).toBe('512000')
  expect(outcomes).toEqual([
    [1, 0, 'bill_unknown'],
    [0, 1, 'bill_unknown'],
    [0, 1, 'bill_unknown'],
  ])
})
