// Work that reads much of a log file, in a thread of its own: whoever waits for an answer does not wait for it.
import { Worker } from 'node:worker_threads'
import type { Target } from '../../domain/adoption/indicators.ts'
import type { Revisions } from '../../domain/adoption/revisions.ts'

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
export function inLogThread(job: LogJob): Promise<Revisions | undefined> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./logThread.ts', import.meta.url), { workerData: job })
    let answer: Revisions | undefined
    thread.once('message', (message: Revisions) => {
      answer = message
    })
    thread.once('error', reject)
    thread.once('exit', (code) =>
      code === 0 ? resolve(answer) : reject(new Error(`reading the log ended with ${code}`)),
    )
  })
}
