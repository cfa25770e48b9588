// The thread that keeps the read models up with the log file, until it is told to stop.
import { parentPort, workerData } from 'node:worker_threads'
import { readable } from '../../domain/knownEvents.ts'
import { sqliteEventStore } from '../sqlite/eventStore.ts'
import { sqliteReadModels } from '../sqlite/readModels.ts'
import { createLog } from './log.ts'
import { readLog } from './logReader.ts'
import { type ProjectorFiles, projecting } from './projections.ts'

const { eventsFile, readModelsFile, logLevel } = workerData as ProjectorFiles
const now = () => new Date()
const log = sqliteEventStore({ file: eventsFile, now })
const store = readable(log)
const readModels = sqliteReadModels(readModelsFile)
const ending = new AbortController()
const reader = readLog(
  store,
  projecting(readModels, ending.signal),
  { now, log: createLog(logLevel) },
  ending.signal,
)

parentPort!.once('message', async () => {
  ending.abort()
  await reader.stopped
  await log.close()
  readModels.close()
})
