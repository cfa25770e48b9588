// By the clock: announced debits are carried out, and asked about until their outcome is known.
import { type Money, toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { MatchingBusy } from '../payments/matchCredit.ts'
import { referenceOf, transferText } from '../payments/reference.ts'
import type { DebitConnector, DebitOrder } from './debitConnector.ts'
import type { Debit, DebitCommand, DebitOutcome, SkipReason } from './debitEvents.ts'
import { askForPayment, cancelPayment, type DebitPaymentPorts } from './debitPayment.ts'
import type { OpenedMandate } from './mandateEvents.ts'
import { throwFirst } from './settled.ts'
import { hasCome } from './times.ts'

/** A debit to be looked at. */
export type DueDebit = { readonly mandateId: string; readonly billId: string; readonly dueAt: string }

export type DebitPorts = DebitPaymentPorts &
  Pick<Gateway, 'mandates'> & {
    readonly connector: DebitConnector
    /** Debits whose time has come, the longest due first, after one of them; may name some that are done. */
    readonly dueDebits: (
      now: string,
      after: DueDebit | undefined,
      limit: number,
    ) => Promise<readonly DueDebit[]>
  }

const batchMax = 100
const actor = 'mandates'

/**
 * Carries out what is due now, page by page. A bill that waits for another payment stays due. The list, projected from the
 * log, is its only memory, and each mandate's stream decides: of two gateways one debits.
 */
export async function runDebits(ports: DebitPorts): Promise<void> {
  const now = ports.now().toISOString()
  const results: PromiseSettledResult<void>[] = []
  let after: DueDebit | undefined
  for (;;) {
    const page = await ports.dueDebits(now, after, batchMax)
    const settled = await Promise.allSettled(page.map((due) => carryOut(ports, due)))
    results.push(...settled.filter(({ status }) => status === 'rejected'))
    if (page.length < batchMax) break
    after = page.at(-1)
  }
  throwFirst(results)
}

type About = { readonly mandateId: string; readonly mandate: OpenedMandate; readonly debit: Debit }

async function carryOut(ports: DebitPorts, { mandateId, billId }: DueDebit): Promise<void> {
  const { state: mandate } = await ports.mandates.load(mandateId)
  const debit = mandate.status === 'new' ? undefined : mandate.debits.get(billId)
  if (mandate.status === 'new' || !debit) return
  const about = { mandateId, mandate, debit }
  if (debit.status === 'announced' && hasCome(debit.debitAt!, ports.now())) return start(ports, about)
  if (debit.askAt !== undefined && hasCome(debit.askAt, ports.now()))
    return ask(ports, about, debit.paymentId!, debit.amount!)
}

/** The payment first, which locks the bill; then the mandate records that the bank is asked; then it is. */
async function start(ports: DebitPorts, about: About): Promise<void> {
  const { mandateId, mandate, debit } = about
  if (mandate.status === 'paused') return skip(ports, about, 'mandate_paused')
  const asked = await askForPayment(ports, mandateId, mandate, debit)
  if ('wait' in asked) return
  if ('skip' in asked) return skip(ports, about, asked.skip)
  const { paymentId, amount } = asked
  const data = { billId: debit.billId, paymentId, amount: toData(amount), at: ports.now().toISOString() }
  const outcome = await tell(ports, mandateId, { type: 'RequestDebit', data })
  if (outcome.ok) return send(ports, about, paymentId, amount)
  if (outcome.rejection === 'debit_already_requested') return // by another gateway
  await skip(ports, about, 'mandate_paused') // or canceled, which skipped it
  await cancelPayment(ports, paymentId)
}

async function send(ports: DebitPorts, about: About, paymentId: string, amount: Money): Promise<void> {
  const order = await orderOf(ports, about, paymentId, amount)
  await record(ports, about, await ports.connector.debit(order).catch(() => unknown))
}

async function ask(ports: DebitPorts, about: About, paymentId: string, amount: Money): Promise<void> {
  const order = await orderOf(ports, about, paymentId, amount)
  await record(ports, about, await ports.connector.ask(order).catch(() => unknown))
}

const unknown: DebitOutcome = { status: 'unknown' }

async function orderOf(
  { merchants }: DebitPorts,
  { mandateId, mandate: { billerId, token }, debit: { billId } }: About,
  paymentId: string,
  amount: Money,
): Promise<DebitOrder> {
  const { state: merchant } = await merchants.load(billerId)
  if (merchant.status === 'new') throw new Error(`a mandate for an unknown biller ${billerId}`)
  const { bankBin, accountNumber } = merchant.settlementAccount
  const content = transferText(referenceOf(paymentId))
  const to = { bankBin, accountNumber }
  return { debitId: `${mandateId}-${billId}`, mandateId, token, amount, to, content }
}

async function skip(ports: DebitPorts, { mandateId, debit }: About, reason: SkipReason): Promise<void> {
  const data = { billId: debit.billId, reason, at: ports.now().toISOString() }
  await tell(ports, mandateId, { type: 'SkipDebit', data })
}

/** Where this fails, the debit stays requested or unknown, and is asked about later. */
async function record(ports: DebitPorts, { mandateId, debit }: About, outcome: DebitOutcome): Promise<void> {
  const data = { billId: debit.billId, outcome, at: ports.now().toISOString() }
  await tell(ports, mandateId, { type: 'RecordDebitOutcome', data })
}

/** No command ids here: the stream itself knows what was asked for, and a sender must learn whether it was the first. */
async function tell({ mandates }: DebitPorts, mandateId: string, command: DebitCommand) {
  const outcome = await mandates.handle(mandateId, command, { actor, correlationId: mandateId })
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(mandateId)
  return outcome
}
