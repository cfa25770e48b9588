// A clock that stands still until everybody sleeps, and then jumps to the next who wants to wake.
import { setImmediate as nextTurn } from 'node:timers/promises'

export type VirtualTime = {
  readonly now: () => Date
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Lets everything run that can, then jumps once; false when nobody sleeps. */
  readonly jump: () => Promise<boolean>
  /** Lets everything run that can without time passing. */
  readonly settle: () => Promise<void>
  readonly pass: (ms: number) => Promise<void>
}

export function virtualTime(start: string): VirtualTime {
  const sleeping = new Map<object, { readonly at: number; readonly wake: () => void }>()
  let clock = Date.parse(start)

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await nextTurn()
  }

  const jump = async (until = Number.POSITIVE_INFINITY): Promise<boolean> => {
    await settle()
    const [first] = [...sleeping.values()].sort((a, b) => a.at - b.at)
    if (!first || first.at > until) return false
    clock = Math.max(clock, first.at)
    first.wake()
    await settle()
    return true
  }

  return {
    now: () => new Date(clock),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const key = {}
        const wake = () => {
          sleeping.delete(key)
          resolve()
        }
        if (signal.aborted) return resolve()
        signal.addEventListener('abort', wake, { once: true })
        sleeping.set(key, { at: clock + ms, wake })
      }),
    jump: () => jump(),
    settle,
    pass: async (ms) => {
      const until = clock + ms
      while (await jump(until)) {}
      clock = until
    },
  }
}
