// Trying again, a bounded time: a cluster that elects a leader is without one for some seconds.
import { setTimeout as wait } from 'node:timers/promises'
import { passes, storeError } from './errors.ts'

const firstPauseMs = 10
const pauseMaxMs = 1_000

/** Doubled with each failure after the first, which is followed at once: most often another node answers. */
export const pauseAfter = (failures: number, maxMs: number): number =>
  failures <= 1 ? 0 : Math.min(firstPauseMs * 2 ** (failures - 2), maxMs)

/** Does the work, and again after errors that pass, until `patienceMs` is over; then StoreUnavailable. */
export async function patiently<T>(
  patienceMs: number,
  signal: AbortSignal,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      const over = signal.aborted || performance.now() > deadline
      if (over || !passes(error)) throw storeError(error)
      await wait(pauseAfter(attempt, pauseMaxMs), undefined, { signal }).catch(() => {})
    }
  }
}
