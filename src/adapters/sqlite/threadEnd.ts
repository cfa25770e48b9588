// How a thread that does one piece of work ended.
import type { Worker } from 'node:worker_threads'

/** Resolves when it is done; rejects with what went wrong in it. `work` is what it was to do, as in "making the read models". */
export const endOf = (thread: Worker, work: string): Promise<void> =>
  new Promise((resolve, reject) => {
    thread.once('error', reject)
    thread.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${work} ended with ${code}`))))
  })
