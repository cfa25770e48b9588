// A log as lines of JSON: a head that says what it is, a line an event in the order of the log, and an end that proves the rest.
import { createHash } from 'node:crypto'
import type { Recorded } from '../../../domain/core/eventStore.ts'

const format = 'thungan log'
const version = 1

/** The first line. It holds nothing of the day or the machine, so the same log has the same lines wherever it is. */
export const headLine = `${JSON.stringify({ format, version })}\n`

/** The version of a first line, undefined where it is not one. */
export function versionIn(line: string): number | undefined {
  const head = parsed(line)
  return head?.format === format && Number.isInteger(head.version) ? (head.version as number) : undefined
}

export const isVersionKnown = (given: number): boolean => given === version

/** Every field in this order and none else, so that one event has one text. */
export function eventLine({
  position,
  stream,
  version,
  id,
  type,
  recordedAt,
  data,
  metadata,
  hash,
}: Recorded) {
  return `${JSON.stringify({ position, stream, version, id, type, recordedAt, data, metadata, hash })}\n`
}

/** The event of a line, undefined unless it is written exactly as `eventLine` does. */
export function eventIn(line: string): Recorded | undefined {
  const event = parsed(line) as Recorded | undefined
  const texts = [event?.position, event?.stream, event?.id, event?.type, event?.recordedAt, event?.hash]
  const whole =
    texts.every((text) => typeof text === 'string' && text !== '') &&
    Number.isSafeInteger(event?.version) &&
    isObject(event?.data) &&
    isObject(event?.metadata)
  return whole && eventLine(event!) === line ? event : undefined
}

/** The last line. `sha256`: of every byte before it. */
export type End = { readonly count: number; readonly sha256: string }

export const endLine = ({ count, sha256 }: End): string => `${JSON.stringify({ count, sha256 })}\n`

export function endIn(line: string): End | undefined {
  const end = parsed(line) as End | undefined
  const whole = Number.isSafeInteger(end?.count) && typeof end?.sha256 === 'string'
  return whole && endLine(end!) === line ? end : undefined
}

/** Counts the events that are added and hashes their lines after the head. */
export function lineCounter() {
  const hash = createHash('sha256').update(headLine)
  let count = 0
  return {
    add: (line: string): void => {
      hash.update(line)
      count += 1
    },
    end: (): End => ({ count, sha256: hash.copy().digest('hex') }),
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
