// Many writers, one transaction: whatever was asked for in one turn of the event loop is committed together.
import { StoreBusy } from '../../domain/core/eventStore.ts'

// One caller alone waits for one fsync; many share it. The bounds keep the main thread free for everyone else.
const groupMax = 512
const groupMs = 2
const queueMax = 8_192

type Waiting<Job, Result> = {
  readonly job: Job
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

type GroupCommit<Job, Result> = {
  /** Resolves once the job's transaction is durable. */
  readonly submit: (job: Job) => Promise<Result>
  /** Commits, or refuses, everything that waits, before it returns. */
  readonly drain: () => void
}

export function groupCommit<Job, Result>(
  transaction: (work: () => void) => void,
  apply: (job: Job) => Result,
): GroupCommit<Job, Result> {
  const queue: Waiting<Job, Result>[] = []

  const applyGroup = (results: Result[]): void => {
    const deadline = performance.now() + groupMs
    while (results.length < Math.min(queue.length, groupMax)) {
      results.push(apply(queue[results.length]!.job))
      if (performance.now() > deadline) return
    }
  }

  const flush = (): void => {
    const results: Result[] = []
    try {
      transaction(() => applyGroup(results))
      for (const [index, { resolve }] of queue.splice(0, results.length).entries()) resolve(results[index]!)
    } catch (error) {
      // Those behind the group would wait for the same answer, and for a lock each of them in turn.
      for (const { reject } of queue.splice(0)) reject(error)
    }
  }

  const flushAndContinue = (): void => {
    if (queue.length > 0) flush()
    if (queue.length > 0) setImmediate(flushAndContinue)
  }

  const submit = (job: Job): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (queue.length >= queueMax) throw new StoreBusy(`${queueMax} appends are waiting: try again`)
      if (queue.length === 0) setImmediate(flushAndContinue)
      queue.push({ job, resolve, reject })
    })

  const drain = (): void => {
    while (queue.length > 0) flush()
  }

  return { submit, drain }
}
