// When a message is tried again: the schedule of Standard Webhooks, spread a little, and not before the receiver asks.

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** The wait before each attempt. */
const delays = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const

export const attemptsMax: number = delays.length

/** A wait may be longer by up to a tenth, so that endpoints which failed together do not come back together. */
const spread = 10
const retryAfterMaxMs = 24 * hour

/**
 * How long to wait after so many failed attempts, undefined when all have been made. `chance` is from 0 to 999;
 * `retryAfterMs` is what the receiver asked for.
 */
export function delayAfter(failed: number, chance: number, retryAfterMs = 0): number | undefined {
  const delay = delays[failed]
  if (delay === undefined) return undefined
  const spreadOut = delay + Math.floor((delay * chance) / (1_000 * spread))
  return Math.max(spreadOut, Math.min(retryAfterMs, retryAfterMaxMs))
}

/** Retry-After as milliseconds from now: a number of seconds, or a date; 0 when there is none that can be read. */
export function retryAfterOf(header: string | undefined, now: Date): number {
  if (header === undefined) return 0
  if (/^\d{1,9}$/.test(header)) return Number(header) * second
  const at = /^[A-Z][a-z]{2}, [\w: -]+ GMT$/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime())
}
