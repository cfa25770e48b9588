// Rows of a biller's file into the log, a batch at a time: each is recorded, so already, or in conflict with what is so.
import { type BillCommand, decide, type UploadRejection } from '../domain/bills/bill.ts'
import { billId, billName } from '../domain/core/ids.ts'
import type { BillRow, IssueRow } from './billRow.ts'
import type { InputError } from './problem.ts'
import type { Services } from './services.ts'

export type BillUpload = {
  readonly billerId: string
  readonly uploadId: string
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

/** What became of each row. Those that supersede come last: what they stand for may be in the same batch. */
export async function takeBills(
  rows: readonly BillRow[],
  upload: BillUpload,
  services: Services,
): Promise<readonly RowOutcome[]> {
  const named = rows.filter((row): row is IssueRow => row.kind === 'issue' && row.customer !== undefined)
  services.vault.prepare(named.map(({ customerCode }) => customerKey(upload.billerId, customerCode)))
  const outcomes = await Promise.all(
    rows.map((row) => (supersedes(row) ? undefined : take(row, upload, services))),
  )
  for (const [at, row] of rows.entries())
    if (supersedes(row)) outcomes[at] = await takeOver(row, row.supersedes, upload, services)
  return outcomes.map((outcome) => outcome!)
}

const supersedes = (row: BillRow): row is IssueRow & { readonly supersedes: string } =>
  row.kind === 'issue' && row.supersedes !== undefined

/** The key under which a customer's name, phone and address are sealed: the same on all bills of one biller. */
const customerKey = (billerId: string, customerCode: string): string =>
  `bills of ${billerId} to ${customerCode}`

const busy: InputError = { pointer: '', detail: 'This bill is being changed by others. Send it again.' }

const idOf = (billNumber: string, { billerId }: BillUpload, { crypto }: Services): string =>
  billId(crypto.digest(billName(billerId, billNumber)))

async function take(row: BillRow, upload: BillUpload, services: Services): Promise<RowOutcome> {
  const { bills } = services.gateway
  const id = idOf(row.billNumber, upload, services)
  const { uploadId, at, actor } = upload
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { state, version } = await bills.load(id)
    const command: BillCommand =
      row.kind === 'issue'
        ? issue(row, state.status === 'new' ? undefined : state.customer, upload, services)
        : { type: row.kind === 'cancel' ? 'CancelBill' : 'RecordPaidElsewhere', data: { uploadId, at } }
    const outcome = await bills.handle(
      id,
      command,
      { actor },
      { expectNew: version === 0, ifVersion: version }, // who is sealed is compared with that version
    )
    if (outcome.ok) return outcome.version > version ? 'accepted' : 'unchanged'
    const { rejection } = outcome
    if (isConflict(rejection)) return conflict('/billNumber', rejection)
  }
  return busy
}

const isConflict = (rejection: string): rejection is UploadRejection => Object.hasOwn(conflicts, rejection)

const conflict = (pointer: string, rejection: string): InputError => {
  if (!isConflict(rejection)) throw new Error(`a file cannot meet ${rejection}`)
  return { pointer, detail: conflicts[rejection], code: rejection }
}

/** Sealed text is another each time: who is the same person as before keeps what was sealed before. */
function issue(
  { kind: _, supersedes: __, customer, ...terms }: IssueRow,
  before: string | undefined,
  { billerId, uploadId, at }: BillUpload,
  { vault }: Services,
): Extract<BillCommand, { type: 'IssueBill' }> {
  const same = customer !== undefined && before !== undefined && vault.open(before) === customer
  const seal = () => vault.seal(customerKey(billerId, terms.customerCode), customer!)
  const sealed = customer === undefined ? undefined : same ? before : seal()
  const data = { billerId, ...terms, ...(sealed !== undefined && { customer: sealed }), uploadId, at }
  return { type: 'IssueBill', data }
}

/** One bill instead of another: both are recorded together, or neither. */
async function takeOver(
  row: IssueRow,
  oldNumber: string,
  upload: BillUpload,
  services: Services,
): Promise<RowOutcome> {
  const { bills, appendInOrder } = services.gateway
  const { uploadId, at, actor } = upload
  const [id, oldId] = [idOf(row.billNumber, upload, services), idOf(oldNumber, upload, services)]
  const supersede = { type: 'SupersedeBill', data: { uploadId, at, by: id } } as const
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const [{ state: old }, { state }] = [await bills.load(oldId), await bills.load(id)]
    const command = issue(row, state.status === 'new' ? undefined : state.customer, upload, services)
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
