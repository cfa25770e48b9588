// Reads of one stream that are asked for at the same time, as one: who comes while a read is under way gets the next, never one that began before.
import type { EventStore } from '../../domain/core/eventStore.ts'

type Read = (stream: string, afterVersion: number) => ReturnType<EventStore['read']>

export function sharingReads(read: Read): Read {
  const running = new Map<string, ReturnType<Read>>()
  const next = new Map<string, ReturnType<Read>>()

  return (stream, afterVersion) => {
    const key = `${afterVersion} ${stream}`
    const begin = (): ReturnType<Read> => {
      const reading = read(stream, afterVersion).finally(() => running.delete(key))
      running.set(key, reading)
      return reading
    }
    const before = running.get(key)
    if (!before) return begin()
    const waiting =
      next.get(key) ??
      before
        .then(
          () => {},
          () => {},
        )
        .then(() => {
          next.delete(key)
          return begin()
        })
    next.set(key, waiting)
    return waiting
  }
}
