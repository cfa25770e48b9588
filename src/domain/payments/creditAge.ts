// How long money has been unapplied: whole days, and the buckets that an aging list shows.

const dayMs = 86_400_000

export const ageBuckets = ['0-1', '2-3', '4-7', '8-30', 'over-30'] as const
type AgeBucket = (typeof ageBuckets)[number]

/** The last day of each bucket. */
const lastDays: Readonly<Record<AgeBucket, number>> = {
  '0-1': 1,
  '2-3': 3,
  '4-7': 7,
  '8-30': 30,
  'over-30': Number.POSITIVE_INFINITY,
}

export const daysBetween = (instant: string, now: Date): number =>
  Math.floor((now.getTime() - Date.parse(instant)) / dayMs)

export const bucketOf = (days: number): AgeBucket => ageBuckets.find((bucket) => days <= lastDays[bucket])!

/** When money was received that is in a bucket now: after one instant ('' : the beginning), and up to another. */
export function receivedWithin(bucket: AgeBucket, now: Date): { after: string; upTo: string } {
  const younger = ageBuckets[ageBuckets.indexOf(bucket) - 1]
  const before = (days: number): string => new Date(now.getTime() - (days + 1) * dayMs).toISOString()
  return {
    after: Number.isFinite(lastDays[bucket]) ? before(lastDays[bucket]) : '',
    upTo: younger ? before(lastDays[younger]) : '9999',
  }
}
