// A customer that is forgotten: once for each key that was destroyed.
import { test } from 'vitest'
import * as customer from '../../../src/domain/bills/customer.ts'
import { scenarios } from '../../support/given.ts'

const given = scenarios(customer)
const data = { billerId: 'mer_7K3MA', times: 1, forgottenAt: '2026-11-22T03:00:00.000Z' }
const forget = (changes: Partial<typeof data> = {}) =>
  ({ type: 'ForgetCustomer', data: { ...data, ...changes } }) as const
const forgotten = (changes: Partial<typeof data> = {}) =>
  ({ type: 'CustomerForgotten', data: { ...data, ...changes } }) as const

test('is recorded', () => given().when(forget()).thenEvents(forgotten()))

test('once, whenever it is asked for again', () =>
  given(forgotten())
    .when(forget({ forgottenAt: '2027-01-01T00:00:00.000Z' }))
    .thenNothing())

test('again, where there was a new key to destroy', () =>
  given(forgotten())
    .when(forget({ times: 2 }))
    .thenEvents(forgotten({ times: 2 })))

test('never backwards', () =>
  given(forgotten({ times: 2 }))
    .when(forget())
    .thenNothing())
