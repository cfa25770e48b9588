// A progress bar on standard error for long work; where nobody watches (no terminal, CI), it prints nothing.
import { progress } from '@clack/prompts'

type ProgressBar = {
  /** How much is done, of how much: `total` may grow while the work goes on. */
  readonly update: (done: number, total: number) => void
  readonly stop: (message: string) => void
  /** Instead of `stop`, when the work failed: whoever caught the error says why. */
  readonly fail: () => void
}

const silent: ProgressBar = { update: () => {}, stop: () => {}, fail: () => {} }
const steps = 1_000
const columnsMin = 60
const countsWidth = 36 // ": 123,456,789 of 123,456,789", the frame before and the dots after
const interrupted = 130

/** `what` is said beside the bar: `verifying events`. All of it stays on one line. */
function progressBar(what: string): ProgressBar {
  const { isTTY, columns } = process.stderr
  if (!isTTY || columns < columnsMin) return silent
  const size = Math.max(5, Math.min(40, columns - what.length - countsWidth))
  // On Ctrl-C the library ends the process with 0, and on a signal not at all: a script would take either for "all is well".
  const onCancel = () => process.exit(interrupted)
  const onExit = () => {
    process.exitCode ||= interrupted
  }
  process.once('exit', onExit)
  const bar = progress({ max: steps, size, output: process.stderr, onCancel, withGuide: false })
  let shown = 0
  bar.start(what)
  return {
    update: (done, total) => {
      const reached = total > 0 ? Math.floor((Math.min(done, total) / total) * steps) : steps
      if (reached <= shown) return
      bar.advance(reached - shown, `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`)
      shown = reached
    },
    stop: (message) => {
      process.off('exit', onExit)
      bar.stop(message)
    },
    fail: () => {
      process.off('exit', onExit)
      bar.error(what)
    },
  }
}

/** Work with a bar that ends with it, whichever way it ends. */
export async function withProgress<T>(
  what: string,
  done: (result: T) => string,
  work: (update: ProgressBar['update']) => Promise<T>,
): Promise<T> {
  const bar = progressBar(what)
  try {
    const result = await work(bar.update)
    bar.stop(done(result))
    return result
  } catch (error) {
    bar.fail()
    throw error
  }
}
