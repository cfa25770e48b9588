// The postings of an event, worked out once for all that a table asks.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import type { Currency } from '../src/domain/core/money.ts'
import { type PostedEvent, type Posting, postedTypes, postingsOf } from '../src/domain/settlement/postings.ts'

export type Posted = Recorded<PostedEvent>
/** The types of event that a projection of the books handles. */
export const handles = postedTypes

let lastEvent: Posted | undefined
let lastPostings: readonly Posting[] = []

/** A table asks three times for an event's postings before it turns to the next. */
export function posted(event: Posted): readonly Posting[] {
  if (event !== lastEvent) {
    lastPostings = postingsOf(event)
    lastEvent = event
  }
  return lastPostings
}

export const movesMoney = (event: Posted): boolean => posted(event).length > 0

/** Of an event that moves money: all of its postings are in one currency. */
export const currencyOf = (event: Posted): Currency => posted(event)[0]!.amount.currency
