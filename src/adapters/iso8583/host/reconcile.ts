// 0500 and 0520: the till's totals beside ours. The first close that differs asks for its records, the next one closes either way.
import type { Currency } from '../../../domain/core/money.ts'
import { answerTo, batchIdOf, type Close, type CloseResult } from '../../../domain/pos/batch.ts'
import { entriesBetween } from '../../../domain/pos/batchEntries.ts'
import { type BatchTotals, differencesOf, totalsOf } from '../../../domain/pos/batchTotals.ts'
import { currencyIn } from '../amounts.ts'
import type { Message } from '../message.ts'
import { settlementCode, totalsFromFields, totalsToFields } from '../reconciliation.ts'
import { code } from './codes.ts'
import { type CurrentBatch, currentBatch } from './currentBatch.ts'
import { traceIn } from './naming.ts'
import type { HostAnswer, HostPorts, Till } from './ports.ts'

const countsAuthorizations = 81

type Request = {
  readonly closeId: string
  readonly currency: Currency
  readonly claimed: BatchTotals
  /** Whether the till counts its authorizations; if not, ours are not held against it. */
  readonly withAuthorizations: boolean
}

export async function reconcile({ fields }: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const trace = traceIn(fields, ports.now())
  const claimed = totalsFromFields(fields)
  if (!trace || !claimed) return { responseCode: code.formatError }
  const currency = currencyIn({ ...(fields[50] !== undefined && { 49: fields[50] }) })
  if (!currency) return { responseCode: code.invalidTransaction }
  const closeId = `${trace.day}-${trace.stan}`
  const withAuthorizations = fields[countsAuthorizations] !== undefined
  const request = { closeId, currency, claimed, withAuthorizations }
  const current = await currentBatch(till.id, ports)
  return repeated(request, current) ?? close(request, current, till, ports)
}

/** The same close again is answered as before, also when its batch is closed by now. */
function repeated({ closeId, ...request }: Request, { known }: CurrentBatch): HostAnswer | undefined {
  for (const { number, batch } of known) {
    const earlier = answerTo(batch, closeId)
    if (!earlier) continue
    const same = differencesOf(completed(request, earlier.counted), earlier.claimed).length === 0
    return same ? answer(number, earlier) : { responseCode: code.duplicate }
  }
  return undefined
}

const completed = (
  { claimed, withAuthorizations }: Pick<Request, 'claimed' | 'withAuthorizations'>,
  { authorizationCount }: BatchTotals,
): BatchTotals => (withAuthorizations ? claimed : { ...claimed, authorizationCount })

async function close(
  request: Request,
  { number, opened, after }: CurrentBatch,
  till: Till,
  ports: HostPorts,
): Promise<HostAnswer> {
  const { batches, caughtUp, batchRecords, now } = ports
  const { closeId, currency } = request
  const at = now().toISOString()
  const id = batchIdOf(till.id, number)
  const upTo = await caughtUp()
  const records = await batchRecords(till.id, currency, after)
  const counted = totalsOf(entriesBetween(records, after, upTo))
  const metadata = { actor: till.id }
  if (!opened) {
    const { merchantId, siteId } = till.terminal
    const data = { merchantId, siteId, terminalId: till.id, batchNumber: number, currency, openedAt: at }
    await batches.handle(id, { type: 'OpenBatch', data }, metadata) // that it exists is well: the same close may come twice at once
  }
  const data = { closeId, claimed: completed(request, counted), counted, upTo, at }
  const outcome = await batches.handle(id, { type: 'CloseBatch', data }, metadata)
  if (!outcome.ok) return { responseCode: code.malfunction } // another close came between: the till asks again
  return answer(number, answerTo(outcome.state, closeId)!)
}

const responseCodes: Readonly<Record<CloseResult, string>> = {
  in_balance: code.approved,
  out_of_balance: code.reconciliationError,
  error: code.reconciliationError,
}

/** Our totals, and the number of the batch (DE60) for the till's receipt. */
const answer = (number: string, { counted, result }: Close): HostAnswer => ({
  responseCode: responseCodes[result],
  fields: { ...totalsToFields(counted), 60: number, 66: settlementCode[result] },
})
