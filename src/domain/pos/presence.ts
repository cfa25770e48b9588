// Whether a terminal is there: folded from when it was last seen and what time it is.

/** How often a terminal is to say that it is there. */
const heartbeatMs = 60_000
/** One heartbeat may be missed, not two. */
const silentAfterMs = 2 * heartbeatMs
const lostAfterMs = 10 * heartbeatMs

export const presences = ['unseen', 'active', 'silent', 'lost'] as const
export type Presence = (typeof presences)[number]

export function presenceAt(lastSeenAt: string | undefined, at: string): Presence {
  if (lastSeenAt === undefined) return 'unseen'
  const quietMs = Date.parse(at) - Date.parse(lastSeenAt)
  if (quietMs <= silentAfterMs) return 'active'
  return quietMs <= lostAfterMs ? 'silent' : 'lost'
}

/** The later of some instants in RFC 3339 UTC; undefined ones do not count. */
export const latest = (...instants: (string | undefined)[]): string | undefined =>
  instants
    .filter((instant) => instant !== undefined)
    .toSorted()
    .at(-1)
