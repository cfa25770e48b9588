// Work that reads much of a log file, in a thread of its own: whoever waits for an answer does not wait for it.
import { Worker } from 'node:worker_threads'
import type { Target } from '../../domain/adoption/indicators.ts'
import type { Revisions } from '../../domain/adoption/revisions.ts'
import { endOf } from '../sqlite/threadEnd.ts'

export type LogJob = { readonly eventsFile: string } & (
  | { readonly job: 'fold'; readonly file: string; readonly since: string; readonly instant: string }
  | {
      readonly job: 'revisions'
      readonly targets: readonly Target[]
      readonly asOf: string
      readonly upTo: string
    }
)

/** What the thread answers: the revisions, or nothing. */
export async function inLogThread(job: LogJob): Promise<Revisions | undefined> {
  const thread = new Worker(new URL('./logThread.ts', import.meta.url), { workerData: job })
  let answer: Revisions | undefined
  thread.once('message', (message: Revisions) => {
    answer = message
  })
  await endOf(thread, 'reading the log')
  return answer
}
