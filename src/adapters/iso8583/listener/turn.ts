// What one connection gets done before the others have their turn: a flood of one must not hold up the event loop.

const framesMax = 32
/** So much read takes a whole turn, too: an honest till sends far less at once. */
const bytesMax = 16_384

export type Turn = {
  readonly isOver: () => boolean
  readonly spendFrame: () => void
  readonly spendBytes: (count: number) => void
}

/** `next` is called when a turn in which anything was spent is followed by a new one. */
export function takeTurns(next: () => void): Turn {
  let spent = 0 // 1: the turn is over

  function spend(part: number): void {
    if (spent === 0) setImmediate(begin)
    spent += part
  }

  function begin(): void {
    spent = 0
    next()
  }

  return {
    isOver: () => spent >= 1,
    spendFrame: () => spend(1 / framesMax),
    spendBytes: (count) => spend(count / bytesMax),
  }
}
