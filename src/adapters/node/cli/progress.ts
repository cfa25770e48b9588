// A progress bar on standard error for long work; where nobody watches (no terminal, CI), it prints nothing.
import { progress } from '@clack/prompts'

export type ProgressBar = {
  /** How much is done, of how much: `total` may grow while the work goes on. */
  readonly update: (done: number, total: number) => void
  readonly stop: (message: string) => void
}

const silent: ProgressBar = { update: () => {}, stop: () => {} }
const steps = 1_000

/** `what` is said beside the bar: `verifying events`. */
export function progressBar(what: string): ProgressBar {
  if (!process.stderr.isTTY) return silent
  const bar = progress({ max: steps, output: process.stderr })
  let shown = 0
  bar.start(what)
  return {
    update: (done, total) => {
      const reached = total > 0 ? Math.floor((Math.min(done, total) / total) * steps) : steps
      if (reached <= shown) return
      bar.advance(reached - shown, `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`)
      shown = reached
    },
    stop: (message) => bar.stop(message),
  }
}
