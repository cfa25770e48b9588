// The thread that reads a log file for one job, once.
import { parentPort, workerData } from 'node:worker_threads'
import { readable } from '../../domain/knownEvents.ts'
import { sqliteEventStore } from '../sqlite/eventStore.ts'
import { foldUpTo } from './foldUpTo.ts'
import type { LogJob } from './inLogThread.ts'
import { readRevisions } from './revisions.ts'

const job = workerData as LogJob
const log = sqliteEventStore({ file: job.eventsFile, now: () => new Date() })
const store = readable(log)
if (job.job === 'fold') await foldUpTo(store, job.file, job.since, job.instant)
else parentPort!.postMessage(await readRevisions(store, job.targets, job.asOf, job.upTo))
await log.close()
