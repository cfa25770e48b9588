// A double of EventStoreDB's log: records in memory with the positions, conflicts and idempotency of the real one.
import { createSleepers } from '../../../src/domain/core/sleepers.ts'

export type ProposedRecord = {
  readonly id: string
  readonly metadata: ReadonlyMap<string, string>
  readonly data: Uint8Array
  readonly customMetadata: Uint8Array
}
export type DoubleRecord = ProposedRecord & {
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
}
type Appended =
  | { readonly last: DoubleRecord; readonly current?: never }
  /** The revision that the stream is at, -1n for none. */
  | { readonly current: bigint; readonly last?: never }

export type DoubleLog = ReturnType<typeof createDoubleLog>

/** Beyond what a number can tell apart, so that none may pass through one. */
const farPosition = 2n ** 60n + 1n

export function createDoubleLog(firstPosition = farPosition) {
  const records: DoubleRecord[] = []
  const streams = new Map<string, DoubleRecord[]>()
  const { sleep, wake } = createSleepers()
  let end = firstPosition

  /** `expected`: the revision that the stream must be at, -1n for none. */
  function append(stream: string, expected: bigint, proposed: readonly ProposedRecord[]): Appended {
    const known = streams.get(stream) ?? []
    const current = BigInt(known.length) - 1n
    const there = proposed.map((_, index) => known[Number(expected) + 1 + index])
    if (current !== expected) {
      const same = proposed.every(({ id }, index) => there[index]?.id === id)
      return same ? { last: there.at(-1)! } : { current }
    }
    for (const one of proposed) {
      const record = { ...one, stream, revision: BigInt(known.length), position: end }
      end += BigInt(100 + one.data.length + one.customMetadata.length)
      known.push(record)
      records.push(record)
    }
    streams.set(stream, known)
    wake()
    return { last: known.at(-1)! }
  }

  return {
    append,
    records: records as readonly DoubleRecord[],
    stream: (name: string): readonly DoubleRecord[] | undefined => streams.get(name),
    /** The index of the first record at or after a position. */
    indexAt: (position: bigint): number => {
      let [low, high] = [0, records.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (records[middle]!.position < position) low = middle + 1
        else high = middle
      }
      return low
    },
    sleep,
    wake,
  }
}
