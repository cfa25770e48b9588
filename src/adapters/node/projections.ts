// Keeps the read models up with the log: in this thread, or, where the log is a file, in a thread of its own.
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type EventStore, type Recorded, StoreBusy } from '../../domain/core/eventStore.ts'
import type { Services } from '../../http/services.ts'
import { type LogReader, lagBehind, type Purpose, readLog } from './logReader.ts'

const name = 'projections'
/** Where much happens, each batch touches the same hot rows and pages: fewer of them cost a third less. */
const lingerMs = (events: number): number => (events < 100 ? 50 : 120)
const restartMs = 1_000
// Without a limit the collector of this second heap waits longer: under load some 80 MB more stayed resident.
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 }

type Clock = Pick<Services, 'now' | 'log'>

/** What counts the log into tables: in a file, at once; in a shared database, when it is this gateway's turn. */
export type FollowingProjector = {
  readonly checkpoint: () => Promise<string> | string
  readonly apply: (events: readonly Recorded[]) => Promise<void> | void
  /** Where to begin, when that must be waited for; the signal ends the wait. */
  readonly begin?: (signal: AbortSignal) => Promise<string>
}
type Projecting = { readonly projector: FollowingProjector }

/** What the reader of the log does for the read models, whichever thread it runs in. */
export const projecting = ({ projector }: Projecting, signal: AbortSignal): Purpose => ({
  name,
  from: () => (projector.begin ? projector.begin(signal) : projector.checkpoint()),
  asksAgain: true,
  handle: projector.apply,
  lingerMs,
})

export type ProjectorFiles = {
  readonly eventsFile: string
  readonly readModelsFile: string
  readonly logLevel: string
}

/**
 * The projector in its own thread, with its own connections: folding a batch takes some milliseconds, which callers
 * would wait for. It reads the log as another process would. A thread that dies is logged and started again.
 */
export function projectInThread(
  files: ProjectorFiles,
  store: EventStore,
  { projector }: Projecting,
  { now, log }: Clock,
  signal: AbortSignal,
): LogReader {
  const runOnce = () =>
    new Promise<void>((resolve, reject) => {
      const thread = new Worker(new URL('./projectorThread.ts', import.meta.url), {
        workerData: files,
        resourceLimits,
      })
      const stop = () => thread.postMessage('stop')
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      thread.once('error', reject)
      thread.once('exit', () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
    })

  async function runUntilStopped(): Promise<void> {
    while (!signal.aborted) {
      await runOnce().catch((error) => log.error({ err: error, reader: name }, 'the projector thread died'))
      if (!signal.aborted) await wait(restartMs, undefined, { signal }).catch(() => {})
    }
  }

  const lag = async () => lagBehind(store, name, await projector.checkpoint(), now)
  return { lag, stopped: runUntilStopped() }
}

export const projectHere = (
  store: EventStore,
  readModels: Projecting,
  clock: Clock,
  signal: AbortSignal,
): LogReader => {
  const { stopped } = readLog(store, projecting(readModels, signal), clock, signal)
  const lag = async () => lagBehind(store, name, await readModels.projector.checkpoint(), clock.now)
  return { lag, stopped }
}

/** Waits, however long, until the read models have counted a position, or all that is in the log now; answers how far they are. The signal ends the wait with an error. */
export const countingUpTo =
  (store: Pick<EventStore, 'head'>, { projector }: Projecting, signal: AbortSignal) =>
  async (position?: string): Promise<string> => {
    const wanted = position ?? (await store.head())
    for (;;) {
      const reached = await projector.checkpoint()
      if (reached >= wanted) return reached
      await wait(lookEveryMs, undefined, { signal })
    }
  }

const catchUpMs = 2_000
const lookEveryMs = 5

/** Waits until the read models have counted all that is in the log now; answers where that ends. StoreBusy where that takes too long, or the signal says that nobody counts any more. */
export const catchingUp =
  (store: Pick<EventStore, 'head'>, { projector }: Projecting, signal: AbortSignal) =>
  async (): Promise<string> => {
    const head = await store.head()
    const deadline = performance.now() + catchUpMs
    while ((await projector.checkpoint()) < head) {
      if (signal.aborted || performance.now() > deadline)
        throw new StoreBusy('The read models are behind the log: ask again in a moment.')
      await wait(lookEveryMs)
    }
    return head
  }
