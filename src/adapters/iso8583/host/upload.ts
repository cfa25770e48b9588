// 0320: one transaction of the till, sent because its batch did not agree with ours.
import { isBase32 } from '../../../domain/core/base32.ts'
import { paymentIdByRetrieval } from '../../../domain/payments/reference.ts'
import { batchIdOf, type UploadedRecord } from '../../../domain/pos/batch.ts'
import { isApproval } from '../../../domain/pos/responseCodes.ts'
import { amountIn } from '../amounts.ts'
import type { Fields, Message } from '../message.ts'
import { code } from './codes.ts'
import { currentBatch } from './currentBatch.ts'
import { retrievalLength } from './naming.ts'
import type { HostAnswer, HostPorts, Till } from './ports.ts'

const refusals: Readonly<Record<string, string>> = { record_differs: code.duplicate }

/** Only what was approved counts: what else a till uploads is taken note of by an answer. */
export async function upload({ fields }: Message, till: Till, ports: HostPorts): Promise<HostAnswer> {
  const record = recordIn(fields)
  if (typeof record === 'string') return { responseCode: record }
  if (!(await isReference(record.reference, till, ports))) return { responseCode: code.formatError }
  if (!isApproval(fields[39]!)) return { responseCode: code.approved }
  const { number } = await currentBatch(till.id, ports)
  const data = { ...record, at: ports.now().toISOString() }
  const command = { type: 'UploadRecord', data } as const
  const outcome = await ports.batches.handle(batchIdOf(till.id, number), command, { actor: till.id })
  const responseCode = outcome.ok ? code.approved : (refusals[outcome.rejection] ?? code.invalidTransaction)
  return { responseCode, fields: { 60: number } }
}

type TillRecord = Omit<UploadedRecord, 'at'> & { readonly reference: string }

const kinds: Readonly<Record<string, UploadedRecord['kind']>> = { '00': 'purchase', '20': 'refund' }

/**
 * Whether DE37 is what we answer there: it is kept for the report, and tills that put anything else there may put part of a
 * card number. Ours hold letters, but for one in a million; such a one is known.
 */
async function isReference(reference: string, till: Till, { payments }: HostPorts): Promise<boolean> {
  if (reference.length !== retrievalLength || !isBase32(reference)) return false
  if (/[A-Z]/.test(reference)) return true
  const { state } = await payments.load(paymentIdByRetrieval(till.terminal.merchantId, reference))
  return state.status !== 'new'
}

/** The transaction as the till has it, or what is wrong with it. A reversal says so in DE90, whose type is 0400 or 0420. */
function recordIn(fields: Fields): TillRecord | string {
  const { 3: processingCode, 11: stan, 37: reference, 39: responseCode, 90: original } = fields
  const amount = amountIn(fields)?.minor
  if (processingCode === undefined || stan === undefined || reference === undefined) return code.formatError
  if (responseCode === undefined || amount === undefined) return code.formatError
  const kind = kinds[processingCode.slice(0, 2)]
  if (!kind) return code.invalidTransaction
  const reversed = original !== undefined && /^04[02]/.test(original)
  const record = { stan, reference, amount: amount.toString() }
  const whole = reversed ? (`${kind}_reversal` as UploadedRecord['kind']) : kind
  return { recordId: `${whole} ${reference} ${stan}`, kind: whole, ...record }
}
