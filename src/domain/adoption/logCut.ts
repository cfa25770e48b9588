// Where the log is cut to say what was known at an instant: before the first event that was recorded later, whatever a wrong clock says.

/** So many events at most have a say in whether the clock of the one before them was ahead. */
export const cutWindow = 1_000

/**
 * The index of the first event after the cut, among the first `limit`; -1 where it is not among them. `since`: an instant
 * before which all had been counted, '' for the start.
 *
 * An event that was recorded later ends what was known, unless time goes on from where it was right behind it: then its
 * clock was ahead, and it must not hide what follows. A clock that falls behind brings nothing into the past.
 */
export function cutIn(recordedAt: readonly string[], instant: string, since: string, limit: number): number {
  let last = since
  for (const [index, at] of recordedAt.slice(0, limit).entries()) {
    if (at <= instant) last = at > last ? at : last
    else if (!goesOn(recordedAt.slice(index + 1, index + cutWindow), last, instant)) return index
  }
  return -1
}

const goesOn = (recordedAt: readonly string[], last: string, instant: string): boolean =>
  recordedAt.some((at) => at >= last && at <= instant)
