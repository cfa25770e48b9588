// What the commands on a data folder share: its option, what is in it, and the meanings of exit codes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { type EventStore, StoreUnavailable } from '../../../domain/core/eventStore.ts'
import { readable } from '../../../domain/knownEvents.ts'
import type { WebhookQueue } from '../../../domain/webhooks/webhookQueue.ts'
import type { Vault } from '../../../http/services.ts'
import { sqliteEventStore } from '../../sqlite/eventStore.ts'
import { type SqliteProcesses, sqliteProcesses } from '../../sqlite/processes.ts'
import { type SqliteReadModels, sqliteReadModels } from '../../sqlite/readModels.ts'
import { sqliteWebhookQueue } from '../../sqlite/webhookQueue.ts'
import { folderVault } from '../vaults.ts'

export type DataOptions = { readonly dataDir: string; readonly json?: true }

/** What is in a folder; each is opened when it is asked for, and closed when the work is done. */
export type DataFolder = {
  readonly store: () => EventStore
  readonly readModels: () => SqliteReadModels
  readonly processes: () => SqliteProcesses
  readonly vault: (masterKey: Uint8Array) => Vault
  readonly webhookQueue: () => WebhookQueue
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
    .addOption(dataDirOption())
    .option('--json', 'print JSON')
    .addHelpText('after', exitCodesHelp(exitCodes))

const defaultDir = './data'

/** An empty DATA_DIR is none. */
export const dataDirOption = (): Option =>
  new Option('--data-dir <folder>', 'where the data is')
    .env('DATA_DIR')
    .default(defaultDir)
    .argParser((folder) => folder || defaultDir)

const exitCodesHelp = (meanings: ExitCodes): string => {
  const all = { ...meanings, 2: 'it could not be done; standard error says why' }
  const lines = Object.entries(all).map(([code, meaning]) => `  ${code}  ${meaning}`)
  return `\nExit codes:\n${lines.join('\n')}`
}

/** A file that the gateway of this folder has made. What is not there is refused, never made. */
export function fileIn(dataDir: string, name: string): string {
  const file = join(dataDir, name)
  if (existsSync(file)) return file
  throw new StoreUnavailable(
    `${file} does not exist: name the folder of a gateway with --data-dir or DATA_DIR.`,
  )
}

export const eventsFile = ({ dataDir }: Pick<DataOptions, 'dataDir'>): string =>
  fileIn(dataDir, 'events.sqlite')

/** Does the work on a folder, and closes what it opened. A folder without a log is refused, never made. */
export async function inDataFolder<T>(
  options: Pick<DataOptions, 'dataDir'>,
  work: (folder: DataFolder) => Promise<T>,
): Promise<T> {
  const { dataDir } = options
  const file = eventsFile(options)
  const opened: { close: () => unknown }[] = []
  const open = <S extends { close: () => unknown }>(resource: S): S => {
    opened.unshift(resource)
    return resource
  }
  try {
    return await work({
      store: () => readable(open(sqliteEventStore({ file, now: () => new Date() }))),
      readModels: () => open(sqliteReadModels(join(dataDir, 'read-models.sqlite'))),
      processes: () => open(sqliteProcesses(join(dataDir, 'processes.sqlite'))),
      vault: (masterKey) => {
        fileIn(dataDir, 'vault.sqlite')
        return open(folderVault(dataDir, masterKey, file))
      },
      webhookQueue: () => open(sqliteWebhookQueue(fileIn(dataDir, 'webhooks.sqlite'))),
    })
  } finally {
    for (const resource of opened) await resource.close()
  }
}
