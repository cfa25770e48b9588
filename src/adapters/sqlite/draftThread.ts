// The thread that makes one draft of a log file.
import { parentPort, workerData } from 'node:worker_threads'
import { projections } from '../../../projections/readModels.ts'
import { readable } from '../../domain/knownEvents.ts'
import { makeDraft } from './draft.ts'
import type { DraftJob, DraftSays } from './drafts.ts'
import { sqliteEventStore } from './eventStore.ts'

const { draft, tables, logFile, upTo } = workerData as DraftJob
const kept = projections.filter(({ name }) => tables.includes(name))
const store = sqliteEventStore({ file: logFile, now: () => new Date() })
let told = 0
const progress = (done: number, total: number): void => {
  if (done < told + total / 1_000) return
  told = done
  parentPort!.postMessage({ done, total } satisfies DraftSays)
}
await makeDraft(draft, kept, { store: readable(store), upTo, progress })
await store.close()
