// Months as the public sees them, from what was known when each was published: never another answer, so each is counted once.
import { LRUCache } from 'lru-cache'
import type { ReadModels } from '../../../projections/readModels.ts'
import { lastDay } from '../../domain/adoption/definitions/cohorts.ts'
import { publishedAt } from '../../domain/adoption/disclosure/publication.ts'
import { publishedAcceptance, publishedPayments } from '../../domain/adoption/disclosure/published.ts'
import type { PublishedMonth, Services } from '../../http/services.ts'

const keptMax = 120

/** `groupsAt`: the sectors of each target, as known at a position of the log. */
export function openPublished(
  knownAt: Services['knownAt'],
  groupsAt: (position: string) => Promise<readonly (readonly string[])[]>,
): Services['published'] {
  const kept = new LRUCache<string, Promise<PublishedMonth>>({ max: keptMax })

  const count = async (month: string): Promise<PublishedMonth> => {
    const instant = publishedAt(month)
    const asOf = lastDay(month)
    const known = await knownAt(instant)
    const sold = await known.readModels.bands(month)
    const sites = await known.readModels.sitesOn(asOf)
    const payments = [...Map.groupBy(sold, ({ currency }) => currency)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, own]) => [currency, publishedPayments(own, sites)] as const)
    const acceptance = publishedAcceptance(sites, asOf, await groupsAt(known.position))
    const { position } = known
    const counted = answersFrom(async () => (await knownAt(instant)).readModels)
    return { position, month, asOf, knownAt: instant, payments: new Map(payments), acceptance, counted }
  }

  return (month) => {
    const known = kept.get(month)
    if (known) return known
    const made = count(month)
    kept.set(month, made)
    // One of which nothing is known is counted at once, and must not take the place of another.
    made.then(
      ({ position }) => position === '' && kept.delete(month),
      () => kept.delete(month),
    )
    return made
  }
}

/** Answers by name, each counted once. */
function answersFrom(readModels: () => Promise<ReadModels>): PublishedMonth['counted'] {
  const answers = new Map<string, Promise<unknown>>()
  return <T>(name: string, count: (readModels: ReadModels) => Promise<T>) => {
    const known = answers.get(name) as Promise<T> | undefined
    if (known) return known
    const made = readModels().then(count)
    answers.set(name, made)
    made.catch(() => answers.delete(name))
    return made
  }
}
