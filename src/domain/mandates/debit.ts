// The debit of one bill under a mandate: announced, then skipped or asked for once, and asked about until its outcome is known.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, toData } from '../core/money.ts'
import { type Debit, type DebitCommand, type DebitEvent, mandateRevoked } from './debitEvents.ts'
import type { MandateEvent, MandateRejection, OpenedMandate } from './mandateEvents.ts'
import { partiesOf, reasonCode } from './parties.ts'
import { answerWithinMs, debitTime, later, nextAsk } from './times.ts'

type DebitDecision = Decision<MandateEvent, MandateRejection>
type DataOf<T extends DebitCommand['type']> = Extract<DebitCommand, { type: T }>['data']

export function decideDebit({ type, data }: DebitCommand, mandate: OpenedMandate): DebitDecision {
  switch (type) {
    case 'AnnounceDebit':
      return announce(data, mandate)
    case 'SkipDebit':
      return skip(data, mandate)
    case 'RequestDebit':
      return request(data, mandate)
    case 'RecordDebitOutcome':
      return conclude(data, mandate)
  }
}

/** Once for each bill; again only where it was skipped and something has happened since. Over the cap it is skipped at once. */
function announce(data: DataOf<'AnnounceDebit'>, mandate: OpenedMandate): DebitDecision {
  const { billId, amount, dueOn, because, at } = data
  if (mandate.status !== 'active') return accept()
  const earlier = mandate.debits.get(billId)
  if (earlier && !isNewsAfter(earlier, because)) return accept()
  const said = { ...partiesOf(mandate), billId, attempt: (earlier?.attempt ?? 0) + 1 }
  if (exceeds(fromData(amount), fromData(mandate.cap)))
    return accept({ type: 'DebitSkipped', data: { ...said, reason: 'over_cap', skippedAt: at } })
  const when = debitTime(dueOn, at, mandate.noticeDays)
  return accept({ type: 'DebitAnnounced', data: { ...said, amount, ...when, announcedAt: at } })
}

const isNewsAfter = ({ status, skippedAt }: Debit, because: string): boolean =>
  status === 'skipped' && skippedAt !== undefined && Date.parse(because) > Date.parse(skippedAt)

function skip({ billId, reason, at }: DataOf<'SkipDebit'>, mandate: OpenedMandate): DebitDecision {
  const debit = mandate.debits.get(billId)
  if (!debit) return reject('debit_not_announced')
  if (debit.status === 'skipped') return accept()
  if (debit.status !== 'announced') return reject('debit_already_requested')
  const data = { ...partiesOf(mandate), billId, attempt: debit.attempt, reason, skippedAt: at }
  return accept({ type: 'DebitSkipped', data })
}

/** Rejected where another gateway was first: who is accepted asks the bank, and nobody else. */
function request(data: DataOf<'RequestDebit'>, mandate: OpenedMandate): DebitDecision {
  const { billId, paymentId, amount, at } = data
  const debit = mandate.debits.get(billId)
  if (!debit || debit.status === 'skipped') return reject('debit_not_announced')
  if (debit.status !== 'announced') return reject('debit_already_requested')
  if (mandate.status !== 'active') return reject('mandate_not_active')
  if (Date.parse(at) < Date.parse(debit.debitAt!)) return reject('debit_not_due')
  if (exceeds(fromData(amount), fromData(mandate.cap))) return reject('debit_over_cap')
  const paying = { ...partiesOf(mandate), billId, paymentId, amount }
  const askAt = later(at, answerWithinMs)
  return accept({ type: 'DebitRequested', data: { ...paying, requestedAt: at, askAt } })
}

/** The first outcome stands. */
function conclude(
  { billId, outcome, at }: DataOf<'RecordDebitOutcome'>,
  mandate: OpenedMandate,
): DebitDecision {
  const debit = mandate.debits.get(billId)
  if (!debit || debit.status === 'announced' || debit.status === 'skipped')
    throw new Error(`the debit of ${billId} has an outcome and was not asked for`)
  if (debit.status === 'completed' || debit.status === 'declined') return accept()
  const said = { ...partiesOf(mandate), billId }
  const paying = { ...said, paymentId: debit.paymentId!, amount: toData(debit.amount!) }
  switch (outcome.status) {
    case 'completed':
      return accept({ type: 'DebitCompleted', data: { ...paying, completedAt: at } })
    case 'declined': {
      const reason = reasonCode(outcome.reason)
      const declined = { type: 'DebitDeclined', data: { ...paying, reason, declinedAt: at } } as const
      return accept<MandateEvent>(declined, ...(reason === mandateRevoked ? revoked(mandate, at) : []))
    }
    case 'unknown': {
      const { asks, askAt, status } = debit
      if (status === 'unknown' && askAt !== undefined && Date.parse(at) < Date.parse(askAt)) return accept() // asked just now, by another process
      const unknown = { asks: asks + 1, unknownAt: at, askAt: nextAsk(at, asks) }
      return accept({ type: 'DebitUnknown', data: { ...said, ...unknown } })
    }
  }
}

function revoked(mandate: OpenedMandate, at: string): MandateEvent[] {
  if (mandate.status === 'canceled') return []
  const data = { ...partiesOf(mandate), by: 'bank', canceledAt: at } as const
  return [{ type: 'MandateCanceled', data }, ...skipAnnounced(mandate, at)]
}

/** What is announced is not debited any more, because the mandate has ended. */
export const skipAnnounced = (mandate: OpenedMandate, at: string): DebitEvent[] =>
  [...mandate.debits.values()]
    .filter(({ status }) => status === 'announced')
    .map(({ billId, attempt }) => {
      const data = {
        ...partiesOf(mandate),
        billId,
        attempt,
        reason: 'mandate_canceled',
        skippedAt: at,
      } as const
      return { type: 'DebitSkipped', data }
    })

const commands = new Set<string>([
  'AnnounceDebit',
  'SkipDebit',
  'RequestDebit',
  'RecordDebitOutcome',
] satisfies DebitCommand['type'][])

export const isDebitCommand = (command: { type: string; data: object }): command is DebitCommand =>
  commands.has(command.type)
