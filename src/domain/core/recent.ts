// Remembers the last so many: who comes besides puts out the one that came first.

export type Recent<Key, Value> = {
  readonly get: (key: Key) => Value | undefined
  readonly has: (key: Key) => boolean
  /** A key that is known keeps its place. */
  readonly set: (key: Key, value: Value) => void
  readonly entries: () => IterableIterator<[Key, Value]>
}

export function recent<Key, Value>(max: number): Recent<Key, Value> {
  const known = new Map<Key, Value>()
  // One iterator for all: a new one would step over the holes of all that has been deleted, tens of microseconds each time.
  const oldest = known.keys()
  return {
    get: (key) => known.get(key),
    has: (key) => known.has(key),
    set: (key, value) => {
      known.set(key, value)
      if (known.size > max) known.delete(oldest.next().value!)
    },
    entries: () => known.entries(),
  }
}
