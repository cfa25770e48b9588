// The rules of a mandate: who takes it, when it rests, and that each bill is debited at most once.
import { describe, expect, test } from 'vitest'
import * as mandate from '../../../src/domain/mandates/mandate.ts'
import { debitTime } from '../../../src/domain/mandates/times.ts'
import { scenarios } from '../../support/given.ts'
import * as s from './samples.ts'

const given = scenarios(mandate)

describe('a mandate is given', () => {
  test('once', () => {
    given().when(s.request).thenEvents(s.requested())
    given(s.requested()).when(s.request).thenRejected('mandate_exists')
  })

  test.each([
    s.register({ status: 'pending' }),
    s.act('PauseMandate'),
    s.act('ResumeMandate'),
    s.act('CancelMandate'),
    s.announce(),
    s.skip('paid_elsewhere'),
    s.debit(),
    s.outcome({ status: 'completed' }),
  ])('and before nothing can be said to it: $type', (command) =>
    given().when(command).thenRejected('mandate_not_found'),
  )

  test("and taken or declined by the payer's bank; its first answer stands", () => {
    const active = s.register({ status: 'active', last4: '6789' })
    const declined = s.register({ status: 'declined', reason: 'account_closed' })
    given(s.requested()).when(active).thenEvents(s.activated)
    given(s.requested()).when(declined).thenEvents(s.declined())
    given(...s.active)
      .when(declined)
      .thenNothing()
    given(s.requested(), s.declined()).when(active).thenNothing()
    given(s.requested(), s.canceled()).when(active).thenNothing()
  })

  test('of what a bank says nothing is kept that could name somebody', () => {
    given(s.requested())
      .when(s.register({ status: 'active', last4: '0123456789' }))
      .thenEvents(s.declined('answer_malformed'))
    given(s.requested())
      .when(s.register({ status: 'declined', reason: 'Mr Nguyen has moved' }))
      .thenEvents(s.declined('other'))
  })

  test('pending, the bank is asked less and less often, and has declined after two days', () => {
    const pending = (when: string) => s.register({ status: 'pending' }, when)
    given(s.requested()).when(pending(s.at)).thenEvents(s.pending(1, '2026-11-05T03:00:02.000Z'))
    const once = s.pending(1, '2026-11-05T03:00:02.000Z')
    given(s.requested(), once).when(pending('2026-11-05T03:00:01.999Z')).thenNothing()
    given(s.requested(), once)
      .when(pending('2026-11-05T03:00:02.000Z'))
      .thenEvents(s.pending(2, '2026-11-05T03:00:06.000Z', '2026-11-05T03:00:02.000Z'))
    given(s.requested(), s.pending(30, '2026-11-07T02:59:59.999Z'))
      .when(pending('2026-11-07T02:59:59.999Z'))
      .thenEvents(s.pending(31, '2026-11-07T08:59:59.999Z', '2026-11-07T02:59:59.999Z'))
    given(s.requested(), s.pending(30, '2026-11-07T03:00:00.000Z'))
      .when(pending('2026-11-07T03:00:00.000Z'))
      .thenEvents(s.declined('not_answered', '2026-11-07T03:00:00.000Z'))
  })
})

describe('a mandate rests and ends', () => {
  test('paused and resumed, twice is once', () => {
    given(...s.active)
      .when(s.act('PauseMandate'))
      .thenEvents(s.paused)
    given(...s.active, s.paused)
      .when(s.act('PauseMandate'))
      .thenNothing()
    given(...s.active, s.paused)
      .when(s.act('ResumeMandate'))
      .thenEvents(s.resumed)
    given(...s.active)
      .when(s.act('ResumeMandate'))
      .thenNothing()
  })

  test.each(['PauseMandate', 'ResumeMandate'] as const)('%s: only one that the bank has taken', (type) => {
    given(s.requested()).when(s.act(type)).thenRejected('mandate_not_active')
    given(s.requested(), s.declined()).when(s.act(type)).thenRejected('mandate_ended')
    given(...s.active, s.canceled())
      .when(s.act(type))
      .thenRejected('mandate_ended')
  })

  test('canceled for ever, with what is announced; what the bank was asked for goes its way', () => {
    given(s.requested()).when(s.act('CancelMandate')).thenEvents(s.canceled())
    given(...s.active, s.paused)
      .when(s.act('CancelMandate'))
      .thenEvents(s.canceled())
    given(...s.active, s.canceled())
      .when(s.act('CancelMandate'))
      .thenNothing()
    given(s.requested(), s.declined()).when(s.act('CancelMandate')).thenRejected('mandate_ended')
    given(...s.active, s.announced(), s.announced({ billId: s.otherBill }), s.debitRequested)
      .when(s.act('CancelMandate', s.later))
      .thenEvents(
        s.canceled('merchant', s.later),
        s.skipped('mandate_canceled', s.later, { billId: s.otherBill }),
      )
    given(...s.active, s.announced(), s.debitRequested, s.canceled())
      .when(s.outcome({ status: 'completed' }))
      .thenEvents(s.completed)
  })

  test('every event names the agent, where one acts for the payer', () => {
    const { agentId } = s
    const withAgent = { ...s.parties, agentId }
    given(s.requested({ agentId }), s.activated)
      .when(s.act('PauseMandate'))
      .thenEvents({ type: 'MandatePaused', data: { ...withAgent, pausedAt: s.at } })
    given(s.requested({ agentId }), s.activated).when(s.announce()).thenEvents(s.announced({ agentId }))
  })
})

describe('a bill is announced', () => {
  test('once, by an active mandate', () => {
    given(...s.active)
      .when(s.announce())
      .thenEvents(s.announced())
    given(...s.active, s.announced())
      .when(s.announce({ because: s.later }))
      .thenNothing()
    given(s.requested()).when(s.announce()).thenNothing()
    given(...s.active, s.paused)
      .when(s.announce())
      .thenNothing()
    given(...s.active, s.canceled())
      .when(s.announce())
      .thenNothing()
  })

  test('over the cap it is skipped at once', () => {
    given(...s.active)
      .when(s.announce({ amount: s.vnd('2000000') }))
      .thenEvents(s.announced({ amount: s.vnd('2000000') }))
    given(...s.active)
      .when(s.announce({ amount: s.vnd('2000001') }))
      .thenEvents(s.skipped('over_cap', s.at))
  })

  test('again after it was skipped, only where something has happened since', () => {
    const skipped = [...s.active, s.announced(), s.skipped('mandate_paused')]
    given(...skipped)
      .when(s.announce({ because: s.later }))
      .thenNothing()
    given(...skipped)
      .when(s.announce({ because: '2026-11-12T00:00:00.001Z' }))
      .thenEvents(s.announced({ attempt: 2 }))
    for (const end of [s.completed, s.debitDeclined()])
      given(...s.active, s.announced(), s.debitRequested, end)
        .when(s.announce({ because: '2026-11-13T00:00:00.000Z' }))
        .thenNothing()
  })
})

describe('a debit', () => {
  const open = [...s.active, s.announced()] as const

  test('is asked for once, when its time has come, of an active mandate, within the cap', () => {
    given(...open)
      .when(s.debit())
      .thenEvents(s.debitRequested)
    given(...open, s.debitRequested)
      .when(s.debit())
      .thenRejected('debit_already_requested')
    given(...open)
      .when(s.debit({ at: '2026-11-11T23:59:59.999Z' }))
      .thenRejected('debit_not_due')
    given(...open, s.paused)
      .when(s.debit())
      .thenRejected('mandate_not_active')
    given(...open)
      .when(s.debit({ amount: s.vnd('2000001') }))
      .thenRejected('debit_over_cap')
    given(...s.active)
      .when(s.debit())
      .thenRejected('debit_not_announced')
    given(...open, s.skipped('paid_elsewhere'))
      .when(s.debit())
      .thenRejected('debit_not_announced')
  })

  test('is skipped only before the bank was asked', () => {
    given(...open)
      .when(s.skip('paid_elsewhere'))
      .thenEvents(s.skipped('paid_elsewhere'))
    given(...open, s.skipped('over_cap'))
      .when(s.skip('paid_elsewhere'))
      .thenNothing()
    given(...open, s.debitRequested)
      .when(s.skip('paid_elsewhere'))
      .thenRejected('debit_already_requested')
    given(...s.active)
      .when(s.skip('paid_elsewhere'))
      .thenRejected('debit_not_announced')
  })

  test('ends as the bank says first', () => {
    const asked = [...open, s.debitRequested]
    given(...asked)
      .when(s.outcome({ status: 'completed' }))
      .thenEvents(s.completed)
    given(...asked)
      .when(s.outcome({ status: 'declined', reason: 'insufficient_funds' }))
      .thenEvents(s.debitDeclined())
    given(...asked)
      .when(s.outcome({ status: 'declined', reason: '!' }))
      .thenEvents(s.debitDeclined('other'))
    for (const end of [s.completed, s.debitDeclined()])
      for (const status of ['completed', 'unknown'] as const)
        given(...asked, end)
          .when(s.outcome({ status }))
          .thenNothing()
  })

  test('of an unknown outcome is asked about less and less often', () => {
    const unknown = (when: string) => s.outcome({ status: 'unknown' }, when)
    const asked = [...open, s.debitRequested]
    given(...asked)
      .when(unknown(s.later))
      .thenEvents(s.debitUnknown(1, '2026-11-12T00:00:02.000Z'))
    const once = s.debitUnknown(1, '2026-11-12T00:00:02.000Z')
    given(...asked, once)
      .when(unknown('2026-11-12T00:00:01.000Z'))
      .thenNothing()
    given(...asked, once)
      .when(unknown('2026-11-12T00:00:02.000Z'))
      .thenEvents(s.debitUnknown(2, '2026-11-12T00:00:06.000Z', '2026-11-12T00:00:02.000Z'))
    given(...asked, once)
      .when(s.outcome({ status: 'completed' }))
      .thenEvents(s.completed)
  })

  test('declined because the payer took the mandate back at the bank: the mandate ends', () => {
    const revoked = s.outcome({ status: 'declined', reason: 'mandate_revoked' })
    const other = s.announced({ billId: s.otherBill })
    given(...open, other, s.debitRequested)
      .when(revoked)
      .thenEvents(
        s.debitDeclined('mandate_revoked'),
        s.canceled('bank', s.later),
        s.skipped('mandate_canceled', s.later, { billId: s.otherBill }),
      )
    given(...open, s.debitRequested, s.canceled())
      .when(revoked)
      .thenEvents(s.debitDeclined('mandate_revoked'))
  })

  test.each([[s.active], [open], [[...open, s.skipped('over_cap')]]])(
    'that was not asked for has no outcome',
    (events) => {
      expect(() => given(...events).when(s.outcome({ status: 'completed' }))).toThrow('was not asked for')
    },
  )
})

describe('the time of a debit', () => {
  test.each([
    [
      'on the due date, from seven in the morning',
      '2026-11-12',
      s.at,
      3,
      '2026-11-12',
      '2026-11-12T00:00:00.000Z',
    ],
    ['after the notice period, to the hour', '2026-11-06', s.at, 3, '2026-11-08', '2026-11-08T03:00:00.000Z'],
    [
      'notice period and due date the same day',
      '2026-11-08',
      s.at,
      3,
      '2026-11-08',
      '2026-11-08T03:00:00.000Z',
    ],
    ['overdue, without notice: at once', '2026-11-01', s.at, 0, '2026-11-05', s.at],
    [
      'at night: in the morning',
      '2026-11-01',
      '2026-11-05T18:00:00.000Z',
      0,
      '2026-11-06',
      '2026-11-06T00:00:00.000Z',
    ],
  ])('%s', (_what, dueOn, announcedAt, noticeDays, debitOn, debitAt) =>
    expect(debitTime(dueOn, announcedAt, noticeDays)).toEqual({ debitOn, debitAt }),
  )
})
