// The read models of the seeded city, made in a thread while its log is being written: there is a second processor for it.
import { Worker } from 'node:worker_threads'
import type { RebuildProgress } from '../../sqlite/draft.ts'
import { endOf } from '../../sqlite/threadEnd.ts'

export type ReadModelFiles = { readonly eventsFile: string; readonly readModelsFile: string }
/** How far the thread has come. */
export type ThreadSays = { readonly done: number; readonly total: number }

export type ReadModelsInMaking = {
  /** Resolves when the thread has opened the log: later it might have to wait too long for its turn. */
  readonly reading: Promise<unknown>
  /** The log is whole: resolves when they are made of all of it. */
  readonly finish: (progress?: RebuildProgress) => Promise<void>
  /** Instead of `finish`, where the log came to nothing. */
  readonly giveUp: () => Promise<unknown>
}

export function beginReadModels(files: ReadModelFiles): ReadModelsInMaking {
  const thread = new Worker(new URL('./readModelsThread.ts', import.meta.url), { workerData: files })
  let told: RebuildProgress = () => {}
  thread.on('message', ({ done, total }: ThreadSays) => told(done, total))
  const ended = endOf(thread, 'making the read models')
  ended.catch(() => {}) // `finish` tells
  const first = new Promise((resolve) => thread.once('message', resolve))
  return {
    reading: Promise.race([first, ended]),
    finish: (progress = () => {}) => {
      told = progress
      thread.postMessage('whole')
      return ended
    },
    giveUp: () => thread.terminate(),
  }
}
