// `thungan reinterpret`: reads every stored notification again, shows what would change, and with --apply changes it.
import type { Command } from 'commander'
import { creditMatcher } from '../../../domain/payments/matchCredit.ts'
import { nodeCrypto } from '../crypto.ts'
import { readEnvironment } from '../environment.ts'
import { gatewayOver } from '../gatewayOver.ts'
import { createLog } from '../log.ts'
import { masterKey } from '../masterKey.ts'
import { applyDifferences, type Reinterpretation, reinterpret } from '../reinterpret.ts'
import { type DataFolder, type DataOptions, dataCommand, fileIn, inDataFolder } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { describeReinterpretation, toJson } from './reinterpretReport.ts'

type Options = DataOptions & { readonly apply?: true }

/** Adds `reinterpret`. */
export function addReinterpretCommand(program: Command): void {
  dataCommand(
    program,
    'reinterpret',
    "read every stored notification again with today's parser and show what would change; a gateway may run meanwhile",
    { 0: 'nothing would, or it was applied', 1: 'something would: --apply does it' },
  )
    .option(
      '--apply',
      'do it: money that can be read now becomes credits, and what names a payment now finds it',
    )
    .action((options: Options) => inDataFolder(options, (folder) => reread(options, folder)))
}

async function reread({ apply, json, dataDir }: Options, folder: DataFolder): Promise<void> {
  const ports = portsOf(dataDir, folder)
  const found = await withProgress('reading notifications again', inAll, (update) =>
    reinterpret(ports, (position, head) => update(Number(position), Number(head))),
  )
  const print = json ? toJson : describeReinterpretation
  if (!json) process.stdout.write(print(found, undefined)) // before anything is done
  const applied = apply && (await applyAll(found))
  if (json) process.stdout.write(print(found, applied))
  else if (applied !== undefined) process.stdout.write(`Applied ${applied}.\n`)
  if (!apply && found.differences.some((difference) => difference.apply)) process.exitCode = 1
}

function portsOf(dataDir: string, folder: DataFolder) {
  const { MASTER_KEY, LOG_LEVEL } = readEnvironment({ ...process.env, DATA_DIR: dataDir })
  if (MASTER_KEY === undefined) fileIn(dataDir, 'master.key')
  const key = masterKey(dataDir, MASTER_KEY)
  const store = folder.store()
  const gateway = gatewayOver(store)
  return {
    store,
    vault: folder.vault(key),
    gateway,
    matchCredit: creditMatcher(gateway),
    crypto: nodeCrypto,
    settings: { masterKey: key },
    log: createLog(LOG_LEVEL),
    now: () => new Date(),
  }
}

const inAll = ({ notifications }: Reinterpretation): string => `${notifications} notifications read again`

const applyAll = ({ differences }: Reinterpretation): Promise<number> =>
  withProgress(
    'applying',
    (applied) => `${applied} applied`,
    (update) => applyDifferences(differences, update),
  )
