// A biller's rules: who is one, which customer codes fit, and what is charged for being late.
import { describe, expect, test } from 'vitest'
import * as biller from '../../../src/domain/bills/biller.ts'
import { customerCodeKey, fitsRule } from '../../../src/domain/bills/customerCode.ts'
import { lateFee } from '../../../src/domain/bills/lateFee.ts'
import { money } from '../../../src/domain/core/money.ts'
import { sectors } from '../../../src/domain/merchants/sectors.ts'
import { scenarios } from '../../support/given.ts'
import { fullProfile, plainProfile } from './samples.ts'

const given = scenarios(biller)
const setAt = '2026-11-22T03:00:00.000Z'
const later = '2026-11-23T03:00:00.000Z'
const set = (profile: biller.BillProfile, at = setAt): biller.BillerEvent => ({
  type: 'BillProfileSet',
  data: { profile, setAt: at },
})

describe('a profile', () => {
  const change = (profile: biller.BillProfile) =>
    ({ type: 'SetBillProfile', data: { profile, setAt: later } }) as const

  test('is set, and set again when it differs', () => {
    given().when(change(plainProfile)).thenEvents(set(plainProfile, later))
    given(set(plainProfile)).when(change(fullProfile)).thenEvents(set(fullProfile, later))
  })

  test('that is so already is nothing new', () => {
    given(set(plainProfile))
      .when(change({ ...plainProfile }))
      .thenNothing()
  })

  test('is for those who send bills', () => {
    expect(sectors.filter(biller.sendsBills)).toEqual(['electricity', 'water', 'telecom', 'public-service'])
  })
})

describe('a customer code', () => {
  test.each([
    ['PD13000123456', true],
    ['PE130001234', true], // 11 characters, an older one
    ['PD130001234567', false],
    ['PD13000123', false],
    ['HD13000123456', false],
    ['P113000123456', false],
    ['PD1300012345O', false],
    ['', false],
  ])('"%s" is EVN\'s or not', (code, fits) => {
    expect(fitsRule(code, { check: 'evn' })).toBe(fits)
  })

  test.each([
    ['HN123456', true],
    ['HN12345A', false],
    ['HN12345', false],
    ['KHAB12CD', true],
    ['KHA112CD', false],
    ['KHAB12C.', false],
  ])('"%s" fits one of the patterns or none', (code, fits) => {
    expect(fitsRule(code, fullProfile.customerCode)).toBe(fits)
  })

  test('is the same in small letters and groups', () => {
    expect(customerCodeKey(' pd13 000-123.456 ')).toBe('PD13000123456')
  })
})

describe('the late fee', () => {
  const due = '2026-11-12'
  const rate = { kind: 'rate', percentPerDay: '0.03', graceDays: 3 } as const
  const of = (minor: bigint, at: string, rule: Parameters<typeof lateFee>[2] = rate) =>
    lateFee(money(minor, 'VND'), due, rule, at).minor

  test.each([
    ['on the due date', '2026-11-12T16:59:59Z', 0n],
    ['on the last day of grace, in Vietnam', '2026-11-15T16:59:59Z', 0n],
    ['a second later: four days, not one', '2026-11-15T17:00:00Z', 1_200n],
    ['a month later', '2026-12-12T03:00:00Z', 9_000n],
    ['long before', '2026-01-01T00:00:00Z', 0n],
  ])('%s', (_when, at, fee) => {
    expect(of(1_000_000n, at)).toBe(fee)
  })

  test('is rounded half even', () => {
    const once = { kind: 'rate', percentPerDay: '1', graceDays: 0 } as const
    expect([50n, 150n, 250n, 151n].map((minor) => of(minor, '2026-11-13T03:00:00Z', once))).toEqual([
      0n,
      2n,
      2n,
      2n,
    ])
  })

  test('is exact where a float is not', () => {
    expect(of(999_999_999_999_999n, '2026-11-16T03:00:00Z')).toBe(1_200_000_000_000n)
  })

  test('may be fixed, or none', () => {
    const fixed = { kind: 'fixed', fixed: '98000', graceDays: 7 } as const
    expect(of(1n, '2026-11-19T03:00:00Z', fixed)).toBe(0n)
    expect(of(1n, '2026-11-20T03:00:00Z', fixed)).toBe(98_000n)
    expect(lateFee(money(5n, 'USD'), due, undefined, later)).toEqual(money(0n, 'USD'))
  })
})
