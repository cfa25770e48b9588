// What a statement lacks: items of its days, and of days before it that came to our books when the statement of their day was made already.
import { addDays } from '../../domain/core/businessDay.ts'
import type { ExpectedItem } from '../../domain/settlement/expectedItem.ts'
import { openItems } from './bookedItems.ts'
import type { Run } from './run.ts'

/** How long before a statement: later than that no bank notifies. */
const daysBack = 7

export async function* missingItems(run: Run): AsyncGenerator<readonly ExpectedItem[]> {
  for await (const page of openItems(run, run.kept.head)) yield page.filter(({ certain }) => certain)
  yield* cameLater(run)
}

/** Each day by itself: one question about all of them would hold the thread for long. */
async function* cameLater(run: Run): AsyncGenerator<readonly ExpectedItem[]> {
  const { account, kept, services } = run
  const { from } = kept.head
  const days = Array.from({ length: daysBack }, (_, index) => addDays(from, index - daysBack))
  const shown = await services.readModels.statementDays(account, { from: days[0]!, to: days.at(-1)! })
  for (const day of days)
    if (shown.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay))
      for await (const page of openItems(run, { from: day, to: day })) yield await notNamedYet(run, page)
}

/** Less what another statement has named, which a person may have resolved since. */
async function notNamedYet({ statementId, services }: Run, items: readonly ExpectedItem[]) {
  const certain = items.filter((item) => item.certain)
  const named = await Promise.all(certain.map(({ id }) => services.readModels.reconciliationException(id)))
  return certain.filter((_, index) => (named[index]?.statementId ?? statementId) === statementId)
}
