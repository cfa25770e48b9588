// The sandbox's debits: a pretend bank of payers that takes mandates by their token, and debits by the last two digits of the amount.
import { base32 } from '../domain/core/base32.ts'
import type { DebitConnector, DebitOrder } from '../domain/mandates/debitConnector.ts'
import type { DebitOutcome } from '../domain/mandates/debitEvents.ts'
import { sandboxPayer, sendAsBank } from './sandbox.ts'
import type { Services } from './services.ts'

/**
 * A token with `declined` in it is declined, one with `pending` is never decided. …51 is declined; …91 gives no answer
 * until it is asked, and then is carried out; any other amount is debited at once: the sandbox bank sends the money.
 */
export const sandboxDebits = (services: Services): DebitConnector => ({
  register: async ({ token }) => {
    if (token.includes('declined')) return { status: 'declined', reason: 'account_closed' }
    if (token.includes('pending')) return { status: 'pending' }
    return { status: 'active', last4: sandboxPayer.accountNumber.slice(-4) }
  },
  debit: async (order) => (ending(order) === '91' ? { status: 'unknown' } : carryOut(order, services)),
  ask: (order) => carryOut(order, services),
})

const ending = ({ amount }: DebitOrder): string => amount.minor.toString().slice(-2)

/** The transfer is named by its debit: carried out again, it is the same one. */
async function carryOut(order: DebitOrder, services: Services): Promise<DebitOutcome> {
  if (ending(order) === '51') return { status: 'declined', reason: 'insufficient_funds' }
  const { debitId, amount, to, content } = order
  const notification = {
    transactionId: `SD${base32(services.crypto.digest(debitId), 16)}`,
    ...to,
    amount: amount.minor.toString(),
    currency: 'VND',
    content,
    payer: sandboxPayer,
    occurredAt: services.now().toISOString(),
  }
  await sendAsBank(notification, {}, services)
  return { status: 'completed' }
}
