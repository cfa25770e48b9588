// Checks each event of the log, in order: its place, that it follows the one before it in its stream, and its hash.
import { LRUCache } from 'lru-cache'
import { chainStart, eventHash } from '../../domain/core/eventHash.ts'
import type { Finding } from '../../domain/proof/finding.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { encodePosition, instantText } from './eventRow.ts'
import type { LogFile, LogRow } from './logFile.ts'

/** Most events follow soon after the one before; the others are looked up, so memory does not grow with the log. */
const headsMax = 50_000

type Head = { readonly version: number; readonly hash: string }

/** `after`: the position before the first event that will come. */
export function chainChecker(log: LogFile, after: number): (row: LogRow) => Finding | undefined {
  const heads = new LRUCache<number, Head>({ max: headsMax })
  let last = after

  const missing = (position: number): Finding => {
    const orphan = log.firstOrphan(position)
    return {
      problem: 'event_missing',
      position: encodePosition(position),
      ...(orphan && { stream: orphan[0], version: orphan[1] - 1 }),
    }
  }

  /** The hash before the event, or what is wrong with its place in the stream. */
  const hashBefore = ([position, stream, version, , , , , , , id]: LogRow): string | Finding => {
    if (version === 1) return chainStart
    const head = heads.get(id)
    if (head?.version === version - 1) return head.hash
    const before = log.find(id, version - 1)
    if (before && before[0] < position) return before[1]
    if (before) return { problem: 'event_out_of_order', position: encodePosition(position), stream, version }
    return { problem: 'event_missing', position: encodePosition(position), stream, version: version - 1 }
  }

  return (row) => {
    const [position, stream, version, id, type, data, metadata, instant, hash, streamId] = row
    if (position <= last) return outside(row)
    if (position !== last + 1 && position > log.gapsTo) return missing(last + 1)
    last = position
    const before = hashBefore(row)
    if (typeof before !== 'string') return before
    const event = { stream, version, id, type, data, metadata, recordedAt: instantText(instant) }
    if (eventHash(before, event, nodeCrypto.hash) !== hash)
      return { problem: 'event_changed', position: encodePosition(position), stream, version }
    heads.set(streamId, { version, hash })
    return undefined
  }
}

/** Before the first position nothing was ever recorded. */
const outside = ([position, stream, version]: LogRow): Finding => ({
  problem: 'event_changed',
  position: String(position),
  stream,
  version,
})
