// Whether a till is listened to right now, and how long a frame that it has begun is waited for meanwhile.
import type { Socket } from 'node:net'

export type Input = {
  readonly read: () => void
  /** The till cannot go on, so it is not timed. */
  readonly pause: () => void
  /** After each chunk: whether it ended a frame, and whether another has begun and is not all here. */
  readonly heard: (chunk: { readonly ended: boolean; readonly begun: boolean }) => void
  readonly stop: () => void
}

export function inputOf(socket: Socket, frameMs: number, tooSlow: () => void): Input {
  let begun = false
  let timer: NodeJS.Timeout | undefined

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    read: () => {
      socket.resume()
      if (begun) timer ??= setTimeout(tooSlow, frameMs).unref()
    },
    pause: () => {
      socket.pause()
      stop()
    },
    heard: (chunk) => {
      begun = chunk.begun
      if (chunk.ended || !begun) stop()
    },
    stop,
  }
}
