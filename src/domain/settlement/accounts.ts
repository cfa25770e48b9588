// The chart of accounts: where money can be in the books, and on which side each account grows.

export type Side = 'debit' | 'credit'

/** By name: the side on which it grows (assets: debit; what is owed, and income: credit). Names are published: add, never rename. */
export const accounts = {
  /** Money in the bank accounts that payers pay into and refunds, returns and payouts leave from. */
  bank_clearing: 'debit',
  /** What a wallet or other provider has collected and not paid out yet. */
  provider_receivable: 'debit',
  /** What the card acquirer owes for captured card payments. */
  acquirer_receivable: 'debit',
  /** Credits whose payment is still to be found: a moment, or as long as a crash lasts. */
  credits_to_match: 'credit',
  /** What was paid on payments that are not paid in full yet. */
  open_payments: 'credit',
  /** What arrived and is on no payment: the list of unapplied credits. */
  unapplied_funds: 'credit',
  /** Unapplied money on its way back to its sender. */
  returns_in_flight: 'credit',
  /** Unapplied money that nobody claimed in time. */
  escheated_funds: 'credit',
  /** What merchants are owed: takings, less refunds, fees and payouts. */
  merchant_payable: 'credit',
  /** Refunds on their way to payers. */
  refunds_in_flight: 'credit',
  /** Payouts on their way to merchants. */
  payouts_in_flight: 'credit',
  /** What is kept back of a merchant's money against chargebacks. */
  reserves: 'credit',
  /** Disputed card payments that the issuer has taken back while it decides. */
  chargebacks: 'debit',
  /** The gateway's fees, without the tax on them. */
  fee_income: 'credit',
  /** Value-added tax on fees, owed to the state. */
  vat_on_fees: 'credit',
  /** Differences of less than a minor unit: none so far, since every amount is rounded before it is recorded. */
  rounding: 'credit',
} as const satisfies Record<string, Side>

export type Account = keyof typeof accounts

export const accountNames = Object.keys(accounts) as readonly Account[]
export const isAccount = (name: string): name is Account => Object.hasOwn(accounts, name)
