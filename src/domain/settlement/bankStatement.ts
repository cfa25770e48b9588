// A bank statement, whatever file it came in: whose account, what was on it before and after, and each line of money between.
import type { MoneyData } from '../core/money.ts'

export const statementFormats = ['camt.053', 'camt.054', 'mt940', 'csv'] as const
export type StatementFormat = (typeof statementFormats)[number]

/** `credit`: money came in. Of a reversal, the way that its own money went. */
export type Direction = 'credit' | 'debit'

export type StatementLine = {
  /** From 1, in the order of the file. */
  readonly line: number
  readonly direction: Direction
  readonly amount: MoneyData
  /** Business dates. */
  readonly bookedOn: string
  readonly valueOn: string
  /** The instant of the booking, RFC 3339 UTC, where the bank says it. */
  readonly bookedAt?: string
  /** What the bank itself calls the transaction, the best name first. */
  readonly bankReferences: readonly string[]
  /** What the one who sent the money calls it. */
  readonly endToEndId?: string
  /** Takes back an earlier line: never new money. */
  readonly reversal: boolean
  /** Personal data: not for events or logs. */
  readonly text: string
  /** The other side's account, as the bank writes it. Personal data. */
  readonly counterparty?: { readonly bank?: string; readonly accountNumber: string }
}

export type StatementHead = {
  readonly format: StatementFormat
  readonly accountNumber: string
  /** The bank as the file names it: a BIN or a BIC. */
  readonly bank?: string
  readonly currency: string
  /** Minor units, below zero for an overdraft; absent where the file does not say. */
  readonly opening?: bigint
  readonly closing?: bigint
  /** Business dates, both included. */
  readonly from: string
  readonly to: string
}

/** Everything that a bank must have booked is on it: camt.054 only notifies of some. */
export const isComplete = ({ format }: Pick<StatementHead, 'format'>): boolean => format !== 'camt.054'

/** What a line adds to the balance. */
export const signed = ({ direction, amount }: Pick<StatementLine, 'direction' | 'amount'>): bigint =>
  direction === 'credit' ? BigInt(amount.amount) : -BigInt(amount.amount)
