// What our books have that lines of a statement may be: what they name, what is near, and what is left.
import { addDays } from '../../domain/core/businessDay.ts'
import {
  daysAround,
  type ExpectedItem,
  itemKinds,
  type OpenLine,
} from '../../domain/settlement/expectedItem.ts'
import { type NearItems, nearItems } from '../../domain/settlement/nearItems.ts'
import { creditIdOf } from '../takeNotification.ts'
import type { Run } from './run.ts'
import type { KeptLine } from './spoolStatement.ts'

const limit = 1_000
const idsMax = 1_000

/** The credits that these lines name as the bank's notifications did: a credit's id is made of that name. */
export function creditsNamed(run: Run, lines: readonly KeptLine[]): Promise<readonly ExpectedItem[]> {
  const { tellers, services } = run
  const ids = lines
    .filter(({ direction }) => direction === 'credit')
    .flatMap(({ bankReferences }) =>
      bankReferences.flatMap((name) => tellers.all.map((id) => creditIdOf(id, name, services.crypto))),
    )
  return itemsOf(run, ids)
}

async function itemsOf({ account, paysOut, services, found }: Run, ids: readonly string[]) {
  const items: ExpectedItem[] = []
  for (let at = 0; at < ids.length; at += idsMax)
    items.push(
      ...(await services.readModels.expectedItems({ ...account, paysOut }, ids.slice(at, at + idsMax))),
    )
  return items.filter(({ id }) => !found.has(id))
}

/** Items of the days of these lines, and those that the lines call as we do, whenever they were. */
export async function itemsAround(run: Run, lines: readonly OpenLine[]): Promise<NearItems> {
  const days = lines.map(({ bookedOn }) => bookedOn).toSorted()
  const range = {
    from: addDays(days[0]!, -daysAround.before),
    to: addDays(days.at(-1)!, daysAround.after),
  }
  const names = lines.map(({ endToEndId }) => endToEndId).filter((name) => name !== undefined)
  const named = new Map((await itemsOf(run, [...new Set(names)])).map((item) => [item.id, item]))
  const near = nearItems(lines, run.bounds)
  for (const item of named.values()) near.add(item)
  for await (const page of openItems(run, range))
    for (const item of page) if (!named.has(item.id)) near.add(item)
  return near.end()
}

/** What our books have on the account on these days and no line has been found for, page by page. */
export async function* openItems(
  { account, paysOut, kept, services, found }: Run,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<readonly ExpectedItem[]> {
  const range = { ...account, paysOut, currency: kept.head.currency, from, to }
  for (const kind of itemKinds) {
    let cursor: string | undefined
    do {
      const { rows, nextCursor } = await services.readModels.openItems(kind, range, { limit, cursor })
      yield rows.filter(({ id }) => !found.has(id))
      cursor = nextCursor ?? undefined
      await services.closing.nextTurn() // there may be very many: others wait too
    } while (cursor !== undefined)
  }
}
