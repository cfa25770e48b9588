// How often a terminal may guess wrong: so many times a minute, then it waits. Kept in memory, bounded.

export type GuessLimiter = {
  /** Counts a guess; answers for how many seconds the terminal must wait, if it may not guess now. */
  readonly begin: (terminalId: string, nowMs: number) => number | undefined
  /** The last guess was right, and does not count. */
  readonly right: (terminalId: string) => void
}

const windowMs = 60_000
const terminalsMax = 10_000

/** Guesses count when they begin: many at once are no way around. The terminal that guessed the longest ago is forgotten first. */
export function guessLimiter(guessesMax: number): GuessLimiter {
  const guesses = new Map<string, readonly number[]>()
  const put = (terminalId: string, times: readonly number[]) => {
    guesses.delete(terminalId)
    guesses.set(terminalId, times)
    if (guesses.size > terminalsMax) guesses.delete(guesses.keys().next().value!)
  }
  return {
    begin: (terminalId, nowMs) => {
      const recent = (guesses.get(terminalId) ?? []).filter((at) => nowMs - at < windowMs)
      if (recent.length >= guessesMax) return Math.ceil((recent[0]! + windowMs - nowMs) / 1000)
      put(terminalId, [...recent, nowMs])
      return undefined
    },
    right: (terminalId) => put(terminalId, (guesses.get(terminalId) ?? []).slice(0, -1)),
  }
}
