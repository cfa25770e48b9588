// How many calls may be open at once; who waits goes in the order of coming, and too many may not wait.
import { StoreBusy } from '../../domain/core/eventStore.ts'

type Slots = {
  readonly use: <T>(work: () => Promise<T>) => Promise<T>
  /** Resolves once nothing is open and nobody waits. */
  readonly idle: () => Promise<void>
}

export function createSlots(openMax: number, waitingMax: number): Slots {
  const waiting: (() => void)[] = []
  const listeners: (() => void)[] = []
  let open = 0

  async function take(): Promise<void> {
    if (open < openMax) {
      open += 1
      return
    }
    if (waiting.length >= waitingMax) throw new StoreBusy(`${waitingMax} calls are waiting: try again`)
    await new Promise<void>((go) => waiting.push(go))
  }

  function release(): void {
    const next = waiting.shift()
    if (next)
      next() // the place goes from hand to hand
    else open -= 1
    if (open === 0) for (const listener of listeners.splice(0)) listener()
  }

  return {
    use: async (work) => {
      await take()
      try {
        return await work()
      } finally {
        release()
      }
    },
    idle: async () => {
      if (open > 0) await new Promise<void>((resolve) => listeners.push(resolve))
    },
  }
}
