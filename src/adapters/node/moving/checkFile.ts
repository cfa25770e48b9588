// Checks the file of a log from its first line to its last, before anything is done with it.
import { statSync } from 'node:fs'
import { chainStart, eventHash } from '../../../domain/core/eventHash.ts'
import type { Recorded } from '../../../domain/core/eventStore.ts'
import type { MovedLog } from '../../../domain/core/logMove.ts'
import { isNewer } from '../../../domain/knownEvents.ts'
import { type StreamHeads, streamHeads } from '../../sqlite/streamHeads.ts'
import { nodeCrypto } from '../crypto.ts'
import { type End, endIn, eventIn, headLine, isVersionKnown, lineCounter, versionIn } from './logLines.ts'
import { readLines } from './readLines.ts'

/** The file cannot be taken as a log; the message says why. */
export class LogFileUnusable extends Error {
  override name = 'LogFileUnusable'
}

type Progress = (done: number, total: number) => void

/** Throws LogFileUnusable for the first thing that is wrong. `progress` is told of bytes. */
export async function checkFile(file: string, progress: Progress = () => {}): Promise<MovedLog> {
  const { size } = statSync(file)
  const heads = streamHeads()
  const check = createCheck(heads)
  let [number, bytes] = [0, 0]
  try {
    for await (const lines of readLines(file)) {
      for (const line of lines) {
        number += 1
        bytes += line.length
        const fault = check.next(line)
        if (fault !== undefined) throw new LogFileUnusable(`${file}, line ${number}: ${fault}`)
      }
      progress(Math.min(bytes, size), size)
    }
    const log = check.whole()
    if (log) return log
    throw new LogFileUnusable(`${file} is cut off after line ${number}: its end is missing`)
  } finally {
    heads.close()
  }
}

const derivedSeal = /"v2\.[\w-]{22}\.[\w-]+"/

function createCheck(heads: StreamHeads) {
  const counter = lineCounter()
  let begun = false
  let end: End | undefined
  let last = ''
  let derivedKeys = false

  const first = (line: string): string | undefined => {
    begun = true
    const version = versionIn(line)
    if (version === undefined) return 'this is not a log that thungan export has written'
    if (!isVersionKnown(version)) return `the format is version ${version}: use the newer version of thungan`
    return line === headLine ? undefined : 'the first line was changed'
  }

  const take = (event: Recorded, line: string): string | undefined => {
    const fault = placeFault(event, last) ?? chainFault(event, heads)
    if (fault !== undefined) return fault
    last = event.position
    derivedKeys ||= derivedSeal.test(line)
    counter.add(line)
    return undefined
  }

  return {
    /** What is wrong with the next line. */
    next: (line: string): string | undefined => {
      if (!begun) return first(line)
      if (end) return 'there is something after the end'
      const event = eventIn(line)
      if (event) return take(event, line)
      end = endIn(line)
      if (!end) return line.endsWith('\n') ? 'the line was changed' : 'the file is cut off here'
      const { count, sha256 } = counter.end()
      if (end.count !== count) return `the end says ${end.count} events, there are ${count}`
      return end.sha256 === sha256 ? undefined : `the end says SHA-256 ${end.sha256}, it is ${sha256}`
    },
    whole: (): MovedLog | undefined => end && { ...end, last, derivedKeys },
  }
}

function placeFault(event: Recorded, last: string): string | undefined {
  const { position, type, recordedAt } = event
  if (!/^(\d{16}|\d{19})$/.test(position)) return 'the position is not one that a store gives'
  if (position <= last || (last !== '' && position.length !== last.length))
    return `the position ${position} does not come after ${last}`
  if (isNewer(event))
    return `this event of type ${type.slice(0, 60)} is not known here: use the newer version of thungan`
  const instant = Date.parse(recordedAt)
  const isWhole = Number.isFinite(instant) && new Date(instant).toISOString() === recordedAt
  return isWhole ? undefined : 'recordedAt is not a time as a store writes it'
}

function chainFault(event: Recorded, heads: StreamHeads): string | undefined {
  const { stream, version } = event
  const head = heads.get(stream) ?? { version: 0, hash: chainStart }
  if (version !== head.version + 1)
    return `${stream} goes on with version ${version} after version ${head.version}`
  const [data, metadata] = [JSON.stringify(event.data), JSON.stringify(event.metadata)]
  const hash = eventHash(head.hash, { ...event, data, metadata }, nodeCrypto.hash)
  if (hash !== event.hash) return `version ${version} of ${stream} is not the event that was recorded`
  heads.set(stream, version, hash)
  return undefined
}
