// `thungan import`: fills an empty folder or cluster with the log of a file, and compares what then stands there.
import type { Command } from 'commander'
import { StoreUnavailable } from '../../../domain/core/eventStore.ts'
import type { MoveTarget } from '../../../domain/core/logMove.ts'
import { sqliteMoveTarget } from '../../sqlite/moveTarget.ts'
import { readEnvironment } from '../environment.ts'
import { checkFile } from '../moving/checkFile.ts'
import { fill, readBack } from '../moving/importLog.ts'
import { type DataOptions, dataCommand } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { print } from './safe.ts'

/** Adds `import`. */
export function addImportCommand(program: Command): void {
  dataCommand(
    program,
    'import',
    'fill an empty DATA_DIR, or the empty cluster that EVENT_STORE and EVENTSTORE_URL name, with an exported log; no gateway may run on it',
    {
      0: 'it is there, read back and the same',
      1: 'what was read back differs from the file: no gateway will start on it',
    },
  )
    .argument('<file>', 'written by thungan export; where it was cut off, the same command goes on')
    .action(importFrom)
}

async function importFrom(file: string, options: DataOptions): Promise<void> {
  const log = await withProgress(
    'checking the file',
    () => 'the file is whole',
    (update) => checkFile(file, update),
  )
  const target = await targetOf(options)
  try {
    await withProgress(
      'importing events',
      () => `imported ${log.count.toLocaleString('en')} events`,
      (update) => fill(target, file, log, update),
    )
    const { count, sha256 } = await withProgress(
      'reading back',
      () => 'read back',
      (update) => readBack(target, log, update),
    )
    const isSame = count === log.count && sha256 === log.sha256
    if (isSame) await target.finish()
    else process.exitCode = 1
    const file256 = { count: log.count, sha256: log.sha256 }
    const lines = [said('in the file', file256), said('read back', { count, sha256 })]
    lines.push(isSame ? 'They are the same.' : 'They differ: the log was not moved.')
    print(options.json, { ok: isSame, file: file256, target: { count, sha256 } }, lines.join('\n'))
  } finally {
    await target.close()
  }
}

const said = (where: string, { count, sha256 }: { count: number; sha256: string }): string =>
  `${where.padEnd(11)}  ${count.toLocaleString('en')} events, SHA-256 ${sha256}`

async function targetOf({ dataDir }: DataOptions): Promise<MoveTarget> {
  const { EVENT_STORE, EVENTSTORE_URL: url = '' } = readEnvironment(process.env)
  if (EVENT_STORE === 'sqlite') return sqliteMoveTarget(dataDir)
  if (EVENT_STORE === 'memory')
    throw new StoreUnavailable('A log in memory is gone with its process: name a folder or a cluster')
  const { eventStoreDBMoveTarget } = await import('../../eventstoredb/moveTarget.ts') // as in export
  return eventStoreDBMoveTarget({ url })
}
