// `thungan export`: writes the whole log into a file that any store can take; a gateway may run meanwhile.
import type { Command } from 'commander'
import { type EventStore, StoreUnavailable } from '../../../domain/core/eventStore.ts'
import { sqliteEventStore } from '../../sqlite/eventStore.ts'
import { readEnvironment } from '../environment.ts'
import { acceptFile, writeLog } from '../moving/exportLog.ts'
import type { End } from '../moving/logLines.ts'
import { type DataOptions, dataCommand, eventsFile } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { print } from './safe.ts'

/** Adds `export`. */
export function addExportCommand(program: Command): void {
  dataCommand(
    program,
    'export',
    'write the whole log into a file, from DATA_DIR or from the cluster that EVENT_STORE and EVENTSTORE_URL name; a gateway may run meanwhile',
    { 0: 'it is there, read through and whole' },
  )
    .argument('<file>', 'log.ndjson; where it was cut off, the same command goes on')
    .action(exportTo)
}

async function exportTo(file: string, options: DataOptions): Promise<void> {
  const store = await source(options)
  try {
    const { count, sha256 } = await withProgress<End>(
      'exporting, by position',
      ({ count }) => `exported ${count.toLocaleString('en')} events`,
      (update) => writeLog(store, file, update),
    )
    await withProgress(
      'checking the file',
      () => 'the file is whole',
      (update) => acceptFile(file, update),
    )
    const text = `${file}: ${count.toLocaleString('en')} events, SHA-256 ${sha256}`
    print(options.json, { file, count, sha256 }, text)
  } finally {
    await store.close()
  }
}

async function source(options: DataOptions): Promise<EventStore> {
  const { EVENT_STORE, EVENTSTORE_URL: url = '' } = readEnvironment(process.env)
  const now = () => new Date()
  if (EVENT_STORE === 'sqlite') return sqliteEventStore({ file: eventsFile(options), now })
  if (EVENT_STORE === 'memory')
    throw new StoreUnavailable('A log in memory is in its gateway only: nothing else can read it')
  const { eventStoreDB } = await import('../../eventstoredb/eventStore.ts') // the other commands start faster without it
  return eventStoreDB({ url, now })
}
