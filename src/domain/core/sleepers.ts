// Followers of a store that have read everything: each sleeps until there is more, or until its reader leaves.

type Sleepers = {
  /** Resolves at the next `wake`, or when the signal aborts. */
  readonly sleep: (signal: AbortSignal) => Promise<void>
  readonly wake: () => void
}

export function createSleepers(): Sleepers {
  const sleeping = new Set<() => void>()
  const sleep = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const awake = () => {
        signal.removeEventListener('abort', awake)
        sleeping.delete(awake)
        resolve()
      }
      signal.addEventListener('abort', awake)
      sleeping.add(awake)
    })
  const wake = (): void => {
    for (const awake of sleeping) awake()
  }
  return { sleep, wake }
}
