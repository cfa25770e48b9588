// Who waits for news of a stream, and the reader that tells them. It reads the log, so it also hears other processes.
import type { Recorded } from '../../domain/core/eventStore.ts'

type Watchers = {
  readonly watch: (stream: string, changed: () => void) => () => void
  readonly tell: (events: readonly Recorded[]) => void
}

export function createWatchers(): Watchers {
  const waiting = new Map<string, Set<() => void>>()
  return {
    watch: (stream, changed) => {
      const watchers = waiting.get(stream) ?? new Set()
      waiting.set(stream, watchers.add(changed))
      return () => {
        watchers.delete(changed)
        if (watchers.size === 0) waiting.delete(stream)
      }
    },
    tell: (events) => {
      if (waiting.size === 0) return
      for (const stream of new Set(events.map(({ stream }) => stream)))
        for (const changed of waiting.get(stream) ?? []) changed()
    },
  }
}
