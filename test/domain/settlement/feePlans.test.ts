// Fee plans: one in force a day and currency, replaced as a whole, with terms by monthly volume.
import { describe, expect, test } from 'vitest'
import * as feePlans from '../../../src/domain/settlement/feePlans.ts'
import { type DatedFeePlan, planOn, termsOf } from '../../../src/domain/settlement/feePlans.ts'
import * as feeVolume from '../../../src/domain/settlement/feeVolume.ts'
import { monthBefore, volumeOf } from '../../../src/domain/settlement/feeVolume.ts'
import { scenarios } from '../../support/given.ts'

const at = '2026-11-22T03:00:00.000Z'
const plan = (
  effectiveFrom: string,
  effectiveTo?: string,
  changes: Partial<DatedFeePlan> = {},
): DatedFeePlan => ({
  currency: 'VND',
  effectiveFrom,
  ...(effectiveTo !== undefined && { effectiveTo }),
  rate: '0.5',
  fixed: '0',
  ...changes,
})
const set = (...plans: DatedFeePlan[]) => ({ type: 'SetFeePlans', data: { plans, at } }) as const
const wereSet = (...plans: DatedFeePlan[]) => ({ type: 'FeePlansSet', data: { plans, setAt: at } }) as const

describe('plans', () => {
  const given = scenarios(feePlans)
  const [year, next] = [plan('2026-01-01', '2026-12-31'), plan('2027-01-01')]

  test('are set as a whole, in the order of their dates, the tiers with the largest first', () => {
    given().when(set(next, year)).thenEvents(wereSet(year, next))
    const tier = (volumeFrom: string) => ({ volumeFrom, rate: '0.1', fixed: '0' })
    given()
      .when(set(plan('2026-01-01', undefined, { tiers: [tier('900'), tier('1000')] })))
      .thenEvents(wereSet(plan('2026-01-01', undefined, { tiers: [tier('1000'), tier('900')] })))
    given(wereSet(year, next)).when(set(next)).thenEvents(wereSet(next))
    given(wereSet(year)).when(set()).thenEvents(wereSet())
  })

  test('the same again, in any order, are nothing new', () => {
    given(wereSet(year, next)).when(set(year, next)).thenNothing()
    given(wereSet(year, next)).when(set(next, year)).thenNothing()
    given().when(set()).thenNothing()
  })

  test.each([
    ['a day in common', plan('2026-01-01', '2026-06-30'), plan('2026-06-30')],
    ['one within the other', plan('2026-01-01'), plan('2026-03-01', '2026-03-31')],
    [
      'one that ends after the other began',
      plan('2026-03-01', '2026-03-31'),
      plan('2026-01-01', '2026-03-01'),
    ],
    ['both without an end', plan('2026-01-01'), plan('2027-01-01')],
  ])('that overlap are refused: %s', (_what, a, b) => {
    given().when(set(a, b)).thenRejected('fee_plans_overlap')
    expect(feePlans.overlapIn([plan('2020-01-01', '2020-01-01'), a, b])).toEqual([1, 2])
  })

  test('of two currencies do not overlap', () => {
    const dollars = plan('2026-01-01', undefined, { currency: 'USD' })
    given()
      .when(set(dollars, plan('2026-01-01')))
      .thenEvents(wereSet(dollars, plan('2026-01-01')))
  })

  test('are in force from the first day to the last', () => {
    const state = { plans: [plan('2026-03-01', '2026-03-31'), plan('2026-05-01')] }
    const inForce = (date: string) => planOn(state, 'VND', date)?.effectiveFrom
    expect(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01', '2030-01-01'].map(inForce)).toEqual([
      undefined,
      '2026-03-01',
      '2026-03-01',
      undefined,
      '2026-05-01',
    ])
    expect(planOn(state, 'USD', '2026-03-01')).toBeUndefined()
  })
})

test('a tier replaces all terms but the tax once its volume is reached', () => {
  const tiers = [
    { volumeFrom: '1000', rate: '0.2', fixed: '0' },
    { volumeFrom: '100', rate: '0.3', fixed: '7', cap: '50' },
  ]
  const tiered = plan('2026-01-01', undefined, { minimum: '5', vatRate: '10', tiers })
  expect([0n, 99n, 100n, 999n, 1000n].map((volume) => termsOf(tiered, volume))).toEqual([
    { rate: '0.5', fixed: '0', minimum: '5', vatRate: '10' },
    { rate: '0.5', fixed: '0', minimum: '5', vatRate: '10' },
    { rate: '0.3', fixed: '7', cap: '50', vatRate: '10' },
    { rate: '0.3', fixed: '7', cap: '50', vatRate: '10' },
    { rate: '0.2', fixed: '0', vatRate: '10' },
  ])
})

describe('the monthly volume', () => {
  const given = scenarios(feeVolume)
  const volumes = [{ method: 'qr', amount: { amount: '1000', currency: 'VND' } }] as const
  const record = (month: string) => ({ type: 'RecordFeeVolume', data: { month, volumes, at } }) as const
  const recorded = (month: string) => ({ type: 'FeeVolumeRecorded', data: { month, volumes, at } }) as const

  test('is recorded once a month: the first record stands', () => {
    given().when(record('2026-10')).thenEvents(recorded('2026-10'))
    given(recorded('2026-10')).when(record('2026-10')).thenNothing()
    given(recorded('2026-10')).when(record('2026-09')).thenNothing()
    given(recorded('2026-10')).when(record('2026-11')).thenEvents(recorded('2026-11'))
  })

  test('is of a method and a currency', () => {
    const state = feeVolume.evolve(feeVolume.initialState(), recorded('2026-10'))
    expect([
      volumeOf(state, 'qr', 'VND'),
      volumeOf(state, 'qr', 'USD'),
      volumeOf(state, 'card', 'VND'),
    ]).toEqual([1000n, 0n, 0n])
  })

  test.each([
    ['2026-11-22', '2026-10'],
    ['2026-10-01', '2026-09'],
    ['2027-01-31', '2026-12'],
  ])('that counts on %s is of %s', (date, month) => expect(monthBefore(date)).toBe(month))
})
