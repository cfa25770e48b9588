// Folds the log into a file of read models, up to the first event that was recorded after an instant.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { statisticsProjections } from '../../../projections/readModels.ts'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import { sqliteReadModels } from '../sqlite/readModels.ts'

const batch = 2_000

/** What was known at an instant, asked for at another (RFC 3339 UTC, milliseconds). */
export type Cut = { readonly instant: string; readonly askedAt: string }

/**
 * Whether an event was recorded after the cut. One from the future goes with its neighbors: a clock that was wrong once
 * must not hide all that follows.
 */
export const isAfter = ({ recordedAt }: Recorded, { instant, askedAt }: Cut): boolean =>
  recordedAt > instant && recordedAt <= askedAt

/** What the file has counted before is not counted again. */
export async function foldUpTo(store: Pick<EventStore, 'readAll'>, file: string, cut: Cut): Promise<void> {
  const { projector, close } = sqliteReadModels(file, statisticsProjections)
  try {
    for (;;) {
      const events = await store.readAll(projector.checkpoint(), batch)
      const end = events.findIndex((event) => isAfter(event, cut))
      projector.apply(end === -1 ? events : events.slice(0, end))
      if (end !== -1 || events.length < batch) return
      await nextTurn()
    }
  } finally {
    close()
  }
}
