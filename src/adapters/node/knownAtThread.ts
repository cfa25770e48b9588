// The thread that folds the log file up to an instant, once.
import { workerData } from 'node:worker_threads'
import { sqliteEventStore } from '../sqlite/eventStore.ts'
import { type Cut, foldUpTo } from './foldUpTo.ts'

const { eventsFile, file, cut } = workerData as { eventsFile: string; file: string; cut: Cut }
const store = sqliteEventStore({ file: eventsFile, now: () => new Date() })
await foldUpTo(store, file, cut)
await store.close()
