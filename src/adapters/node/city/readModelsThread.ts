// The thread that makes the read models of a log while it is being written.
import { parentPort, workerData } from 'node:worker_threads'
import { makeReadModels } from '../../sqlite/draft.ts'
import { sqliteEventStore } from '../../sqlite/eventStore.ts'
import type { ReadModelFiles, ThreadSays } from './readModels.ts'

const { eventsFile, readModelsFile } = workerData as ReadModelFiles
const port = parentPort!
let whole = false
port.once('message', () => {
  whole = true
})
const store = sqliteEventStore({ file: eventsFile, now: () => new Date() })
const isWhole = () => whole
const progress = (done: number, total: number) => port.postMessage({ done, total } satisfies ThreadSays)
progress(0, 0)
await makeReadModels(readModelsFile, { store, isWhole, progress })
await store.close()
