// Rows of a biller's file into the log, a batch at a time: each is recorded, so already, or in conflict with what is so.
import { type Bill, type BillCommand, decide, type UploadRejection } from '../domain/bills/bill.ts'
import { customerKey } from '../domain/bills/customer.ts'
import type { Loaded } from '../domain/core/commandHandling.ts'
import { billId, billName } from '../domain/core/ids.ts'
import type { IssueRow } from './billRow.ts'
import type { GoodRow } from './checkBills.ts'
import type { InputError } from './problem.ts'
import type { Services } from './services.ts'

export type BillUpload = {
  readonly billerId: string
  readonly uploadId: string
  /** When the file began to come. */
  readonly at: string
  readonly actor: string
}
export type RowOutcome = 'accepted' | 'unchanged' | InputError

const attemptsMax = 8

const conflicts: Readonly<Record<UploadRejection, string>> = {
  bill_unknown: 'No bill of this number was sent before.',
  bill_paid: 'This bill is paid, and is not changed any more.',
  bill_partly_paid: 'A part of this bill is paid: it is not changed any more, only reported as paid.',
  bill_payment_pending: 'A payment of this bill is under way. Send it again when that has ended.',
  bill_canceled: 'This bill was canceled. Send another under a new number.',
  bill_superseded: 'Another bill stands for this one now.',
}
const isConflict = (rejection: string): rejection is UploadRejection => Object.hasOwn(conflicts, rejection)
const conflict = (pointer: string, rejection: string): InputError => {
  if (!isConflict(rejection)) throw new Error(`a file cannot meet ${rejection}`)
  return { pointer, detail: conflicts[rejection], code: rejection }
}
const busy: InputError = { pointer: '', detail: 'This bill is being changed by others. Send it again.' }

/** A row with the bill as it is now. */
type Found = GoodRow & { readonly loaded: Loaded<Bill> }

/** What became of each row. Those that supersede come last: what they stand for may be in the same batch. */
export async function takeBills(
  rows: readonly GoodRow[],
  upload: BillUpload,
  services: Services,
): Promise<readonly RowOutcome[]> {
  const { bills } = services.gateway
  const found = await Promise.all(rows.map(async (row) => ({ ...row, loaded: await bills.load(row.id) })))
  const sealed = sealedCustomers(found, upload, services)
  const outcomes = await Promise.all(
    found.map((one, at) => (supersedes(one.row) ? undefined : record(one, sealed[at], upload, services))),
  )
  for (const [at, { row, id }] of rows.entries())
    if (supersedes(row)) outcomes[at] = await takeOver(id, row, upload, services)
  return outcomes.map((outcome) => outcome!)
}

const supersedes = (row: GoodRow['row']): row is IssueRow & { readonly supersedes: string } =>
  row.kind === 'issue' && row.supersedes !== undefined

/**
 * Sealed text is another each time: of who is the same person as before, what was sealed before is kept. Also of who was
 * forgotten since, whatever the row says: a file that is sent again must not bring the name back.
 */
function sealedBefore(
  { customer, customerCode }: IssueRow,
  before: Bill,
  { vault }: Services,
): string | undefined {
  if (customer === undefined || before.status === 'new' || before.customer === undefined) return undefined
  if (before.customerCode !== customerCode) return undefined // each is sealed under a key of its own
  const text = vault.open(before.customer)
  return text === undefined || text === customer ? before.customer : undefined
}

/** Who each bill is for, sealed; the keys that are missing are made together. */
function sealedCustomers(
  found: readonly Found[],
  upload: BillUpload,
  services: Services,
): readonly (string | undefined)[] {
  const kept = found.map(({ row, loaded }) =>
    row.kind === 'issue' ? sealedBefore(row, loaded.state, services) : undefined,
  )
  const named = found.filter(
    ({ row }, at) => row.kind === 'issue' && row.customer !== undefined && kept[at] === undefined,
  )
  services.vault.prepare(named.map(({ row }) => keyOf(upload, row as IssueRow)))
  return found.map(({ row }, at) =>
    row.kind === 'issue' ? (kept[at] ?? seal(row, upload, services)) : undefined,
  )
}

const keyOf = ({ billerId }: BillUpload, { customerCode }: IssueRow): string =>
  customerKey(billerId, customerCode)

/** Says that there was somebody, and cannot be opened. */
const sealedForNobody = 'v1..'

/** Who was forgotten after the file had begun to come is not named by it: only a later file is a new ground to. */
function seal(row: IssueRow, upload: BillUpload, { vault }: Services): string | undefined {
  if (row.customer === undefined) return undefined
  const key = keyOf(upload, row)
  const droppedAt = vault.erasure?.droppedAt(key)
  return droppedAt !== undefined && droppedAt >= upload.at ? sealedForNobody : vault.seal(key, row.customer)
}

const issue = (
  { kind: _, supersedes: __, customer: ___, ...terms }: IssueRow,
  customer: string | undefined,
  { billerId, uploadId, at }: BillUpload,
): Extract<BillCommand, { type: 'IssueBill' }> => ({
  type: 'IssueBill',
  data: { billerId, ...terms, ...(customer !== undefined && { customer }), uploadId, at },
})

async function record(
  { id, row, loaded: before }: Found,
  sealedFirst: string | undefined,
  upload: BillUpload,
  services: Services,
): Promise<RowOutcome> {
  const { bills } = services.gateway
  const { uploadId, at, actor } = upload
  let [loaded, sealed] = [before, sealedFirst]
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { version } = loaded
    const command: BillCommand =
      row.kind === 'issue'
        ? issue(row, sealed, upload)
        : { type: row.kind === 'cancel' ? 'CancelBill' : 'RecordPaidElsewhere', data: { uploadId, at } }
    const outcome = await bills.handle(id, command, { actor }, { loaded, ifVersion: version }) // who is sealed is compared with that version
    if (outcome.ok) return outcome.version > version ? 'accepted' : 'unchanged'
    const { rejection } = outcome
    if (isConflict(rejection)) return conflict('/billNumber', rejection)
    loaded = await bills.load(id)
    if (row.kind === 'issue') sealed = sealedBefore(row, loaded.state, services) ?? sealed
  }
  return busy
}

/** One bill instead of another: both are recorded together, or neither. */
async function takeOver(
  id: string,
  row: IssueRow & { readonly supersedes: string },
  upload: BillUpload,
  services: Services,
): Promise<RowOutcome> {
  const { bills, appendInOrder } = services.gateway
  const { billerId, uploadId, at, actor } = upload
  const oldId = billId(services.crypto.digest(billName(billerId, row.supersedes)))
  const supersede = { type: 'SupersedeBill', data: { uploadId, at, by: id } } as const
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const [{ state: old }, { state }] = [await bills.load(oldId), await bills.load(id)]
    const command = issue(row, sealedBefore(row, state, services) ?? seal(row, upload, services), upload)
    const [ending, beginning] = [decide(supersede, old), decide(command, state)]
    if (!ending.accepted) return conflict('/supersedes', ending.rejection)
    if (!beginning.accepted) return conflict('/billNumber', beginning.rejection)
    const proposals = [
      await bills.propose(oldId, supersede, { actor }),
      await bills.propose(id, command, { actor }),
    ]
    const appends = proposals.flatMap((proposal) => (proposal ? [proposal.append] : []))
    if (appends.length === 0) return 'unchanged'
    const results = await appendInOrder(appends)
    if (results.length === appends.length && results.every(({ status }) => status !== 'conflict'))
      return 'accepted'
  }
  return busy
}
