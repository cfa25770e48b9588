// POST /v1/reconciliations: what a statement leads to, once and again.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReadModels } from '../../projections/readModels.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import {
  ask,
  type Bank,
  notificationFor,
  notify,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  type Shop,
  supermarket,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, logged, payer, refund } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'
import { close } from '../support/settlement.ts'
import { camt053, sendStatement, today } from '../support/statements.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const send = (body: string, options = {}) => sendStatement(gateway, body, options)
const read = async (path: string) => (await gateway.call('GET', path, { key: operatorKey })).body
const paymentNow = async (id: string) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body
const text = (reference: string) => `MBVCB.1.TN${reference}.CT tu 0987`

test('what is notified and booked is matched; what only one side has is named', async () => {
  const [first, second, third] = [
    await ask(gateway, shop),
    await ask(gateway, shop),
    await ask(gateway, shop),
  ]
  const { creditId: firstCredit } = (await pay(gateway, bank, first, 'FT1')).body
  const { creditId: secondCredit } = (await pay(gateway, bank, second, 'FT2')).body
  const { creditId: thirdCredit } = (await pay(gateway, bank, third, 'FT3')).body
  const statement = camt053([
    { amount: '125000', reference: 'FT1', text: text(first.reference) },
    { amount: '124000', reference: 'FT2', text: text(second.reference) },
    { amount: '3300', direction: 'debit', reference: 'FT9', text: 'phi SMS' },
  ])
  const answer = await send(statement)
  expect(answer.status, answer.text).toBe(200)
  const booked = { bookedOn: today, currency: 'VND' }
  expect(answer.body).toMatchObject({
    status: 'reconciled',
    format: 'camt.053',
    account: { bankBin: '970422', accountNumber: '0123456789' },
    openingBalance: '0',
    closingBalance: '245700',
    lineCount: 3,
    known: 0,
    totals: {
      matched: { count: 1, credits: '125000', debits: '0' },
      missing: { count: 1, credits: '125000', debits: '0' },
      unexpected: { count: 1, credits: '0', debits: '3300' },
      differing: { count: 1, credits: '124000', debits: '0' },
    },
    nextCursors: { matched: null, missing: null, unexpected: null, differing: null },
  })
  expect(answer.body.matched).toEqual([
    {
      id: expect.stringMatching(/^stl_/),
      line: 1,
      direction: 'credit',
      amount: '125000',
      ...booked,
      bankReference: 'FT1',
      state: 'matched',
      rule: 'bank_reference',
      items: [firstCredit],
    },
  ])
  expect(answer.body.differing).toMatchObject([
    { line: 2, state: 'differing', rule: 'bank_reference', items: [secondCredit], expectedAmount: '125000' },
  ])
  expect(answer.body.unexpected).toMatchObject([{ line: 3, state: 'unexpected', items: [], text: 'phi SMS' }])
  expect(answer.body.missing).toEqual([
    {
      itemId: thirdCredit,
      kind: 'credit',
      direction: 'credit',
      amount: '125000',
      currency: 'VND',
      expectedOn: today,
    },
  ])
  expect(await read(`/v1/reconciliations/${answer.body.id}`)).toEqual(answer.body)
  const { data } = await read(`/v1/reconciliations/${answer.body.id}/lines?list=missing`)
  expect(data).toEqual(answer.body.missing)
  await gateway.settled()
  expect((await read('/v1/reconciliations')).data).toMatchObject([
    { id: answer.body.id, status: 'reconciled' },
  ])
})

test('the same statement again, also with other white space, gives the same answer and changes nothing', async () => {
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, 'FT1')
  await ask(gateway, shop)
  const statement = camt053([
    { amount: '125000', reference: 'FT1' },
    { amount: '50000', reference: 'FT7', text: 'tien hang' },
  ])
  const first = await send(statement)
  await gateway.settled()
  const before = await logged(gateway)
  for (const again of [statement, statement.replaceAll('\n', '\n  ')]) {
    const answer = await send(again)
    expect(answer.body).toEqual(first.body)
    expect(answer.headers.get('idempotent-replayed')).toBe('true')
  }
  expect(await logged(gateway)).toBe(before)
})

describe('money that was never notified', () => {
  const seen = async () => {
    const payment = await ask(gateway, shop)
    await passTime(gateway, 86_400)
    expect((await paymentNow(payment.id)).status).toBe('expired')
    const answer = await send(
      camt053([{ amount: '125000', reference: 'FT1', text: text(payment.reference) }]),
    )
    return { payment, answer }
  }

  test('pays its payment, and the notification that comes late changes nothing', async () => {
    const { payment, answer } = await seen()
    expect(answer.body.unexpected).toMatchObject([{ line: 1, outcome: 'applied', state: 'unexpected' }])
    const paid = await paymentNow(payment.id)
    expect(paid).toMatchObject({ status: 'paid', amountReceived: '125000' })
    await gateway.settled()
    const before = await logged(gateway)
    const late = await notify(gateway, bank, notificationFor(payment, 'FT1', gateway.clock.now))
    expect(late.body).toEqual({ creditId: answer.body.unexpected[0].creditId, outcome: 'applied' })
    expect(await logged(gateway)).toBe(before)
    expect((await read('/v1/unapplied-credits')).data).toEqual([])
    expect((await read('/v1/reconciliations/exceptions')).data).toEqual([]) // it is in order now
  })

  test('pays its payment, though a credit without a name is of the same day and amount', async () => {
    const { creditId } = (await pay(gateway, bank, { amount: '125000', reference: '' }, 'N1')).body
    const payment = await ask(gateway, shop)
    const { body } = await send(
      camt053([
        { amount: '125000', text: text(payment.reference) },
        { amount: '125000', text: 'tien hang' },
      ]),
    )
    expect(body.unexpected).toMatchObject([{ line: 1, outcome: 'applied' }])
    expect(body.matched).toMatchObject([{ line: 2, rule: 'amount_and_date', items: [creditId] }])
    expect(await paymentNow(payment.id)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  })

  test('is unapplied where it names no payment', async () => {
    const answer = await send(camt053([{ amount: '50000', reference: 'FT7', text: 'tien hang' }]))
    const [{ creditId, outcome }] = answer.body.unexpected
    expect(outcome).toBe('unmatched')
    expect((await read('/v1/unapplied-credits')).data).toMatchObject([{ id: creditId, amount: '50000' }])
  })

  test('with two true lines that say the same is two credits, and an overlapping statement adds none', async () => {
    const same = { amount: '50000', text: 'tien hang' }
    const first = await send(camt053([same, same]))
    const [one, two] = first.body.unexpected
    expect(one.creditId).not.toBe(two.creditId)
    const second = await send(
      camt053([same, same, { ...same, amount: '60000' }], { from: '2026-11-21', to: today }),
    )
    expect(second.body).toMatchObject({ known: 2, lineCount: 3 })
    expect(second.body.unexpected).toMatchObject([{ line: 3, amount: '60000' }])
    expect((await read('/v1/unapplied-credits/totals')).data).toMatchObject([{ count: 3, amount: '160000' }])
  })

  test('is not taken of a reversal, nor twice under one name', async () => {
    const answer = await send(
      camt053([
        { amount: '7000', reference: 'FT1', reversal: true },
        { amount: '8000', reference: 'FT2' },
        { amount: '9000', reference: 'FT2' },
      ]),
    )
    expect(answer.body.unexpected.map(({ line, creditId }: Found) => [line, creditId !== undefined])).toEqual(
      [
        [1, false],
        [2, true],
        [3, false],
      ],
    )
    expect(
      (await read('/v1/reconciliations/exceptions')).data.map(({ amount }: Found) => amount).sort(),
    ).toEqual(['7000', '9000'])
  })

  test('is taken in the name of the bank that told of the account last, or that is named', async () => {
    const other = await openBank(gateway)
    const creditOf = async (reference: string, query = '') => {
      const line = { amount: `5000${reference.slice(2)}`, reference, text: reference }
      return (await send(camt053([line]), { query })).body.unexpected[0].creditId
    }
    const told = async (teller: Bank, reference: string) =>
      (
        await notify(
          gateway,
          teller,
          notificationFor(
            { amount: `5000${reference.slice(2)}`, reference: '' },
            reference,
            gateway.clock.now,
          ),
        )
      ).body
    await told(bank, 'FT1')
    const first = await creditOf('FT7')
    expect(await told(bank, 'FT7')).toEqual({ creditId: first, outcome: 'unmatched' })
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 1_000)
    await told(other, 'FT2')
    const creditId = await creditOf('FT8')
    expect(await told(other, 'FT8')).toEqual({ creditId, outcome: 'unmatched' })
    const named = await creditOf('FT9', `?connectorId=${bank.id}`)
    expect(await told(bank, 'FT9')).toEqual({ creditId: named, outcome: 'unmatched' })
    const nobody = '?connectorId=con_7K3MA9QZXW4F'
    expectRefused(await send(camt053([{ amount: '1' }]), { query: nobody }), 'not_found')
  })
})

type Found = { line: number; creditId?: string; amount: string }

test('once the bank has named one as we do, another name is another transaction', async () => {
  await pay(gateway, bank, await ask(gateway, shop), 'FT1')
  await send(camt053([{ amount: '125000', reference: 'FT1' }]))
  const nameless = { amount: '60000', reference: '' }
  const { creditId } = (await pay(gateway, bank, nameless, 'FT2')).body
  const { body } = await send(
    camt053([{ amount: '60000', reference: 'FT3', text: 'tien hang' }], { opening: 1n }),
  )
  expect(body).toMatchObject({
    matched: [],
    unexpected: [{ outcome: 'unmatched' }],
    missing: [{ itemId: creditId }],
  })
})

test('money that went back is found by the name that we gave it', async () => {
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, 'FT1', { payer })
  const { id } = (await refund(gateway, shop, payment.id)).body
  await becomes(gateway, shop, `/v1/refunds/${id}`, 'status', 'completed')
  const answer = await send(
    camt053([
      { amount: '125000', reference: 'FT1' },
      { amount: '25000', direction: 'debit', endToEndId: `${id}-1` },
    ]),
  )
  expect(answer.body.matched).toMatchObject([
    { rule: 'bank_reference' },
    { rule: 'end_to_end_id', items: [`${id}-1`] },
  ])
  expect(answer.body.missing).toEqual([])
})

describe('payouts', () => {
  /** The takings of a day, closed, and on their way to the merchant on Monday. */
  async function payout(): Promise<{ endToEndId: string; amount: string }> {
    await pay(gateway, bank, await ask(gateway, shop), 'FT1')
    gateway.clock.now = new Date('2026-11-22T17:00:30Z')
    const { data } = (await close(gateway, today)).body
    gateway.clock.now = new Date('2026-11-24T03:00:00Z')
    const { payout, net } = data[0]
    await gateway.settled()
    return { endToEndId: payout.endToEndId, amount: net }
  }
  const days = { from: '2026-11-23', to: '2026-11-24' }
  const booked = '2026-11-24'

  test('come to the account of the merchant, and are no new money', async () => {
    const { endToEndId, amount } = await payout()
    const { body } = await send(camt053([{ amount, endToEndId, bookedOn: booked }], days))
    expect(body.matched).toMatchObject([{ rule: 'end_to_end_id', items: [endToEndId], direction: 'credit' }])
    const again = await send(camt053([{ amount: '7', endToEndId, bookedOn: booked, text: 'again' }], days))
    expect(again.body.unexpected).toMatchObject([{ items: [] }])
    expect(again.body.unexpected[0].creditId).toBeUndefined()
  })

  test.each([
    [
      'text/csv',
      (name: string) => `accountNumber,date,amount,text\n0123456789,${booked},9,HOAN TRA ${name} SAI TK\n`,
    ],
    [
      'text/plain',
      (name: string) =>
        `:20:X\n:25:0123456789\n:60F:C261123VND0,\n:61:261124C9,NTRF${name.slice(0, 16)}//FT8\n:86:tra lai\n:62F:C261124VND9,\n-\n`,
    ],
  ])('that come back are no new money where only words name them: %s', async (type, statementOf) => {
    const { endToEndId } = await payout()
    const { body } = await send(statementOf(endToEndId), { type })
    expect(body.unexpected).toMatchObject([{ amount: '9', items: [] }])
    expect(body.unexpected[0].creditId).toBeUndefined()
  })

  test('leave from the account of the operator', async () => {
    const { endToEndId, amount } = await payout()
    const payoutFrom = { bankBin: '970415', accountNumber: '111000222', accountName: 'THU NGAN' }
    const statement = camt053(
      [
        { amount, direction: 'debit', endToEndId, bookedOn: booked },
        { amount: '5000000', text: 'nap tien', bookedOn: booked },
      ],
      { ...days, accountNumber: payoutFrom.accountNumber },
    )
    expectRefused(await send(statement), 'statement_account_unknown')
    Object.assign(gateway.services.settings, { payoutFrom })
    const { body } = await send(statement)
    expect(body.matched).toMatchObject([{ rule: 'end_to_end_id', items: [endToEndId], direction: 'debit' }])
    expect(body.unexpected).toMatchObject([{ line: 2, items: [] }])
    expect((await read('/v1/unapplied-credits')).data).toEqual([]) // it is nobody's payment
  })
})

describe('other formats', () => {
  const vector = (name: string) =>
    readFileSync(new URL(`../vectors/statements/${name}`, import.meta.url), 'utf8')

  test.each([
    ['mt940.sta', 'text/plain', 'mt940', 3],
    ['vietcombank.csv', 'text/csv; charset=utf-8', 'csv', 2],
    ['bidv.csv', 'application/octet-stream', 'csv', 2],
    ['plain.csv', 'text/csv', 'csv', 2],
    ['camt053.xml', 'text/xml', 'camt.053', 5],
  ])('%s', async (name, type, format, lineCount) => {
    const { status, body } = await send(vector(name), { type })
    expect(status).toBe(200)
    expect(body).toMatchObject({ format, lineCount, status: 'reconciled' })
    expect(body.unexpected).toHaveLength(lineCount)
  })

  test('a CSV that does not name its account, of the one that is named beside it', async () => {
    const sent = (query: string) => send(vector('techcombank.csv'), { type: 'text/csv', query })
    expectRefused(await sent(''), 'statement_unreadable', '/account')
    expect((await sent('?accountNumber=0123456789')).body.lineCount).toBe(2)
    expectRefused(await sent('?accountNumber=0123456789&profile=bidv'), 'statement_unreadable')
  })

  test('nothing is missing from a notification that is of some money only', async () => {
    await pay(gateway, bank, await ask(gateway, shop), 'FT-other')
    const { body } = await send(vector('camt054.xml'))
    expect(body).toMatchObject({ format: 'camt.054', missing: [], totals: { unexpected: { count: 1 } } })
  })

  test('a line that another format has already had is known where the bank names it', async () => {
    await send(camt053([{ amount: '125000', reference: 'FT1', text: 'mot', bookedOn: '2026-11-21' }]))
    const csv = `accountNumber,date,amount,bankReference,text\n0123456789,2026-11-21,125000,FT1,hai\n`
    expect((await send(csv, { type: 'text/csv' })).body).toMatchObject({ known: 1, unexpected: [] })
  })
})

test('read models rebuilt from the log are those that were kept up', async () => {
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, 'FT1')
  await pay(gateway, bank, payment, 'FT2')
  const day = '2026-11-21'
  const first = (
    await send(camt053([{ amount: '7', reference: 'FT1' }, { amount: '9000' }], { from: day, to: today }))
  ).body
  const range = {
    paysOut: false,
    bankBin: '970422',
    accountNumber: '0123456789',
    currency: 'VND',
    from: day,
    to: today,
  }
  const { unexpected } = (await send(camt053([{ amount: '8', direction: 'debit' }]))).body
  const resolve = { resolution: 'other', reason: 'x' }
  await gateway.call('POST', `/v1/reconciliations/exceptions/${unexpected[0].id}/resolve`, {
    key: operatorKey,
    body: resolve,
  })
  await gateway.settled()
  const rebuilt = sqliteReadModels(join(gateway.dataDir, 'rebuilt.sqlite'))
  rebuilt.projector.apply(await gateway.store.readAll('', 10_000))
  const all = { limit: 200, cursor: undefined }
  for (const list of [
    (models: ReadModels) => models.listStatements(all),
    (models: ReadModels) => models.listReconciliationExceptions(all),
    (models: ReadModels) => models.reconciliationException(unexpected[0].id),
    (models: ReadModels) => models.statementLines(first.id, 'matched', all),
    (models: ReadModels) => models.statementLines(first.id, 'missing', all),
    (models: ReadModels) => models.statementLines(first.id, 'unexpected', all),
    (models: ReadModels) => models.statementLines(first.id, 'differing', all),
    (models: ReadModels) => models.openItems('credit', range, all),
  ])
    expect(await list(rebuilt.queries)).toEqual(await list(gateway.services.readModels))
  rebuilt.close()
})

describe('exceptions', () => {
  test('what was notified after the statement of its day, and never came, is named by the next one, once', async () => {
    await send(camt053([]))
    const late = { occurredAt: gateway.clock.now.toISOString() }
    gateway.clock.now = new Date('2026-11-22T17:05:00Z')
    const { creditId } = (await pay(gateway, bank, await ask(gateway, shop), 'FT1', late)).body
    gateway.clock.now = new Date('2026-11-24T17:05:00Z')
    const { body } = await send(camt053([], { from: '2026-11-23' }))
    expect(body.missing).toMatchObject([{ itemId: creditId, expectedOn: today }])
    expect((await send(camt053([], { from: '2026-11-24' }))).body.missing).toEqual([])
    expect((await read('/v1/reconciliations/exceptions')).data).toMatchObject([{ id: creditId }])
  })

  test('of a day that no statement has shown nothing is missing', async () => {
    await pay(gateway, bank, await ask(gateway, shop), 'FT1')
    gateway.clock.now = new Date('2026-11-23T17:05:00Z')
    expect((await send(camt053([], { from: '2026-11-23' }))).body.missing).toEqual([])
  })

  test('what was missing and comes on a later statement is open no more', async () => {
    const payment = await ask(gateway, shop)
    const { creditId } = (await pay(gateway, bank, payment, 'FT1')).body
    await send(camt053([]))
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 2 * 86_400_000)
    expect((await read('/v1/reconciliations/exceptions')).data).toMatchObject([
      { id: creditId, state: 'missing', amount: '125000', owner: 'operator', ageDays: 2, status: 'open' },
    ])
    const next = '2026-11-23'
    const later = await send(
      camt053([{ amount: '125000', reference: 'FT1', bookedOn: next }], { from: next }),
    )
    expect(later.body.matched).toHaveLength(1)
    expect((await read('/v1/reconciliations/exceptions')).data).toEqual([])
  })

  test('a person takes one on and says what it was, once', async () => {
    const { body } = await send(camt053([{ amount: '3300', direction: 'debit', text: 'phi' }]))
    const path = `/v1/reconciliations/exceptions/${body.unexpected[0].id}`
    const post = (act: string, sent: object, key = operatorKey) =>
      gateway.call('POST', `${path}/${act}`, { key, body: sent })
    expect((await post('assign', { owner: 'ke toan' })).body).toMatchObject({
      owner: 'ke toan',
      status: 'open',
    })
    await gateway.settled()
    expect((await read('/v1/reconciliations/exceptions')).data).toMatchObject([{ owner: 'ke toan' }])
    const fee = { resolution: 'bank_fee', reason: 'phi SMS thang 11' }
    const resolved = await post('resolve', fee)
    expect(resolved.body).toMatchObject({ ...fee, owner: 'ke toan', status: 'resolved' })
    await gateway.settled()
    const before = await logged(gateway)
    expect((await post('resolve', fee)).status).toBe(200)
    expect(await logged(gateway)).toBe(before)
    expectRefused(await post('resolve', { ...fee, reason: 'other' }), 'reconciliation_exception_resolved')
    expectRefused(await post('assign', { owner: 'b' }), 'reconciliation_exception_resolved')
    expect((await read('/v1/reconciliations/exceptions')).data).toEqual([])
    expectRefused(
      await post('resolve', { resolution: 'fee', reason: 'x' }),
      'validation_failed',
      '/resolution',
    )
    const unknown = '/v1/reconciliations/exceptions/stl_7K3MA9QZXW4F2P8R6T7K3MA9QZ/resolve'
    expectRefused(
      await gateway.call('POST', unknown, { key: operatorKey, body: fee }),
      'reconciliation_exception_not_found',
    )
    expectRefused(await post('resolve', fee, shop.key), 'forbidden')
  })
})

describe('what is refused, with nothing of it taken', () => {
  const line = { amount: '50000', reference: 'FT7' }
  test.each([
    ['a wrong balance', camt053([line], { closing: 50_001n }), 'statement_balance_differs'],
    ['another currency', camt053([line], { currency: 'USD' }), 'statement_currency_differs'],
    ['another account', camt053([line], { accountNumber: '999' }), 'statement_account_unknown'],
    ['a line in the future', camt053([{ ...line, bookedOn: '2026-11-23' }]), 'statement_in_future'],
    ['broken XML', camt053([line]).replace('</Ntry>', ''), 'statement_unreadable'],
    [
      'a document type',
      camt053([line]).replace('<Document', '<!DOCTYPE a><Document'),
      'statement_dtd_refused',
    ],
  ] as const)('%s', async (_what, statement, code) => {
    const before = await logged(gateway)
    expectRefused(await send(statement), code)
    expect(await logged(gateway)).toBe(before)
  })

  test('an account that is not the one that was named', async () => {
    expectRefused(await send(camt053([line]), { query: '?accountNumber=999' }), 'statement_account_differs')
  })

  test('an account number that two banks have, until one is named', async () => {
    const settlementAccount = { ...supermarket.settlementAccount, bankBin: '970436' }
    await openShop(gateway, { settlementAccount })
    expectRefused(await send(camt053([line])), 'statement_account_unknown')
    expect((await send(camt053([line]), { query: '?bankBin=970436' })).body.account.bankBin).toBe('970436')
  })

  test('other media types, charsets and callers', async () => {
    const terminal = await openTerminal(gateway, shop)
    expectRefused(await send(camt053([line]), { type: 'application/json' }), 'unsupported_media_type')
    expectRefused(await send(camt053([line]), { type: 'text/xml; charset=utf-16' }), 'unsupported_media_type')
    for (const key of [shop.key, terminal.key]) {
      expectRefused(await send(camt053([line]), { key }), 'forbidden')
      for (const path of ['', '/exceptions', '/stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ'])
        expectRefused(await gateway.call('GET', `/v1/reconciliations${path}`, { key }), 'forbidden')
    }
    expectRefused(await send(camt053([line]), { key: 'nobody' }), 'unauthorized')
  })

  test('a statement that nobody sent', async () => {
    const path = '/v1/reconciliations/stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ'
    for (const more of ['', '/lines?list=matched'])
      expectRefused(await gateway.call('GET', path + more, { key: operatorKey }), 'statement_not_found')
  })
})
