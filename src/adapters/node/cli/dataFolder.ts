// What the commands on a data folder share: its option, the stores in it, the form of an answer, and the meanings of exit codes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { type EventStore, StoreUnavailable } from '../../../domain/core/eventStore.ts'
import { upcasting } from '../../../domain/core/upcast.ts'
import { sqliteEventStore } from '../../sqlite/eventStore.ts'
import { type SqliteProcesses, sqliteProcesses } from '../../sqlite/processes.ts'
import { type SqliteReadModels, sqliteReadModels } from '../../sqlite/readModels.ts'

export type DataOptions = { readonly dataDir: string; readonly json?: true }
export type DataFolder = {
  readonly store: EventStore
  readonly readModels: SqliteReadModels
  readonly processes: SqliteProcesses
}

/** What 0 and 1 mean for a command: 1 is its own "no", for scripts. */
type ExitCodes = { readonly 0: string; readonly 1?: string }

/** A command on a data folder, whether or not a gateway runs on it. */
export const dataCommand = (
  parent: Command,
  usage: string,
  description: string,
  exitCodes: ExitCodes,
): Command =>
  parent
    .command(usage)
    .description(description)
    .addOption(new Option('--data-dir <folder>', 'where the data is').env('DATA_DIR').default('./data'))
    .option('--json', 'print JSON')
    .addHelpText('after', exitCodesHelp(exitCodes))

const exitCodesHelp = (meanings: ExitCodes): string => {
  const all = { ...meanings, 2: 'it could not be done; standard error says why' }
  const lines = Object.entries(all).map(([code, meaning]) => `  ${code}  ${meaning}`)
  return `\nExit codes:\n${lines.join('\n')}`
}

/** Opens the folder, does the work, closes it. A folder without a log is refused, never made. */
export async function inDataFolder<T>(
  { dataDir }: DataOptions,
  work: (folder: DataFolder) => Promise<T>,
): Promise<T> {
  const file = join(dataDir, 'events.sqlite')
  if (!existsSync(file))
    throw new StoreUnavailable(
      `${file} does not exist: name the folder of a gateway with --data-dir or DATA_DIR.`,
    )
  const opened: { close: () => unknown }[] = []
  const open = <S extends { close: () => unknown }>(resource: S): S => {
    opened.unshift(resource)
    return resource
  }
  try {
    return await work({
      store: upcasting(open(sqliteEventStore({ file, now: () => new Date() }))),
      readModels: open(sqliteReadModels(join(dataDir, 'read-models.sqlite'))),
      processes: open(sqliteProcesses(join(dataDir, 'processes.sqlite'))),
    })
  } finally {
    for (const resource of opened) await resource.close()
  }
}
