// Payouts over HTTP: one file a date that a bank can take, statuses that may come twice, and what came back paid again once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cutsId } from '../../src/domain/settlement/cut.ts'
import { settlementRun } from '../../src/domain/settlement/settlementRun.ts'
import {
  type Bank,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  type Shop,
  supermarket,
  type TestGateway,
} from '../support/gateway.ts'
import { pain002, schemaFaults, textsOf } from '../support/iso20022.ts'
import { at, close, sell } from '../support/settlement.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank

const name = 'Công ty Hoa Sen & Đồng Xuân'
const account = { ...supermarket.settlementAccount, accountName: name }

beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway, { settlementAccount: account })
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const today = '2026-11-22' // a Sunday
const file = (date: string, key = operatorKey) => gateway.call('GET', `/v1/payouts/${date}.xml`, { key })
const report = (body: string | Uint8Array, key = operatorKey) =>
  gateway.call('POST', '/v1/payouts/status', { key, body, headers: { 'content-type': 'application/xml' } })
const settlementOf = async (id: string) =>
  (await gateway.call('GET', `/v1/settlements/${id}`, { key: shop.key })).body
const run = () =>
  settlementRun(
    {
      ...gateway.services.closing,
      unpaidSettlements: gateway.services.readModels.unpaidSettlements,
    },
    new AbortController().signal,
  )

/** Today's takings of a shop, closed; the clock stands in the night after. */
async function closedDay(): Promise<{ id: string; payout: { endToEndId: string } }> {
  await sell(gateway, shop, bank)
  at(gateway, '2026-11-22T17:00:30Z')
  const [settlement] = (await close(gateway, today)).body.data
  return settlement
}

describe('the file', () => {
  test('is a pain.001 by its schema, with the net of each merchant', async () => {
    const other = await openShop(gateway)
    await sell(gateway, other, bank, { amount: '75000' })
    await sell(gateway, other, bank, { amount: '1' })
    const { payout } = await closedDay()
    const { status, headers, text } = await file(today)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(headers.get('payout-file-status')).toBe('final')
    expect(await schemaFaults(text, 'pain.001.001.09')).toEqual([])
    expect(textsOf(text, 'NbOfTxs')).toEqual(['2', '2'])
    expect(textsOf(text, 'CtrlSum')).toEqual(['200001', '200001'])
    expect(textsOf(text, 'InstdAmt').toSorted()).toEqual(['125000', '75001'])
    expect(textsOf(text, 'EndToEndId')).toContain(payout.endToEndId)
    expect(textsOf(text, 'Dt')).toEqual(['2026-11-23'])
    expect(text).toContain('<Nm>Cong ty Hoa Sen &amp; Dong Xuan</Nm>')
    expect(textsOf(text, 'MsgId')[0]).toMatch(/^TN20261122-[0-9A-Za-z]{16}$/)
    expect((await file(today)).text).toBe(text)
  })

  test('keeps currencies and their decimals apart', async () => {
    await gateway.call('POST', '/v1/payments', {
      key: shop.key,
      body: {
        siteId: shop.siteId,
        method: 'card',
        amount: '12.50',
        currency: 'USD',
        card: { token: 'tok_approve' },
        capture: 'automatic',
      },
    })
    await closedDay()
    const { text } = await file(today)
    expect(await schemaFaults(text, 'pain.001.001.09')).toEqual([])
    expect(textsOf(text, 'NbOfTxs')).toEqual(['2', '1', '1'])
    expect(textsOf(text, 'CtrlSum')).toEqual(['125012.5', '12.5', '125000'])
    expect(text).toContain('<InstdAmt Ccy="USD">12.50</InstdAmt>')
    expect(text).toContain('<InstdAmt Ccy="VND">125000</InstdAmt>')
  })

  test("shows a merchant its own payouts, and no other's", async () => {
    const other = await openShop(gateway)
    await sell(gateway, other, bank, { amount: '75000' })
    await closedDay()
    expect(textsOf((await file(today, shop.key)).text, 'InstdAmt')).toEqual(['125000'])
    expect(textsOf((await file(today, other.key)).text, 'InstdAmt')).toEqual(['75000'])
    const third = await openShop(gateway)
    expect((await file(today, third.key)).body.code).toBe('no_payouts')
  })

  test('is open while its day is, and then final', async () => {
    await sell(gateway, shop, bank)
    await close(gateway, today)
    const open = await file(today)
    expect(open.headers.get('payout-file-status')).toBe('open')
    at(gateway, '2026-11-22T17:00:30Z')
    await close(gateway, today)
    const final = await file(today)
    expect(final.headers.get('payout-file-status')).toBe('final')
    expect(final.text).toBe(open.text)
  })

  test('of a day without payouts, to come, or none at all is not there', async () => {
    expect((await file(today)).body.code).toBe('no_payouts')
    expect((await file('2026-11-23')).body.code).toBe('business_date_in_future')
    expect((await file('2026-13-01')).status).toBe(404)
    expect((await gateway.call('GET', `/v1/payouts/${today}`, { key: operatorKey })).status).toBe(404)
  })
})

describe('what is to be carried out on its own day', () => {
  const monday = '2026-11-23'
  const files = async () => (await gateway.call('GET', '/v1/payouts', { key: operatorKey })).body.data
  const ofCut = (date: string, cut: string, key = operatorKey) =>
    gateway.call('GET', `/v1/payouts/${date}.xml?cut=${cut}`, { key })
  let other: Shop
  let cut: string

  beforeEach(async () => {
    other = await openShop(gateway)
    const settings = { key: shop.key, body: { payoutCycle: 'T+0' } }
    await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, settings)
    at(gateway, '2026-11-23T03:00:00Z')
    await sell(gateway, shop, bank)
    await sell(gateway, other, bank, { amount: '75000' })
    await close(gateway, monday)
    cut = String((await files())[0].cut) // the day before may have been cut, too
  })

  test('has a file of its own that can be sent that day; the file of the date has the others', async () => {
    expect(await files()).toEqual([
      { businessDate: monday, cut: Number(cut), payouts: 1, path: `/v1/payouts/${monday}.xml?cut=${cut}` },
    ])
    const { text, headers } = await ofCut(monday, cut)
    expect(headers.get('payout-file-status')).toBe('final')
    expect(await schemaFaults(text, 'pain.001.001.09')).toEqual([])
    expect(textsOf(text, 'MsgId')[0]).toMatch(new RegExp(`^TN20261123C${cut}-[0-9A-Za-z]{16}$`))
    expect([textsOf(text, 'Dt'), textsOf(text, 'InstdAmt')]).toEqual([[monday], ['125000']])
    at(gateway, '2026-11-23T17:00:30Z')
    await close(gateway, monday)
    expect((await ofCut(monday, cut)).text).toBe(text)
    const rest = (await file(monday)).text
    expect([textsOf(rest, 'Dt'), textsOf(rest, 'InstdAmt')]).toEqual([['2026-11-24'], ['75000']])
    expect((await files()).map((one: { cut: number | null }) => one.cut)).toEqual([null, Number(cut)])
    expect((await ofCut(monday, String(Number(cut) + 100))).body.code).toBe('no_payouts')
  })

  test('is settled by a status of its message, and what came back is in the file of the date', async () => {
    const [messageId] = textsOf((await ofCut(monday, cut)).text, 'MsgId')
    const told = await report(pain002([], { messageId: messageId!, code: 'RJCT' }))
    expect(told.body).toMatchObject({ recorded: 1 })
    at(gateway, '2026-11-23T17:00:30Z')
    await close(gateway, monday)
    expect(textsOf((await file(monday)).text, 'InstdAmt').toSorted()).toEqual(['125000', '75000'])
  })

  test('is shown to its own merchant, by the number of a cut of that date', async () => {
    expect(textsOf((await ofCut(monday, cut, shop.key)).text, 'InstdAmt')).toEqual(['125000'])
    expect((await ofCut(monday, cut, other.key)).body.code).toBe('no_payouts')
    expect((await ofCut(today, cut)).body.code).toBe('no_payouts')
    for (const wrong of ['0', '-1', 'x', '1e3', '9'.repeat(16)])
      expect((await ofCut(monday, wrong)).body.code).toBe('validation_failed')
    expect((await gateway.call('GET', '/v1/payouts', { key: shop.key })).status).toBe(403)
    expect((await gateway.call('GET', '/v1/payouts?cursor=x', { key: operatorKey })).status).toBe(422)
  })
})

describe('a status report', () => {
  test('may come twice and out of order', async () => {
    const { id, payout } = await closedDay()
    const { endToEndId } = payout
    const settled = pain002([{ id: endToEndId, code: 'ACSC' }])
    expect(await schemaFaults(settled, 'pain.002.001.12')).toEqual([])
    expect((await report(pain002([{ id: endToEndId, code: 'ACSP' }]))).body.lines).toEqual([
      { endToEndId, code: 'ACSP', outcome: 'recorded' },
    ])
    expect((await settlementOf(id)).payout.status).toBe('accepted')
    expect((await report(settled)).body).toMatchObject({ recorded: 1, unchanged: 0 })
    expect((await report(settled)).body).toMatchObject({ recorded: 0, unchanged: 1 })
    expect((await report(pain002([{ id: endToEndId, code: 'ACSP' }]))).body).toMatchObject({ unchanged: 1 })
    expect((await settlementOf(id)).payout.status).toBe('settled')
  })

  test('of a whole message counts for every payout that has none of its own', async () => {
    const other = await openShop(gateway)
    await sell(gateway, other, bank, { amount: '75000' })
    const { payout } = await closedDay()
    const messageId = textsOf((await file(today)).text, 'MsgId')[0]!
    const status = pain002([{ id: payout.endToEndId, code: 'RJCT', reason: 'AC04' }], {
      messageId,
      code: 'ACSC',
    })
    const { body } = await report(status)
    expect(body).toMatchObject({ recorded: 2, unchanged: 0, unknown: 0, conflicts: 0 })
    const unknown = pain002([], { messageId: 'TN20261122-0000000000000000', code: 'ACSC' })
    expect((await report(unknown)).body.code).toBe('status_report_unreadable')
  })

  test('that is refused has recorded nothing', async () => {
    const { id, payout } = await closedDay()
    const notOurs = { messageId: 'TN20261122-0000000000000000', code: 'ACSC' }
    const refused = await report(pain002([{ id: payout.endToEndId, code: 'ACSC' }], notOurs))
    expect(refused.body.code).toBe('status_report_unreadable')
    expect((await settlementOf(id)).payout.status).toBe('requested')
  })

  test('of a payout that was never made is unknown', async () => {
    await closedDay()
    const ids = ['SET7K3MA20261122VND-1', 'anything', `SET${shop.merchantId.slice(4)}20261122VND-9`]
    const { body } = await report(pain002(ids.map((id) => ({ id, code: 'ACSC' }))))
    expect(body).toMatchObject({ recorded: 0, unknown: 3 })
  })

  test('is for operators', async () => {
    expect((await report(pain002([]), shop.key)).status).toBe(403)
  })

  const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><Document>&lol2;</Document>`
  const outside = `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>`
  test.each([
    ['a bomb', bomb],
    ['an outside entity', outside],
    ['a cut off file', pain002([{ id: 'SET7K3MA20261122VND-1', code: 'ACSC' }]).slice(0, -40)],
    ['another message', '<Document><CstmrCdtTrfInitn/></Document>'],
    ['no XML', 'not xml'],
    ['nothing', ''],
    ['deep nesting', `<Document><CstmrPmtStsRpt>${'<a>'.repeat(1_000)}`],
    ['bytes that are no text', new Uint8Array([0x3c, 0xff, 0xfe])],
  ])('that is %s is refused', async (_what, body) => {
    const answer = await report(body)
    expect([answer.status, answer.body.code]).toEqual([422, 'status_report_unreadable'])
  })
})

describe('a payout that came back', () => {
  test('is paid again once, in the next file, under a new end-to-end id', async () => {
    const { id, payout } = await closedDay()
    const first = (await file(today)).text
    const rejected = pain002([{ id: payout.endToEndId, code: 'RJCT', reason: 'AC04' }])
    expect((await report(rejected)).body.recorded).toBe(1)
    expect((await report(rejected)).body).toMatchObject({ recorded: 0, unchanged: 1 })
    const { payouts } = await settlementOf(id)
    expect(
      payouts.map(({ endToEndId, status, reason, valueDate }: Record<string, string>) => [
        endToEndId?.slice(-1),
        status,
        reason,
        valueDate,
      ]),
    ).toEqual([
      ['1', 'rejected', 'AC04', '2026-11-23'],
      ['2', 'requested', undefined, '2026-11-24'],
    ])
    expect((await file(today)).text).toBe(first)
    at(gateway, '2026-11-23T17:00:30Z')
    await close(gateway, '2026-11-23')
    const second = await file('2026-11-23')
    expect(second.headers.get('payout-file-status')).toBe('final')
    expect(textsOf(second.text, 'EndToEndId')).toEqual([payouts[1].endToEndId])
    expect(textsOf(second.text, 'InstdAmt')).toEqual(['125000'])
    at(gateway, '2026-11-24T17:00:30Z')
    await close(gateway, '2026-11-24')
    expect((await file('2026-11-24')).body.code).toBe('no_payouts')
    expect((await file('2020-01-01')).body.code).toBe('no_payouts')
  })

  test('also when it had been settled; settled after it came back is a conflict', async () => {
    const { id, payout } = await closedDay()
    await report(pain002([{ id: payout.endToEndId, code: 'ACSC' }]))
    await report(pain002([{ id: payout.endToEndId, code: 'RJCT', reason: 'AC04' }]))
    expect((await settlementOf(id)).payout.status).toBe('requested')
    const { body } = await report(pain002([{ id: payout.endToEndId, code: 'ACSC' }]))
    expect(body).toMatchObject({ recorded: 0, conflicts: 1 })
  })

  test('twice from one account waits for another', async () => {
    const { id, payout } = await closedDay()
    await report(pain002([{ id: payout.endToEndId, code: 'RJCT', reason: 'AC04' }]))
    const again = (await settlementOf(id)).payout.endToEndId
    await report(pain002([{ id: again, code: 'RJCT', reason: 'AC04' }]))
    await gateway.settled()
    await run()
    expect((await settlementOf(id)).payouts).toHaveLength(2)
    const payoutAccount = { bankBin: '970436', accountNumber: '1900', accountName: 'CONG TY HOA SEN' }
    const settings = { key: operatorKey, body: { payoutAccount } }
    await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, settings)
    await run()
    await run()
    const { payouts } = await settlementOf(id)
    expect(payouts).toHaveLength(3)
    expect(payouts[2]).toMatchObject({ status: 'requested', bankBin: '970436', accountNumber: '1900' })
  })
})

test('a merchant without an account is paid by the file after it has named one', async () => {
  const path = `/v1/merchants/${shop.merchantId}/settings`
  await gateway.call('POST', path, { key: operatorKey, body: { payoutAccount: null } })
  const { id } = await closedDay()
  expect((await file(today)).body.code).toBe('no_payouts')
  await run()
  expect((await settlementOf(id)).payout).toEqual({ status: 'no_account' })
  await gateway.call('POST', path, { key: operatorKey, body: { payoutAccount: account } })
  await run()
  await run()
  expect((await settlementOf(id)).payouts).toHaveLength(1)
  expect((await file(today)).body.code).toBe('no_payouts')
  expect(textsOf((await file('2026-11-23')).text, 'InstdAmt')).toEqual(['125000'])
})

test('a cut that is settled the day after is paid then, and not on a day that is past', async () => {
  const settings = { key: shop.key, body: { payoutCycle: 'T+0' } }
  await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, settings)
  at(gateway, '2026-11-23T09:00:00Z')
  await sell(gateway, shop, bank)
  const takenAt = '2026-11-23T09:00:00.000Z'
  const places = [{ cutOff: '24:00', cutAt: takenAt, position: await gateway.store.head() }] as const
  const data = { businessDate: '2026-11-23', places, final: false, takenAt }
  await gateway.services.gateway.settlementCuts.handle(cutsId, { type: 'TakeCut', data }, {})
  at(gateway, '2026-11-23T17:00:30Z') // the gateway that took it was gone until midnight
  await close(gateway, '2026-11-23')
  expect(textsOf((await file('2026-11-23')).text, 'Dt')).toEqual(['2026-11-24'])
  const { body } = await gateway.call('GET', '/v1/payouts', { key: operatorKey })
  expect(body.data.map(({ cut }: { cut: number | null }) => cut)).toEqual([null])
})

test('in the books, a payout is owed, then on its way, then gone; what came back is owed again', async () => {
  const owed = async () => {
    await gateway.settled()
    const { accounts } = (await gateway.call('GET', '/v1/ledger/trial-balance', { key: operatorKey })).body
    const balance = (name: string) =>
      accounts.find((one: { account: string }) => one.account === name)?.balance ?? '0'
    return ['merchant_payable', 'payouts_in_flight', 'bank_clearing'].map(balance)
  }
  await sell(gateway, shop, bank)
  expect(await owed()).toEqual(['125000', '0', '125000'])
  at(gateway, '2026-11-22T17:00:30Z')
  const [{ payout }] = (await close(gateway, today)).body.data
  expect(await owed()).toEqual(['0', '125000', '125000'])
  await report(pain002([{ id: payout.endToEndId, code: 'ACSC' }]))
  expect(await owed()).toEqual(['0', '0', '0'])
  const settings = { key: operatorKey, body: { payoutAccount: null } }
  await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, settings)
  await report(pain002([{ id: payout.endToEndId, code: 'RJCT' }]))
  expect(await owed()).toEqual(['125000', '0', '125000'])
})
