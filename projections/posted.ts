// The postings of an event, worked out once however many tables ask for them.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import type { Currency } from '../src/domain/core/money.ts'
import { type PostedEvent, type Posting, postedTypes, postingsOf } from '../src/domain/settlement/postings.ts'

export type Posted = Recorded<PostedEvent>
/** The types of event that a projection of the books handles. */
export const handles = postedTypes

const known = new WeakMap<object, readonly Posting[]>()

export function posted(event: Posted): readonly Posting[] {
  const before = known.get(event)
  if (before) return before
  const postings = postingsOf(event)
  known.set(event, postings)
  return postings
}

export const movesMoney = (event: Posted): boolean => posted(event).length > 0

/** Of an event that moves money: all of its postings are in one currency. */
export const currencyOf = (event: Posted): Currency => posted(event)[0]!.amount.currency
