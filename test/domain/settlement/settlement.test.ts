// The rules of a settlement and its payouts.
import { describe, expect, test } from 'vitest'
import { endToEndId, namesPayout, settlementNamed } from '../../../src/domain/settlement/payout.ts'
import * as settlement from '../../../src/domain/settlement/settlement.ts'
import { settlementId } from '../../../src/domain/settlement/settlement.ts'
import { scenarios } from '../../support/given.ts'
import { account, amount, at, closing, first, id, told, withoutAccount } from './samples.ts'

const given = scenarios(settlement)
type Event = settlement.SettlementEvent
const close = (data = closing) => ({ type: 'CloseSettlement', data }) as const
const closed = (data = closing): Event => ({ type: 'SettlementClosed', data })
const requested = (changes: Partial<typeof first> = {}): Event => ({
  type: 'PayoutRequested',
  data: { ...first, ...changes },
})
const status = (of: 'accepted' | 'settled' | 'rejected', endToEnd = first.endToEndId) =>
  ({ type: 'RecordPayoutStatus', data: { endToEndId: endToEnd, status: of, reason: 'AC04', at } }) as const
const accepted: Event = { type: 'PayoutAccepted', data: told }
const settled: Event = { type: 'PayoutSettled', data: told }
const rejected: Event = { type: 'PayoutRejected', data: { ...told, reason: 'AC04' } }
const again = (to = account) =>
  ({ type: 'RequestPayout', data: { account: to, valueDate: '2026-11-24', at } }) as const
const second = { endToEndId: 'SET7K3MA20261122VND-2', attempt: 2, valueDate: '2026-11-24' }

test('the id is of the merchant, the date and the currency, and names itself at banks', () => {
  expect(settlementId('mer_7K3MA', '2026-11-22', 'VND')).toBe(id)
  expect(endToEndId(id, 1)).toBe(first.endToEndId)
  expect(settlementNamed('SET7K3MA20261122VND-12')).toBe(id)
  for (const other of ['', 'SET', id, 'SET7K3MA20261122VND', 'SET7K3MA20261122VND-12345'])
    expect(settlementNamed(other)).toBeUndefined()
})

test.each([
  ['Settlement 2026-11-22 SET7K3MA20261122VND-1', undefined, true],
  ['HOAN TRA set7k3ma20261122vnd 12 sai tk', undefined, true],
  ['HOAN TRA SET7K3MA2026 1122VND1.CT', undefined, true],
  ['', 'SET7K3MA20261122VND-1', true],
  ['Settlement', 'SET7K3MA20261122', true],
  ['mua set 12345 20261122', undefined, false],
  ['mua set AB123', 'SET-MENU', false],
  ['TN7K3MA9QZXW4F2P8R60', undefined, false],
])('"%s" under the name %s names a payout: %s', (words, name, expected) => {
  expect(namesPayout(words, name)).toBe(expected)
})

describe('closing', () => {
  test('asks for the payout of what is owed', () => given().when(close()).thenEvents(closed(), requested()))
  test('again changes nothing, whatever is said', () => {
    given(closed(), requested()).when(close()).thenNothing()
    given(closed(), requested())
      .when(close({ ...closing, net: '1' }))
      .thenNothing()
  })
  test.each(['0', '-5000'])('with a net of %s pays nothing', (net) => {
    const data = { ...closing, net }
    given().when(close(data)).thenEvents(closed(data))
  })
  test('without an account pays nothing', () =>
    given().when(close(withoutAccount)).thenEvents(closed(withoutAccount)))
})

describe('a status', () => {
  const paid = given(closed(), requested())
  test('is recorded', () => {
    paid.when(status('accepted')).thenEvents(accepted)
    paid.when(status('settled')).thenEvents(settled)
    paid.when(status('rejected')).thenEvents(rejected)
  })
  test('again, or one that says less than is known, changes nothing', () => {
    given(closed(), requested(), accepted).when(status('accepted')).thenNothing()
    given(closed(), requested(), settled).when(status('settled')).thenNothing()
    given(closed(), requested(), settled).when(status('accepted')).thenNothing()
    given(closed(), requested(), rejected).when(status('rejected')).thenNothing()
    given(closed(), requested(), rejected).when(status('accepted')).thenNothing()
  })
  test('rejected after settled is money that came back', () =>
    given(closed(), requested(), accepted, settled)
      .when(status('rejected'))
      .thenEvents({ type: 'PayoutRejected', data: { ...told, reason: 'AC04', returned: true } }))
  test('settled after rejected is refused: it may have been sent again', () =>
    given(closed(), requested(), rejected).when(status('settled')).thenRejected('payout_already_rejected'))
  test('of what was never asked for is refused', () => {
    paid.when(status('settled', 'SET7K3MA20261122VND-2')).thenRejected('payout_not_found')
    given().when(status('settled')).thenRejected('settlement_not_found')
  })
})

describe('paying again', () => {
  test('what came back is asked for under a new id', () =>
    given(closed(), requested(), rejected).when(again()).thenEvents(requested(second)))
  test('twice is once', () => {
    given(closed(), requested(), rejected, requested(second)).when(again()).thenNothing()
    given(closed(), requested()).when(again()).thenNothing()
  })
  test('what had no account counts on from the first', () =>
    given(closed(withoutAccount)).when(again()).thenEvents(requested(second)))
  test('after two in vain to one account another is needed', () => {
    const both = given(closed(), requested(), rejected, requested(second), {
      type: 'PayoutRejected',
      data: { ...told, endToEndId: second.endToEndId, reason: 'AC04' },
    })
    both.when(again()).thenRejected('payout_needs_another_account')
    const other = { ...account, accountNumber: '19001' }
    const third = { endToEndId: 'SET7K3MA20261122VND-3', attempt: 3, account: other }
    both.when(again(other)).thenEvents(requested({ ...second, ...third }))
  })
  test('nothing is paid where nothing is owed', () =>
    given(closed({ ...closing, net: '-1' }))
      .when(again())
      .thenRejected('payout_not_due'))
  test('what is owed is what is paid', () => expect(amount.amount).toBe(closing.net))
})
