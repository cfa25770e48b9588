// Waits for the read models: after a large statement they take longer than other requests would wait.
import { Problem } from '../problem.ts'
import type { Services } from '../services.ts'

const waitsMax = 30

/** Each wait is bounded by `caughtUp` itself; it throws where the read models are behind at its end. */
export async function upToDate({ caughtUp }: Pick<Services, 'caughtUp'>): Promise<void> {
  for (let waits = 0; waits < waitsMax; waits++) {
    const done = await caughtUp().then(
      () => true,
      () => false,
    )
    if (done) return
  }
  throw new Problem('service_busy', { headers: { 'retry-after': '30' } })
}
