// Who waits for news of a stream, and the reader that tells them. It reads the log, so it also hears other processes.
import type { Recorded } from '../../domain/core/eventStore.ts'
import { paymentsOf } from '../../http/services.ts'

type Changed = (stream: string) => void

type Watchers = {
  readonly watch: (topic: string, changed: Changed) => () => void
  readonly tell: (events: readonly Recorded[]) => void
}

export function createWatchers(): Watchers {
  const waiting = new Map<string, Set<Changed>>()
  return {
    watch: (topic, changed) => {
      const watchers = waiting.get(topic) ?? new Set()
      waiting.set(topic, watchers.add(changed))
      return () => {
        watchers.delete(changed)
        if (watchers.size === 0) waiting.delete(topic)
      }
    },
    tell: (events) => {
      if (waiting.size === 0) return
      for (const [topic, stream] of topicsOf(events))
        for (const changed of waiting.get(topic) ?? []) changed(stream)
    },
  }
}

/** Each topic with its stream, once: a stream is a topic, and so are the payments of a terminal. */
function* topicsOf(events: readonly Recorded[]): Iterable<readonly [string, string]> {
  for (const { type, data, stream } of events)
    if (type === 'PaymentRequested' && 'terminalId' in data && typeof data.terminalId === 'string')
      yield [paymentsOf(data.terminalId), stream]
  for (const stream of new Set(events.map(({ stream }) => stream))) yield [stream, stream]
}
