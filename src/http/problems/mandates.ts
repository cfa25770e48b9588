// What mandates and their debits refuse.
import type { Entry } from './entry.ts'

const conflict = (title: string, detail: string): Entry => ({ status: 409, title, detail })

export const mandateProblems = {
  mandate_exists: conflict('The mandate exists', 'Send the request again.'),
  mandate_not_found: { status: 404, title: 'No such mandate', detail: 'Check the mandate id.' },
  mandate_not_active: conflict(
    'The mandate is not active yet',
    "The payer's bank has not taken it. Read the mandate to see.",
  ),
  mandate_ended: conflict('The mandate has ended', 'It was declined or canceled. Ask for a new one.'),
  debit_not_announced: conflict('No such debit', 'This bill is not announced under the mandate.'),
  debit_already_requested: conflict('The bank was asked', 'A bill is debited once under a mandate.'),
  debit_not_due: conflict('The notice period is not over', 'Nothing is debited before.'),
  debit_over_cap: conflict('More than the cap', 'The payer has agreed to less for one bill.'),
  debits_unavailable: conflict(
    'No account can be debited from here',
    'No debit connector is configured. Ask for a payment of the bills instead.',
  ),
} as const satisfies Record<string, Entry>
