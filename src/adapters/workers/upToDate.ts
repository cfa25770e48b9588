// Counts what the log has and the rows have not, when somebody is about to look.
import type { EventStore } from '../../domain/core/eventStore.ts'
import type { Projector } from '../sqlite/foldRows.ts'

const batch = 500

/** Whoever comes while it counts waits for the same counting, and then looks once more. */
export function upToDate(log: Pick<EventStore, 'readAll'>, projector: Projector): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  const count = async (): Promise<void> => {
    for (;;) {
      const events = await log.readAll(projector.checkpoint(), batch)
      if (events.length === 0) return
      projector.apply(events)
    }
  }
  return () => {
    last = last.catch(() => {}).then(count)
    return last
  }
}
