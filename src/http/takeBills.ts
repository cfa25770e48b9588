// Rows of a biller's file into the log, a batch at a time: each is recorded, so already, or in conflict with what is so.
import { type Bill, type BillCommand, type BillRejection, decide } from '../domain/bills/bill.ts'
import type { Loaded } from '../domain/core/commandHandling.ts'
import { billId, billName } from '../domain/core/ids.ts'
import type { IssueRow } from './billRow.ts'
import type { GoodRow } from './checkBills.ts'
import type { InputError } from './problem.ts'
import type { Services } from './services.ts'

export type BillUpload = {
  readonly billerId: string
  readonly uploadId: string
  readonly at: string
  readonly actor: string
}
export type RowOutcome = 'accepted' | 'unchanged' | InputError
type TakeBatch = (rows: readonly GoodRow[]) => Promise<readonly RowOutcome[]>

const attemptsMax = 8

const conflicts: Readonly<Record<BillRejection, string>> = {
  bill_unknown: 'No bill of this number was sent before.',
  bill_paid: 'This bill is paid, and is not changed any more.',
  bill_canceled: 'This bill was canceled. Send another under a new number.',
  bill_superseded: 'Another bill stands for this one now.',
}
const isConflict = (rejection: string): rejection is BillRejection => Object.hasOwn(conflicts, rejection)
const conflict = (pointer: string, rejection: BillRejection): InputError => ({
  pointer,
  detail: conflicts[rejection],
  code: rejection,
})
const busy: InputError = { pointer: '', detail: 'This bill is being changed by others. Send it again.' }

/** A row with the bill as it is now; undefined where it is thought to be new, which the store then finds true or not. */
type Found = GoodRow & { readonly loaded: Loaded<Bill> | undefined }

/**
 * Takes the batches of one file; answers what became of each row. Files hold new bills or were sent before: as long as every
 * bill was new, the next ones are thought to be, and the log is not asked for them first.
 */
export function billTaker(upload: BillUpload, services: Services): TakeBatch {
  const { bills } = services.gateway
  let allNew = true

  const find = async (row: GoodRow): Promise<Found> => {
    const mayBeNew = allNew && row.row.kind === 'issue'
    return { ...row, loaded: mayBeNew ? undefined : await bills.load(row.id) }
  }

  return async (rows) => {
    const found = await Promise.all(rows.map(find))
    const sealed = sealedCustomers(found, upload, services)
    const outcomes = await Promise.all(
      found.map((one, at) => (supersedes(one.row) ? undefined : record(one, sealed[at], upload, services))),
    )
    // What they stand for may be in the same batch, so they come last.
    for (const [at, { row, id }] of rows.entries())
      if (supersedes(row)) outcomes[at] = { outcome: await takeOver(id, row, upload, services), wasNew: true }
    allNew = outcomes.every((outcome) => outcome!.wasNew)
    return outcomes.map((outcome) => outcome!.outcome)
  }
}

const supersedes = (row: GoodRow['row']): row is IssueRow & { readonly supersedes: string } =>
  row.kind === 'issue' && row.supersedes !== undefined

/** The key under which a customer's name, phone and address are sealed: the same on all bills of one biller. */
const customerKey = ({ billerId }: BillUpload, { customerCode }: IssueRow): string =>
  `bills of ${billerId} to ${customerCode}`

/** Sealed text is another each time: who is the same person as before keeps what was sealed before. */
function sealedBefore({ customer }: IssueRow, before: Bill, { vault }: Services): string | undefined {
  if (customer === undefined || before.status === 'new' || before.customer === undefined) return undefined
  return vault.open(before.customer) === customer ? before.customer : undefined
}

/** Who each bill is for, sealed; the keys that are missing are made together. */
function sealedCustomers(
  found: readonly Found[],
  upload: BillUpload,
  services: Services,
): readonly (string | undefined)[] {
  const kept = found.map(({ row, loaded }) =>
    row.kind === 'issue' && loaded ? sealedBefore(row, loaded.state, services) : undefined,
  )
  const named = found.filter(
    ({ row }, at) => row.kind === 'issue' && row.customer !== undefined && kept[at] === undefined,
  )
  services.vault.prepare(named.map(({ row }) => customerKey(upload, row as IssueRow)))
  return found.map(({ row }, at) =>
    row.kind === 'issue' ? (kept[at] ?? seal(row, upload, services)) : undefined,
  )
}

const seal = (row: IssueRow, upload: BillUpload, { vault }: Services): string | undefined =>
  row.customer === undefined ? undefined : vault.seal(customerKey(upload, row), row.customer)

const issue = (
  { kind: _, supersedes: __, customer: ___, ...terms }: IssueRow,
  customer: string | undefined,
  { billerId, uploadId, at }: BillUpload,
): Extract<BillCommand, { type: 'IssueBill' }> => ({
  type: 'IssueBill',
  data: { billerId, ...terms, ...(customer !== undefined && { customer }), uploadId, at },
})

async function record(
  { id, row, loaded: first }: Found,
  firstSealed: string | undefined,
  upload: BillUpload,
  services: Services,
): Promise<{ readonly outcome: RowOutcome; readonly wasNew: boolean }> {
  const { bills } = services.gateway
  const { uploadId, at, actor } = upload
  let loaded = first
  let sealed = firstSealed
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const version = loaded?.version ?? 0
    const wasNew = version === 0
    const command: BillCommand =
      row.kind === 'issue'
        ? issue(row, sealed, upload)
        : { type: row.kind === 'cancel' ? 'CancelBill' : 'RecordPaidElsewhere', data: { uploadId, at } }
    const outcome = await bills.handle(
      id,
      command,
      { actor },
      { ...(loaded ? { loaded } : { expectNew: true }), ifVersion: version }, // who is sealed is compared with that version
    )
    if (outcome.ok) return { outcome: outcome.version > version ? 'accepted' : 'unchanged', wasNew }
    const { rejection } = outcome
    if (isConflict(rejection)) return { outcome: conflict('/billNumber', rejection), wasNew }
    loaded = await bills.load(id)
    if (row.kind === 'issue') sealed = sealedBefore(row, loaded.state, services) ?? sealed
  }
  return { outcome: busy, wasNew: false }
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
