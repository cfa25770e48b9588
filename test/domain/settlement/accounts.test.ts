// The chart of accounts: names are for ever, and the tables of the books have a column for each.
import { expect, test } from 'vitest'
import { ledgerDays, ledgerMinutes } from '../../../projections/ledger.ts'
import { accounts } from '../../../src/domain/settlement/accounts.ts'

test('one more account is one more column: raise the names of both tables, so that they are filled anew', () => {
  expect([ledgerDays.name, ledgerMinutes.name]).toEqual(['ledger_days_v1', 'ledger_minutes_v1'])
  expect(accounts).toEqual({
    bank_clearing: 'debit',
    provider_receivable: 'debit',
    acquirer_receivable: 'debit',
    credits_to_match: 'credit',
    open_payments: 'credit',
    unapplied_funds: 'credit',
    returns_in_flight: 'credit',
    escheated_funds: 'credit',
    merchant_payable: 'credit',
    refunds_in_flight: 'credit',
    payouts_in_flight: 'credit',
    reserves: 'credit',
    chargebacks: 'debit',
    fee_income: 'credit',
    vat_on_fees: 'credit',
    rounding: 'credit',
  })
})
