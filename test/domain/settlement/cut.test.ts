// The rules of cuts: one after the other, each settled before the next.
import { test } from 'vitest'
import * as cut from '../../../src/domain/settlement/cut.ts'
import { scenarios } from '../../support/given.ts'

const given = scenarios(cut)
const at = '2026-11-22T17:00:05.000Z'
const place = (cutOff: string, position: string) => ({
  cutOff,
  cutAt: '2026-11-22T17:00:00.000Z',
  position,
})
const data = (businessDate: string, final: boolean) => ({
  businessDate,
  places: [place('24:00', '0000000000000042')],
  final,
  takenAt: at,
})
const take = (date: string, final = true) => ({ type: 'TakeCut', data: data(date, final) }) as const
const taken = (number: number, date: string, final = true): cut.CutEvent => ({
  type: 'SettlementCutTaken',
  data: { number, ...data(date, final) },
})
const complete = (number: number) => ({ type: 'CompleteCut', data: { number, at } }) as const
const completed = (number: number, businessDate: string, final = true): cut.CutEvent => ({
  type: 'SettlementCutCompleted',
  data: { number, businessDate, final, completedAt: at },
})

test('cuts are numbered', () => {
  given().when(take('2026-11-22')).thenEvents(taken(1, '2026-11-22'))
  given(taken(1, '2026-11-22'), completed(1, '2026-11-22'))
    .when(take('2026-11-23'))
    .thenEvents(taken(2, '2026-11-23'))
})

test('none is taken while one is open', () =>
  given(taken(1, '2026-11-22')).when(take('2026-11-23')).thenNothing())

test('a date is cut again until it is over, and then no more', () => {
  const cutEarly = [taken(1, '2026-11-22', false), completed(1, '2026-11-22', false)] as const
  given(...cutEarly)
    .when(take('2026-11-22'))
    .thenEvents(taken(2, '2026-11-22'))
  given(...cutEarly, taken(2, '2026-11-22'), completed(2, '2026-11-22'))
    .when(take('2026-11-22'))
    .thenRejected('business_date_closed')
  given(taken(1, '2026-11-22'), completed(1, '2026-11-22'))
    .when(take('2026-11-21'))
    .thenRejected('business_date_closed')
})

test('one is completed once', () => {
  given(taken(1, '2026-11-22')).when(complete(1)).thenEvents(completed(1, '2026-11-22'))
  given(taken(1, '2026-11-22'), completed(1, '2026-11-22')).when(complete(1)).thenNothing()
  given(taken(1, '2026-11-22')).when(complete(2)).thenNothing()
})
