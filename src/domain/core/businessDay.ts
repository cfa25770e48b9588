// The business day: the date in Vietnam (UTC+7 all year), whatever the clock of the machine says.

const vietnamOffsetMs = 7 * 3_600_000

/** The business date (`2026-11-22`) of an instant given in RFC 3339. */
export const businessDate = (instant: string): string =>
  isSameDay(instant)
    ? instant.slice(0, 10)
    : new Date(Date.parse(instant) + vietnamOffsetMs).toISOString().slice(0, 10)

/** Before 17:00 UTC it is the date that is written there: most instants need no arithmetic. */
const isSameDay = (instant: string): boolean =>
  instant.length <= 24 && instant.endsWith('Z') && instant.slice(11, 13) < '17'

/** The business date some days before or after another. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
