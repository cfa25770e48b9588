// A till closes its batch: agreement at once, after its records were sent, or never; and what may no longer be undone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Fields } from '../../src/adapters/iso8583/message.ts'
import { totalsFromFields, totalsToFields } from '../../src/adapters/iso8583/reconciliation.ts'
import { type BatchEntry, totalsOf } from '../../src/domain/pos/batchTotals.ts'
import { noAnswer, pretendNetwork } from '../support/cardNetwork.ts'
import { openShop, openTestGateway, operatorKey, type Shop } from '../support/gateway.ts'
import { openTill, originalOf, saleFields, stans, type TestTill } from '../support/till.ts'

const pretend = pretendNetwork()
let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let till: TestTill
beforeAll(async () => {
  gateway = await openTestGateway({ cards: pretend })
  shop = await openShop(gateway)
})
afterAll(() => gateway.stop())

/** Every test has a till of its own, whose first batch is 000001. */
const withTill = (does: () => Promise<void>) => async () => {
  till = await openTill(gateway, shop)
  await does().finally(till.close)
}

const nextStan = stans()
type Answer = Awaited<ReturnType<TestTill['ask']>>
const ask = (mti: string, fields: Fields) => till.ask(mti, { 11: nextStan(), 49: '704', ...fields })
const sale = { ...saleFields, 4: '000000100000' }
const sell = (changes: Fields = {}) => ask('0200', { ...sale, ...changes })
const hold = () => ask('0100', sale)
const undo = (answer: Fields, reason: string) =>
  ask('0420', { 3: '000000', 4: answer[4]!, 56: reason, 90: originalOf('0200', answer) })
const giveBack = (answer: Fields, minor: string) =>
  ask('0200', { 3: '200000', 4: minor.padStart(12, '0'), 37: answer[37]! })

const purchase = (minor: bigint): BatchEntry => ({ kind: 'purchase', amount: minor })
/** A close in which the till claims to have these entries. */
const close = (entries: readonly BatchEntry[], mti = '0500', changes: Fields = {}) =>
  ask(mti, { 49: undefined as never, 50: '704', ...totalsToFields(totalsOf(entries)), ...changes })
const uploadOf = (answer: Fields, changes: Fields = {}) =>
  ask('0320', { 3: answer[3]!, 4: answer[4]!, 11: answer[11]!, 37: answer[37]!, 39: '00', ...changes })
const countedIn = (answer: Answer) => totalsFromFields(answer)
const inBalance = { 39: '00', 66: '1' }
const outOfBalance = { 39: '95', 66: '2' }
const report = async (number: string, key = shop.key) =>
  (await gateway.call('GET', `/v1/terminals/${till.id}/batches/${number}`, { key })).body

describe('a close', () => {
  test(
    'that agrees is answered with our totals and the number of the batch',
    withTill(async () => {
      await sell()
      const answer = await close([purchase(100_000n)])
      expect(answer).toMatchObject({
        mti: '0510',
        ...inBalance,
        60: '000001',
        76: '0000000001',
        97: 'D0000000000100000',
      })
      expect(await report('000001')).toMatchObject({
        number: '000001',
        status: 'balanced',
        claimed: { debitCount: '1', debitAmount: '100000', net: '100000' },
        counted: { debitCount: '1', debitAmount: '100000', net: '100000' },
        differences: [],
        uploaded: [],
        unknown: [],
        missing: [],
      })
    }),
  )

  test(
    'counts sales, refunds, completions and reversals, each as its kind',
    withTill(async () => {
      const first = await sell()
      const second = await sell({ 4: '000000070000' })
      const held = await hold()
      await ask('0220', { 3: '000000', 4: '000000080000', 90: originalOf('0100', held) })
      await hold()
      expect((await undo(second, '4017'))[39]).toBe('00')
      expect((await giveBack(first, '30000'))[39]).toBe('00')
      const entries: BatchEntry[] = [
        purchase(100_000n),
        purchase(70_000n),
        purchase(80_000n),
        { kind: 'purchase_reversal', amount: 70_000n },
        { kind: 'refund', amount: 30_000n },
        { kind: 'authorization', amount: 100_000n },
        { kind: 'authorization', amount: 100_000n },
      ]
      const answer = await close(entries)
      expect(countedIn(answer)).toEqual(totalsOf(entries))
      expect(answer).toMatchObject(inBalance)
    }),
  )

  test(
    'of a till that does not count authorizations agrees without them',
    withTill(async () => {
      await hold()
      const answer = await close([], '0500', { 81: undefined as never })
      expect(answer).toMatchObject({ ...inBalance, 81: '0000000001' })
    }),
  )

  test(
    'counts on neither side what the till saw no answer to',
    withTill(async () => {
      const lost = await sell()
      expect((await undo(lost, '4021'))[39]).toBe('00')
      pretend.answerNext('authorize', noAnswer)
      expect((await sell())[39]).toBe('68')
      await sell({ 4: '000000005000' })
      expect(await close([purchase(5_000n)])).toMatchObject(inBalance)
    }),
  )

  test(
    'of nothing agrees, and every batch covers what came after the one before it',
    withTill(async () => {
      expect(await close([])).toMatchObject({ ...inBalance, 60: '000001' })
      await sell()
      expect(await close([purchase(100_000n)], '0520')).toMatchObject({
        mti: '0530',
        ...inBalance,
        60: '000002',
      })
      expect(await close([])).toMatchObject({ ...inBalance, 60: '000003' })
      await gateway.settled()
      const path = `/v1/terminals/${till.id}/batches`
      const first = (await gateway.call('GET', `${path}?limit=2`, { key: operatorKey })).body
      expect(first.data.map(({ number }: { number: string }) => number)).toEqual(['000003', '000002'])
      const rest = (
        await gateway.call('GET', `${path}?limit=2&cursor=${first.nextCursor}`, { key: shop.key })
      ).body
      expect(rest).toMatchObject({ data: [{ number: '000001' }], nextCursor: null })
    }),
  )

  test(
    'again is answered as before, though more was sold since',
    withTill(async () => {
      await sell()
      const first = await close([purchase(100_000n)], '0520')
      await sell()
      const again = await close([purchase(100_000n)], '0521', { 11: first[11]! })
      expect(again).toEqual(first)
      expect(await close([purchase(100_000n)])).toMatchObject({ ...inBalance, 60: '000002' })
      expect(await close([purchase(100_000n)], '0521', { 11: first[11]! })).toEqual(first)
    }),
  )

  test(
    'twice at once is one',
    withTill(async () => {
      await sell()
      const frame = till.frame(
        till.message('0500', {
          11: nextStan(),
          50: '704',
          ...totalsToFields(totalsOf([purchase(100_000n)])),
        }),
      )
      till.line.send(frame)
      till.line.send(frame)
      const answers = [await till.line.next(), await till.line.next()]
      for (const { fields } of answers) expect(fields).toMatchObject({ ...inBalance, 60: '000001' })
      const events = await gateway.store.read(`batch-${till.id}-000001`)
      expect(events.map(({ type }) => type)).toEqual(['BatchOpened', 'BatchBalanced'])
    }),
  )

  test(
    'with the number of another close is a fault of the till',
    withTill(async () => {
      const first = await close([])
      expect((await close([purchase(1n)], '0500', { 11: first[11]! }))[39]).toBe('94')
    }),
  )

  test(
    'that cannot add is an error, and may be asked for again',
    withTill(async () => {
      await sell()
      const wrong = await close([purchase(100_000n)], '0500', { 97: 'D0000000000099999' })
      expect(wrong).toMatchObject({ 39: '95', 66: '3' })
      expect(await close([purchase(100_000n)])).toMatchObject({ ...inBalance, 60: '000001' })
    }),
  )

  test.each<[string, Fields, string]>([
    ['without its totals', { 88: undefined as never }, '30'],
    ['without a trace number', { 11: undefined as never }, '30'],
    ['in a currency that is not taken', { 50: '999' }, '12'],
  ])('%s is refused, and opens no batch', async (_what, changes, responseCode) =>
    withTill(async () => {
      expect((await close([], '0500', changes))[39]).toBe(responseCode)
      expect(await gateway.store.read(`batch-${till.id}-000001`)).toEqual([])
    })(),
  )
})

describe('a close that does not agree', () => {
  test(
    'asks for the records, and agrees after them',
    withTill(async () => {
      const first = await sell()
      const second = await sell({ 4: '000000070000' })
      const differing = await close([purchase(100_000n)])
      expect(differing).toMatchObject({ ...outOfBalance, 60: '000001', 88: '0000000000170000' })
      for (const one of [first, second]) {
        const answer = await uploadOf(one)
        expect(answer).toMatchObject({ mti: '0330', 39: '00', 60: '000001' })
        expect(
          (await till.ask('0321', { 3: '000000', 4: one[4]!, 11: one[11]!, 37: one[37]!, 39: '00' }))[39],
        ).toBe('00')
      }
      expect(await close([purchase(100_000n), purchase(70_000n)])).toMatchObject({
        ...inBalance,
        60: '000001',
      })
      expect(await report('000001')).toMatchObject({ status: 'balanced', unknown: [], missing: [] })
      expect((await report('000001')).uploaded).toHaveLength(2)
    }),
  )

  test(
    'the second time closes, and the report names every record that one side does not have',
    withTill(async () => {
      const first = await sell()
      const second = await sell({ 4: '000000070000' })
      await close([purchase(100_000n), purchase(50_000n)])
      await uploadOf(first)
      const strange = { ...second, 4: '000000050000', 37: 'ABCDEFGHJKMN', 11: '999999' }
      await uploadOf(strange)
      const answer = await close([purchase(100_000n), purchase(50_000n)])
      expect(answer).toMatchObject({ ...outOfBalance, 60: '000001' })
      const zReport = await report('000001')
      expect(zReport).toMatchObject({
        status: 'out_of_balance',
        differences: [
          { total: 'debitAmount', claimed: '150000', counted: '170000' },
          { total: 'net', claimed: '150000', counted: '170000' },
        ],
        unknown: [{ kind: 'purchase', amount: '50000', reference: 'ABCDEFGHJKMN', stan: '999999' }],
        missing: [{ kind: 'purchase', amount: '70000', reference: second[37] }],
      })
      expect(zReport.missing[0].id).toContain(second[37])
      expect(await close([])).toMatchObject({ ...inBalance, 60: '000002' })
      expect(await report('000001')).toEqual(zReport)
    }),
  )

  test(
    'a refund and a reversal that are uploaded are found among ours',
    withTill(async () => {
      const first = await sell()
      const second = await sell({ 4: '000000070000' })
      await undo(second, '4017')
      const refund = await giveBack(first, '30000')
      await close([])
      await uploadOf(first)
      await uploadOf(second)
      await uploadOf(second, { 11: nextStan(), 90: originalOf('0420', second) })
      await uploadOf(refund)
      expect(await report('000001')).toMatchObject({ status: 'uploading', unknown: [], missing: [] })
      const kinds = (await report('000001')).uploaded.map(({ kind }: { kind: string }) => kind)
      expect(kinds).toEqual(['purchase', 'purchase', 'purchase_reversal', 'refund'])
    }),
  )

  test.each<[string, Fields, string]>([
    ['no reference', { 37: undefined as never }, '30'],
    ['a reference that is not ours', { 37: '411111111111' }, '30'],
    ['no response code', { 39: undefined as never }, '30'],
    ['no amount', { 4: undefined as never }, '30'],
    ['an unknown processing code', { 3: '990000' }, '12'],
  ])('an upload with %s is refused', async (_what, changes, responseCode) =>
    withTill(async () => {
      const sold = await sell()
      await close([])
      expect((await uploadOf(sold, changes))[39]).toBe(responseCode)
      expect((await report('000001')).uploaded).toEqual([])
    })(),
  )

  test(
    'what was declined is uploaded to no effect, and another amount under the same number is refused',
    withTill(async () => {
      const sold = await sell()
      await close([])
      expect((await uploadOf(sold, { 39: '51' }))[39]).toBe('00')
      expect((await report('000001')).uploaded).toEqual([])
      await uploadOf(sold)
      expect((await uploadOf(sold, { 4: '000000100001' }))[39]).toBe('94')
    }),
  )

  test(
    'records are not taken where nobody asked for them',
    withTill(async () => {
      const sold = await sell()
      expect((await uploadOf(sold))[39]).toBe('12')
      await close([purchase(100_000n)])
      expect((await uploadOf(sold))[39]).toBe('12')
    }),
  )
})

describe('a sale in a closed batch', () => {
  test(
    'is not reversed, but can be refunded',
    withTill(async () => {
      const sold = await sell()
      await close([purchase(100_000n)])
      expect((await undo(sold, '4000'))[39]).toBe('12')
      expect((await giveBack(sold, '100000'))[39]).toBe('00')
      const refund: BatchEntry = { kind: 'refund', amount: 100_000n }
      expect(await close([refund])).toMatchObject({ ...inBalance, 60: '000002', 97: 'C0000000000100000' })
    }),
  )

  test(
    'an authorization of before is completed into the batch of its completion',
    withTill(async () => {
      const held = await hold()
      await close([{ kind: 'authorization', amount: 100_000n }])
      await ask('0220', { 3: '000000', 4: '000000060000', 90: originalOf('0100', held) })
      expect(await close([purchase(60_000n)])).toMatchObject({ ...inBalance, 60: '000002' })
    }),
  )
})

test(
  'who may not see the terminal sees none of its batches',
  withTill(async () => {
    await close([])
    const stranger = await openShop(gateway)
    const path = `/v1/terminals/${till.id}/batches`
    expect((await gateway.call('GET', path, { key: stranger.key })).status).toBe(404)
    expect((await gateway.call('GET', `${path}/000001`, { key: stranger.key })).status).toBe(404)
    expect((await gateway.call('GET', `${path}/000009`, { key: shop.key })).status).toBe(404)
  }),
)
