// The sandbox's way out: a pretend bank whose answer is decided by the last two digits of the amount, so that each can be played.
import type { TransferOutcome } from '../domain/payments/transfer.ts'
import type { OutgoingTransfer, TransferConnector } from '../domain/payments/transferConnector.ts'

/** …51 fails; …91 gives no answer until it is asked, and then was carried out; any other is carried out at once. */
export const sandboxTransfers: TransferConnector = {
  send: async (transfer) => (ending(transfer) === '91' ? { status: 'unknown' } : outcomeOf(transfer)),
  ask: async (transfer) => outcomeOf(transfer),
}

type Asked = Pick<OutgoingTransfer, 'amount'>

const outcomeOf = (transfer: Asked): TransferOutcome =>
  ending(transfer) === '51' ? { status: 'failed', reason: 'account closed' } : { status: 'completed' }

const ending = ({ amount }: Asked): string => amount.minor.toString().slice(-2)
