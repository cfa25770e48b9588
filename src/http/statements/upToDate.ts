// Waits for the read models: after a large statement they take longer than other requests would wait.
import { StoreBusy } from '../../domain/core/eventStore.ts'
import { Problem } from '../problem.ts'
import type { Services } from '../services.ts'

const waitsMax = 30

/** Each wait is bounded by `caughtUp` itself; it throws StoreBusy where the read models are behind at its end. */
export async function upToDate({ caughtUp }: Pick<Services, 'caughtUp'>): Promise<void> {
  for (let waits = 0; waits < waitsMax; waits++) {
    try {
      await caughtUp()
      return
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error
    }
  }
  throw new Problem('service_busy', { headers: { 'retry-after': '30' } })
}
