// Times as Vietnamese providers write them: digits of local time (UTC+7 all year), without a zone.

const offsetMs = 7 * 3_600_000

/** `yyyyMMddHHmmss` in Vietnam. */
export const vietnamDigits = (at: Date): string =>
  new Date(at.getTime() + offsetMs).toISOString().replace(/\D/g, '').slice(0, 14)

/** The instant (RFC 3339 UTC) of `yyyyMMddHHmmss` or `yyyy-MM-dd HH:mm:ss` in Vietnam; undefined where it is none. */
export function readVietnamTime(text: string): string | undefined {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d) ?(\d\d):?(\d\d):?(\d\d)$/.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  return readMilliseconds(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`))
}

/** The instant of a count of milliseconds since 1970; undefined where it is no instant of our calendar. */
export function readMilliseconds(value: unknown): string | undefined {
  const ms = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  const isInstant = typeof ms === 'number' && ms >= 0 && ms < Date.UTC(10_000, 0)
  return isInstant ? new Date(ms).toISOString() : undefined
}
