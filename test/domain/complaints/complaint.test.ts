// Complaints: when one may be opened, who answers what, and what becomes of the money.
import { describe, expect, test } from 'vitest'
import * as complaint from '../../../src/domain/complaints/complaint.ts'
import { complaintKinds, deadlineOf, openableFrom } from '../../../src/domain/complaints/complaintTerms.ts'
import { scenarios } from '../../support/given.ts'
import {
  at,
  byDefault,
  complaintId,
  corrected,
  defaultResolved,
  late,
  open,
  opened,
  openedForNothing,
  recordFailed,
  recordRefunded,
  refunded,
  refundFailed,
  refuse,
  refused,
  resolve,
  resolved,
  said,
  say,
  vnd,
} from './samples.ts'

const given = scenarios(complaint)
const otherId = 'cpl_7K3MA9QZXW4F2P8R600000000Z'

describe('to open', () => {
  test('works: all that is there is claimed, unless less is said', () => {
    given().when(open()).thenEvents(opened())
    given()
      .when(open({ amount: vnd('5000') }))
      .thenEvents(opened({ claim: vnd('5000') }))
  })

  test('works once', () => given(opened()).when(open()).thenNothing())

  test('under the id of one of another kind is refused', () =>
    given(opened())
      .when(open({ kind: 'paid_twice' }))
      .thenRejected('complaint_differs'))

  test('again for the same reason is refused while one is open, and not after', () => {
    const again = open({ complaintId: otherId })
    given(opened()).when(again).thenRejected('complaint_open')
    given(opened(), resolved()).when(again).thenRejected('complaint_open')
    for (const end of [[refused], [corrected], [resolved(), refunded], [resolved(), refundFailed()]])
      given(opened(), ...end)
        .when(again)
        .thenEvents(opened({ complaintId: otherId }))
  })

  test('for another reason works', () =>
    given(opened())
      .when(open({ complaintId: otherId, kind: 'paid_twice' }))
      .thenEvents(opened({ complaintId: otherId, kind: 'paid_twice' })))

  test('is refused until the biller has had its time, to the millisecond', () => {
    const early = { openedAt: '2026-11-23T02:59:59.999Z' }
    given().when(open(early)).thenRejected('complaint_too_early')
  })

  test('of what is not paid only that it is not credited can be said, and of what is paid all but that', () => {
    const unpaid = { paid: false, rest: vnd('0') }
    for (const kind of complaintKinds.filter((kind) => kind !== 'not_credited'))
      given()
        .when(open({ ...unpaid, kind }))
        .thenRejected('complaint_payment_unpaid')
    const event = { ...openedForNothing, data: { ...openedForNothing.data, kind: 'not_credited' } } as const
    given()
      .when(open({ ...unpaid, kind: 'not_credited' }))
      .thenEvents(event)
    given()
      .when(open({ kind: 'not_credited' }))
      .thenRejected('complaint_payment_paid')
  })

  test('the amount is said where it must be, not said where it must not, and not more than is there', () => {
    for (const kind of ['wrong_amount', 'late_payment_surcharge'] as const)
      given().when(open({ kind })).thenRejected('complaint_amount_missing')
    for (const kind of ['service_cut', 'payment_info_delay'] as const)
      given()
        .when(open({ kind, amount: vnd('1') }))
        .thenRejected('complaint_amount_unexpected')
    given()
      .when(open({ amount: vnd('125001') }))
      .thenRejected('complaint_exceeds_payment')
    given()
      .when(open({ amount: { amount: '1', currency: 'USD' } }))
      .thenRejected('complaint_currency_differs')
  })

  test('of money that has all gone back nothing is claimed', () => {
    const { claim: _, ...data } = opened().data
    given()
      .when(open({ rest: vnd('0') }))
      .thenEvents({ type: 'ComplaintOpened', data })
  })

  test('more than twenty times is refused', () => {
    const many = Array.from({ length: 20 }, (_, index) => [
      opened({ complaintId: `cpl_${index}` }),
      { ...refused, data: { ...refused.data, complaintId: `cpl_${index}` } },
    ]).flat()
    given(...many)
      .when(open())
      .thenRejected('complaints_exceeded')
  })

  test('which refusal wins: of the payment, of the time, of one that is open, of the amount', () => {
    const wrong = { kind: 'wrong_amount', complaintId: otherId } as const
    const before = opened({ kind: 'wrong_amount' })
    const early = { ...wrong, openedAt: '2026-11-22T03:00:00.000Z' }
    given(before)
      .when(open({ ...early, paid: false }))
      .thenRejected('complaint_payment_unpaid')
    given(before).when(open(early)).thenRejected('complaint_too_early')
    given(before).when(open(wrong)).thenRejected('complaint_open')
  })
})

describe('evidence', () => {
  test('is added, once', () => {
    given(opened()).when(say()).thenEvents(said())
    given(opened(), said()).when(say()).thenNothing()
    given(opened(), said(), refused).when(say()).thenNothing()
  })

  test('is refused where there is no complaint, where it is closed, and past twenty texts', () => {
    given().when(say()).thenRejected('complaint_not_found')
    given(opened(), refused).when(say()).thenRejected('complaint_closed')
    const much = Array.from({ length: 20 }, (_, index) => said(`${index}`))
    given(opened(), ...much)
      .when(say())
      .thenRejected('complaint_evidence_exceeded')
    given(opened(), ...much, refused)
      .when(say())
      .thenRejected('complaint_closed')
  })
})

describe('to resolve', () => {
  test('works: what was claimed goes back, another amount, or nothing', () => {
    given(opened()).when(resolve()).thenEvents(resolved())
    given(opened())
      .when(resolve({ amount: vnd('7'), note: 'half' }))
      .thenEvents(resolved({ refund: vnd('7'), note: 'half' }))
    given(opened())
      .when(resolve({ remedy: 'corrected' }))
      .thenEvents(corrected)
    given(opened())
      .when(resolve({ at: late }))
      .thenEvents(resolved({ resolvedAt: late }))
  })

  test('works once, whatever became of the money', () => {
    given(opened(), resolved()).when(resolve()).thenNothing()
    given(opened(), resolved(), refunded).when(resolve()).thenNothing()
    given(opened(), resolved(), refundFailed()).when(resolve()).thenNothing()
    given(opened(), corrected)
      .when(resolve({ remedy: 'corrected' }))
      .thenNothing()
  })

  test('is refused where it was answered otherwise', () => {
    given().when(resolve()).thenRejected('complaint_not_found')
    given(opened(), refused).when(resolve()).thenRejected('complaint_closed')
    given(opened(), resolved())
      .when(resolve({ amount: vnd('7') }))
      .thenRejected('complaint_closed')
    given(opened(), resolved())
      .when(resolve({ remedy: 'corrected' }))
      .thenRejected('complaint_closed')
    given(opened(), defaultResolved).when(resolve()).thenRejected('complaint_closed')
  })

  test('is refused for more than there is, and where nobody said how much', () => {
    given(opened())
      .when(resolve({ rest: vnd('124999') }))
      .thenRejected('complaint_exceeds_payment')
    given(openedForNothing).when(resolve()).thenRejected('complaint_amount_missing')
    given(openedForNothing)
      .when(resolve({ amount: vnd('7') }))
      .thenEvents(resolved({ refund: vnd('7') }))
    given(opened())
      .when(resolve({ remedy: 'corrected', amount: vnd('7') }))
      .thenRejected('complaint_amount_unexpected')
  })

  test('works again where no refund could be asked for, and not where one failed', () => {
    given(opened(), resolved(), refundFailed(true)).when(resolve()).thenEvents(resolved())
    given(opened(), defaultResolved, refundFailed(true))
      .when(resolve({ remedy: 'corrected' }))
      .thenEvents(corrected)
    given(opened(), defaultResolved, refundFailed()).when(resolve()).thenRejected('complaint_closed')
  })

  test('which refusal wins: that it is closed', () =>
    given(opened(), refused)
      .when(resolve({ amount: vnd('125001') }))
      .thenRejected('complaint_closed'))
})

describe('to reject', () => {
  test('works, once', () => {
    given(opened()).when(refuse()).thenEvents(refused)
    given(opened(), refused).when(refuse()).thenNothing()
    given(opened(), refused)
      .when(refuse({ at: late }))
      .thenNothing()
  })

  test('is refused where it was answered, and from the deadline on', () => {
    given().when(refuse()).thenRejected('complaint_not_found')
    given(opened(), refused)
      .when(refuse({ reason: 'x' }))
      .thenRejected('complaint_closed')
    given(opened(), resolved()).when(refuse()).thenRejected('complaint_closed')
    given(opened())
      .when(refuse({ at: late }))
      .thenRejected('complaint_overdue')
    given(opened(), resolved())
      .when(refuse({ at: late }))
      .thenRejected('complaint_closed')
  })
})

describe('the clock', () => {
  test('resolves what nobody answered for the payer, once, from the deadline on', () => {
    given(opened()).when(byDefault()).thenEvents(defaultResolved)
    given(opened(), defaultResolved).when(byDefault()).thenNothing()
    given(opened()).when(byDefault('2026-11-28T02:59:59.999Z')).thenRejected('complaint_not_due')
    given().when(byDefault()).thenRejected('complaint_not_found')
  })

  test('sends no money back where none is owed', () =>
    given(openedForNothing)
      .when(byDefault())
      .thenEvents({ type: 'ComplaintDefaultResolved', data: { complaintId, resolvedAt: late } }))

  test('changes nothing of what was answered', () => {
    for (const answer of [refused, resolved(), corrected])
      given(opened(), answer).when(byDefault()).thenNothing()
  })

  test('begins for billers a day after the payment, and for others at once; five days are given', () => {
    expect(openableFrom(at, 'water')).toBe('2026-11-25T03:00:00.000Z')
    expect(openableFrom(at, 'supermarket')).toBe(at)
    expect(deadlineOf(at)).toBe('2026-11-29T03:00:00.000Z')
  })
})

describe('the refund', () => {
  const pending = [opened(), resolved()]

  test('ends it refunded or failed, once', () => {
    given(...pending)
      .when(recordRefunded)
      .thenEvents(refunded)
    given(...pending, refunded)
      .when(recordRefunded)
      .thenNothing()
    given(...pending)
      .when(recordFailed())
      .thenEvents(refundFailed())
    given(...pending, refundFailed())
      .when(recordFailed())
      .thenNothing()
    given(opened(), defaultResolved).when(recordRefunded).thenEvents(refunded)
  })

  test('that had failed and was tried again ends it refunded', () =>
    given(...pending, refundFailed())
      .when(recordRefunded)
      .thenEvents(refunded))

  test('that nobody asked for is refused', () => {
    for (const end of [[], [refused], [corrected]]) {
      given(opened(), ...end)
        .when(recordRefunded)
        .thenRejected('complaint_closed')
      given(opened(), ...end)
        .when(recordFailed())
        .thenRejected('complaint_closed')
    }
    given(...pending, refunded)
      .when(recordFailed())
      .thenRejected('complaint_closed')
    given().when(recordRefunded).thenRejected('complaint_not_found')
    given().when(recordFailed()).thenRejected('complaint_not_found')
  })
})
