// An answer that takes long to count: waited for a while; who is told to come back finds it done.
import { setTimeout as wait } from 'node:timers/promises'
import { StoreBusy } from '../../domain/core/eventStore.ts'

const answerMs = 20_000

export const busy = () => new StoreBusy('This is being counted from the log: ask again.')

/** Throws StoreBusy when it takes too long; the work goes on. */
export async function inTime<T>(made: Promise<T>): Promise<T> {
  const inTime = new AbortController()
  const late = wait(answerMs, undefined, { signal: inTime.signal }).then(() => {
    throw busy()
  })
  late.catch(() => {})
  try {
    return await Promise.race([made, late])
  } finally {
    inTime.abort()
  }
}
