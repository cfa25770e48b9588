// What a bank's statement is refused for, and exceptions refuse.
import type { Entry } from './entry.ts'

export const reconciliationProblems = {
  statement_unreadable: {
    status: 422,
    title: 'Not a bank statement that can be read',
    detail:
      'camt.053, camt.054, MT940 and CSV are read. "errors" says what is wrong; nothing of it was taken.',
  },
  statement_dtd_refused: {
    status: 422,
    title: 'A document type in XML',
    detail:
      'No bank needs document types or entities in a statement, and they can do harm. Nothing of it was taken.',
  },
  statement_balance_differs: {
    status: 422,
    title: 'The balances do not add up',
    detail:
      'Opening balance and lines are not the closing balance: a line is missing or wrong. Nothing of it was taken.',
  },
  statement_account_differs: {
    status: 422,
    title: 'Another account',
    detail: 'The file is of another account than was named, or of more than one. Nothing of it was taken.',
  },
  statement_account_unknown: {
    status: 422,
    title: 'Not an account of this gateway',
    detail:
      'No merchant has its money on this account. Name it by "bankBin" and "accountNumber" where the file does not. Nothing of it was taken.',
  },
  statement_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail:
      'The accounts here are in VND, and all lines of a statement are in one currency. Nothing of it was taken.',
  },
  statement_in_future: {
    status: 422,
    title: 'A line that is not booked yet',
    detail:
      'A line is booked on a day that has not come: check the file and the clock. Nothing of it was taken.',
  },
  statement_not_found: { status: 404, title: 'No such statement', detail: 'Check the id.' },
  statement_not_received: {
    status: 409,
    title: 'The statement is not there',
    detail: 'Send the file again.',
  },
  reconciliation_exception_not_found: { status: 404, title: 'No such exception', detail: 'Check the id.' },
  reconciliation_exception_resolved: {
    status: 409,
    title: 'The exception is resolved',
    detail: 'What it was is recorded, and stands.',
  },
} as const satisfies Record<string, Entry>
