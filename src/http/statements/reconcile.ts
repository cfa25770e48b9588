// Reconciles a statement with our books: what the bank names as we do, then the other rules, then money that nobody notified, then what is missing.
import type { Currency } from '../../domain/core/money.ts'
import { isComplete } from '../../domain/settlement/bankStatement.ts'
import type { ExpectedItem, OpenLine } from '../../domain/settlement/expectedItem.ts'
import { matchByAmounts, matchByBank, matchByNames } from '../../domain/settlement/matchLines.ts'
import { isNoOther, type NearBounds, nearBounds } from '../../domain/settlement/nearItems.ts'
import type { MissingItem } from '../../domain/settlement/statementLines.ts'
import { accepted } from '../outcome.ts'
import type { Services } from '../services.ts'
import { creditsNamed, itemsAround } from './bookedItems.ts'
import { matched, openLine, type Placed, record, unexpected } from './lineResults.ts'
import { missingItems } from './missingItems.ts'
import { newCreditOf, type Taking, takeAll, takenBefore } from './newMoney.ts'
import type { Job, Run } from './run.ts'
import { blockSize, type KeptLine } from './spoolStatement.ts'
import { isAwaited } from './takeLine.ts'
import { upToDate } from './upToDate.ts'

/** So many lines that the bank does not name as we do are matched together. */
const restMax = 20_000

/** Records all of it. Sent again after a crash it goes on from where it was; the last event says that it is done. */
export async function reconcile(
  job: Job,
  services: Services,
  bounds: NearBounds = nearBounds,
): Promise<void> {
  const run = { ...job, services, found: new Set<string>(), at: services.now().toISOString(), bounds }
  let known = 0
  let banksNamesAgree = await services.readModels.banksNamesAgree(job.account)
  const rest: KeptLine[] = []
  const unfinished: Taking[] = []
  for await (const block of job.kept.blocks(job.account)) {
    const before = await services.readModels.knownLines(block.map(({ id }) => id))
    const fresh = block.filter(({ id }) => !before.has(id))
    for (const line of block) {
      const earlier = before.get(line.id)
      if (earlier && earlier.statementId !== job.statementId) known += 1
      if (earlier?.creditId) unfinished.push(...takenBefore(run, line, earlier.creditId))
    }
    const { matches, lines } = matchByBank(fresh.map(openLine), await creditsNamed(run, fresh))
    banksNamesAgree ||= matches.length > 0
    await record(run, matched(run, matches, fresh))
    const open = new Set(lines.map(({ id }) => id))
    rest.push(...fresh.filter(({ id }) => open.has(id)))
    if (rest.length >= restMax) await settleRest(run, rest.splice(0), banksNamesAgree)
  }
  await settleRest(run, rest, banksNamesAgree)
  await takeAll(run, unfinished)
  if (isComplete(job.kept.head)) await recordMissing(run)
  await conclude(run, known)
}

/** The other rules; what then is left is unexpected, and money is taken of what is nothing that we have. */
async function settleRest(run: Run, lines: readonly KeptLine[], banksNamesAgree: boolean): Promise<void> {
  if (lines.length === 0) return
  const { services } = run
  const open = lines.map(openLine)
  const near = await itemsAround(run, open)
  const byNames = matchByNames(open, near.items, banksNamesAgree)
  const unnamed = await withAwaited(byNames.lines, lines, services)
  const byAmounts = matchByAmounts(unnamed, byNames.items, banksNamesAgree, near.kept === 'all')
  await record(run, matched(run, [...byNames.matches, ...byAmounts.matches], lines))
  const left = new Map(byAmounts.lines.map((line) => [line.id, line]))
  const placed: Placed[] = []
  const taken: Taking[] = []
  for (const line of lines) {
    const unmatched = left.get(line.id)
    if (!unmatched) continue
    const creditId = isNoOther(unmatched, near, banksNamesAgree) ? await newCreditOf(run, line) : undefined
    placed.push(unexpected(run, line, creditId))
    if (creditId !== undefined) taken.push({ line, connectorId: run.tellers.connectorId! })
  }
  await record(run, placed)
  await takeAll(run, taken)
}

/** Of lines that no item has the name of, those that pay a payment are told apart: they are not money that names none. */
async function withAwaited(open: readonly OpenLine[], lines: readonly KeptLine[], services: Services) {
  const byId = new Map(lines.map((line) => [line.id, line]))
  const told: OpenLine[] = []
  for (const line of open)
    told.push((await isAwaited(byId.get(line.id)!, services)) ? { ...line, isAwaited: true } : line)
  return told
}

async function recordMissing(run: Run): Promise<void> {
  const { statementId, services, metadata, at } = run
  let block = 0
  for await (const page of missingItems(run)) {
    const missing = page.map((item) => missingItem(run, item))
    for (let start = 0; start < missing.length; start += blockSize) {
      const data = { lines: [], missing: missing.slice(start, start + blockSize), at }
      const id = `${statementId}-missing-${block}`
      accepted(await services.gateway.statementLines.handle(id, { type: 'RecordLines', data }, metadata))
      block += 1
    }
  }
}

function missingItem({ statementId, kept }: Run, item: ExpectedItem): MissingItem {
  const { id: itemId, kind, direction, amount, expectedOn } = item
  const money = { amount: amount.toString(), currency: kept.head.currency as Currency }
  return { statementId, itemId, kind, direction, amount: money, expectedOn }
}

/** The counts are those of the read model, which has every line once, also after a crash. */
async function conclude({ statementId, services, metadata, at }: Run, known: number): Promise<void> {
  await upToDate(services)
  const sums = await services.readModels.sumStatement(statementId)
  const count = (list: string) => sums.find((sum) => sum.list === list)?.count ?? 0
  const counts = {
    matched: count('matched'),
    missing: count('missing'),
    unexpected: count('unexpected'),
    differing: count('differing'),
    known,
  }
  const command = { type: 'ConcludeStatement', data: { counts, reconciledAt: at } } as const
  accepted(await services.gateway.statements.handle(statementId, command, metadata))
}
