// A bank on a bad day: it carries out what it is sent, or refuses it, or never gets it, and its answers are lost. It keeps count.
import type { TransferOutcome } from '../../src/domain/payments/transfer.ts'
import type { OutgoingTransfer, TransferConnector } from '../../src/domain/payments/transferConnector.ts'
import type { Random } from './random.ts'

export type PretendBank = TransferConnector & {
  /** What it paid out, by transfer. */
  readonly paidOut: ReadonlyMap<string, bigint>
  /** Transfers that it was sent more than once: none, or money is lost. */
  readonly sentTwice: string[]
  /** From now on it answers what it is asked. */
  readonly recover: () => void
}

export function pretendBank(random: Random): PretendBank {
  const paidOut = new Map<string, bigint>()
  const seen = new Set<string>()
  const sentTwice: string[] = []
  let bad = true

  const send = async ({ transferId, amount }: OutgoingTransfer): Promise<TransferOutcome> => {
    if (seen.has(transferId)) sentTwice.push(transferId)
    seen.add(transferId)
    if (bad && random.oneIn(8)) throw new Error('it never got there')
    if (random.oneIn(6)) return { status: 'failed', reason: 'account closed' }
    paidOut.set(transferId, (paidOut.get(transferId) ?? 0n) + amount.minor)
    if (bad && random.oneIn(6)) throw new Error('paid, and the answer was lost')
    return bad && random.oneIn(6) ? { status: 'unknown' } : { status: 'completed' }
  }

  const ask = async ({ transferId }: { transferId: string }): Promise<TransferOutcome> => {
    if (bad && random.oneIn(3)) return { status: 'unknown' }
    return paidOut.has(transferId) ? { status: 'completed' } : { status: 'failed', reason: 'never received' }
  }

  const recover = () => {
    bad = false
  }
  return { send, ask, paidOut, sentTwice, recover }
}
