// An outgoing transfer: money sent back to the account that a credit came from, at most once. Its owner's stream records its life.
import { accept, type Decision, type Event, reject } from '../core/decider.ts'
import { fromData, type Money, type MoneyData, toData } from '../core/money.ts'

/** What is to be sent: the money, and the credit whose sender gets it. */
export type TransferOrder = {
  /** The owner's id and a number, so that a transfer names the stream that records it: `ref_…-1`, `crd_…-1`. */
  readonly transferId: string
  readonly creditId: string
  readonly amount: MoneyData
}

/** What a bank says became of a transfer. `unknown`: no answer, or none yet. It may or may not have been carried out. */
export type TransferOutcome =
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'unknown' }

export type TransferStatus = 'requested' | 'sent' | 'unknown' | 'completed' | 'failed'

export type Transfer = {
  readonly transferId: string
  readonly creditId: string
  readonly amount: Money
  readonly status: TransferStatus
  /** How often the bank was asked and did not know. */
  readonly asks: number
  /** When to ask (again), while the outcome is open. */
  readonly askAt?: string
  readonly failure?: string
}

export type TransferCommand =
  | { type: 'SendTransfer'; data: { transferId: string; at: string } }
  /** It cannot be sent at all. */
  | { type: 'AbandonTransfer'; data: { transferId: string; at: string; reason: string } }
  | { type: 'RecordOutcome'; data: { transferId: string; at: string; outcome: TransferOutcome } }

export type TransferRejection = 'transfer_not_found' | 'transfer_already_sent'

type Facts = {
  /** Recorded before the bank is called: whatever happens then, it is never sent again, only asked about. */
  sent: { readonly transferId: string; readonly sentAt: string; readonly askAt: string }
  unknown: {
    readonly transferId: string
    readonly asks: number
    readonly unknownAt: string
    readonly askAt: string
  }
  completed: { readonly transferId: string; readonly amount: MoneyData; readonly completedAt: string }
  failed: {
    readonly transferId: string
    readonly amount: MoneyData
    readonly reason: string
    readonly failedAt: string
  }
}
type Fact = keyof Facts
type Names = Readonly<Record<Fact, string>>

/** The four events of a transfer under an owner's own names, with what the owner adds to each. */
export type TransferEvent<N extends Names, Added = object> = {
  [F in Fact]: { readonly type: N[F]; readonly data: Facts[F] & Added }
}[Fact]

/** The bank has this long to answer before it is asked; a connector gives up sooner, and then says `unknown`. */
const answerWithinMs = 60_000
const firstAskMs = 2_000
const askEveryMaxMs = 6 * 3_600_000

export const requestedTransfer = ({ transferId, creditId, amount }: TransferOrder): Transfer => ({
  transferId,
  creditId,
  amount: fromData(amount),
  status: 'requested',
  asks: 0,
})

/** Whether its money is on its way or arrived: a failed transfer has given it back to its owner. */
export const holdsMoney = ({ status }: Transfer): boolean => status !== 'failed'

/** The stream's id inside a transfer's. */
export const ownerOf = (transferId: string): string => transferId.slice(0, transferId.lastIndexOf('-'))

/** The rules of a transfer for an owner that calls its events by these names; `added` says of each what the owner wants said. */
export function transferLife<const N extends Names, Added extends object>(
  names: N,
  added: (transferId: string) => Added,
) {
  type Recorded = TransferEvent<N, Added>

  const fact = <F extends Fact>(name: F, data: Facts[F]): Recorded =>
    ({ type: names[name], data: { ...added(data.transferId), ...data } }) as Recorded

  function decide(
    { type, data }: TransferCommand,
    transfer: Transfer | undefined,
  ): Decision<Recorded, TransferRejection> {
    if (!transfer) return reject('transfer_not_found')
    const { transferId, at } = data
    if (type === 'RecordOutcome') return conclude(transfer, at, data.outcome)
    if (transfer.status !== 'requested') return reject('transfer_already_sent') // by another gateway
    if (type === 'AbandonTransfer') return fail(transfer, at, data.reason)
    return accept(fact('sent', { transferId, sentAt: at, askAt: later(at, answerWithinMs) }))
  }

  function conclude(
    transfer: Transfer,
    at: string,
    outcome: TransferOutcome,
  ): Decision<Recorded, TransferRejection> {
    const { transferId, amount, status, asks, askAt } = transfer
    if (status === 'requested') throw new Error(`${transferId} has an outcome and was not sent`)
    if (status === 'completed' || status === 'failed') return accept()
    if (outcome.status === 'completed')
      return accept(fact('completed', { transferId, amount: toData(amount), completedAt: at }))
    if (outcome.status === 'failed') return fail(transfer, at, outcome.reason)
    const askedJustNow = status === 'unknown' && askAt !== undefined && Date.parse(at) < Date.parse(askAt)
    if (askedJustNow) return accept() // by another process
    const waitMs = Math.min(firstAskMs * 2 ** asks, askEveryMaxMs)
    return accept(fact('unknown', { transferId, asks: asks + 1, unknownAt: at, askAt: later(at, waitMs) }))
  }

  const fail = ({ transferId, amount }: Transfer, at: string, reason: string): Decision<Recorded, never> =>
    accept(fact('failed', { transferId, amount: toData(amount), reason, failedAt: at }))

  const kinds = new Map<string, Fact>(Object.entries(names).map(([kind, name]) => [name, kind as Fact]))

  const isTransferEvent = (event: Event): event is Recorded => kinds.has(event.type)

  function evolve(transfer: Transfer, { type, data }: Recorded): Transfer {
    const { askAt: _, ...rest } = transfer
    const status = kinds.get(type)!
    return {
      ...rest,
      status,
      ...('asks' in data && { asks: data.asks }),
      ...('askAt' in data && { askAt: data.askAt }),
      ...('reason' in data && { failure: data.reason }),
    }
  }

  return { decide, evolve, isTransferEvent }
}

const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString()
