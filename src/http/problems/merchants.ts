// What merchants, their sites, terminals, keys, connectors and fee plans refuse.
import type { Entry } from './entry.ts'

export const merchantProblems = {
  fee_plans_overlap: {
    status: 422,
    title: 'Two fee plans hold on one day',
    detail: 'One plan a day and currency: end the earlier one the day before the later begins.',
  },
  merchant_exists: { status: 409, title: 'The merchant exists', detail: 'Send the request again.' },
  merchant_not_found: { status: 404, title: 'No such merchant', detail: 'Check the merchant id.' },
  site_exists: { status: 409, title: 'The site exists', detail: 'Send the request again.' },
  terminal_exists: { status: 409, title: 'The terminal exists', detail: 'Send the request again.' },
  terminal_not_found: { status: 404, title: 'No such terminal', detail: 'Check the activation code.' },
  terminal_already_activated: {
    status: 409,
    title: 'The code has been used',
    detail: 'An activation code is good for one use. Register the terminal anew.',
  },
  terminal_not_activated: {
    status: 409,
    title: 'Not activated yet',
    detail: 'The terminal has no key to replace. Activate it by its code.',
  },
  terminal_blocked: {
    status: 403,
    title: 'The terminal is blocked',
    detail:
      'Nothing is taken from it until its merchant or the operator unblocks it. Its key stays the same.',
  },
  terminal_blocked_by_operator: {
    status: 409,
    title: 'Blocked by the operator',
    detail: 'Only the operator can unblock this terminal: ask there why it is blocked.',
  },
  terminal_revoked: {
    status: 409,
    title: 'The terminal is revoked',
    detail: 'That is for ever. Register the machine as a new terminal.',
  },
  terminal_key_replaced: {
    status: 409,
    title: 'The key has been replaced',
    detail: 'Only the newest key can ask for the next. Use it, or let the merchant rotate.',
  },
  key_exists: { status: 409, title: 'The key exists', detail: 'Send the request again.' },
  key_not_found: { status: 404, title: 'No such key', detail: 'Check the key id.' },
  connector_exists: { status: 409, title: 'The connector exists', detail: 'Send the request again.' },
} as const satisfies Record<string, Entry>
