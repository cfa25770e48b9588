// Folds the log into a file of read models, up to the first event that was recorded after an instant.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { statisticsProjections } from '../../../projections/readModels.ts'
import { cutIn, cutWindow } from '../../domain/adoption/logCut.ts'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import { sqliteReadModels } from '../sqlite/readModels.ts'

type Log = Pick<EventStore, 'readAll'>

const times = (events: readonly Recorded[]): readonly string[] => events.map(({ recordedAt }) => recordedAt)

/** Whether nothing that was known at an instant comes after a position. */
export async function endsAt(store: Log, position: string, since: string, instant: string): Promise<boolean> {
  const events = await store.readAll(position, cutWindow)
  return events.length === 0 || cutIn(times(events), instant, since, 1) === 0
}

/** `since`: the instant up to which the file has counted; that is not counted again. */
export async function foldUpTo(store: Log, file: string, since: string, instant: string): Promise<void> {
  const { projector, close } = sqliteReadModels(file, statisticsProjections)
  let last = since
  try {
    for (;;) {
      const events = await store.readAll(projector.checkpoint(), 2 * cutWindow)
      const isLast = events.length < 2 * cutWindow
      const limit = isLast ? events.length : cutWindow // of the rest, too little follows yet
      const cut = cutIn(times(events), instant, last, limit)
      const known = events.slice(0, cut === -1 ? limit : cut)
      projector.apply(known)
      for (const { recordedAt } of known) if (recordedAt > last && recordedAt <= instant) last = recordedAt
      if (cut !== -1 || isLast) return
      await nextTurn()
    }
  } finally {
    close()
  }
}
