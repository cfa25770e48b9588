// What one connection gets done before the others have their turn: a flood of one must not hold up the event loop.

/** Frames begun in a turn. */
const framesMax = 32
/** More than this read at once is a whole turn: an honest till never sends so much. */
const bytesMax = 16_384

export type Turn = {
  readonly isOver: () => boolean
  readonly spendFrame: () => void
  readonly spendBytes: (count: number) => void
}

/** `next` is called when a turn in which anything was spent is followed by a new one. */
export function takeTurns(next: () => void): Turn {
  let spent = 0

  function spend(frames: number): void {
    if (spent === 0) setImmediate(begin)
    spent += frames
  }

  function begin(): void {
    spent = 0
    next()
  }

  return {
    isOver: () => spent >= framesMax,
    spendFrame: () => spend(1),
    spendBytes: (count) => {
      if (count > bytesMax) spend(framesMax)
    },
  }
}
