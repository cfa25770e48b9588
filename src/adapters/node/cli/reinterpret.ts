// `thungan reinterpret`: reads every stored notification again, shows what would change, and with --apply changes it.
import type { Command } from 'commander'
import { StoreUnavailable } from '../../../domain/core/eventStore.ts'
import { EnvironmentInvalid, readEnvironment } from '../environment.ts'
import { openLog } from '../openLog.ts'
import { applyDifferences, type Reinterpretation, reinterpret } from '../reinterpret.ts'
import { progressBar } from './progress.ts'
import { describeReinterpretation, toJson } from './reinterpretReport.ts'

type Options = { readonly apply?: true; readonly json?: true; readonly dataDir?: string }

/** Adds `reinterpret`. */
export function addReinterpretCommand(program: Command): void {
  program
    .command('reinterpret')
    .description(
      "read every stored notification again with today's parser and show what would change; exit code 1 when something would",
    )
    .option(
      '--apply',
      'do it: money that can be read now becomes credits, and what names a payment now finds it',
    )
    .option('--json', 'print JSON')
    .option('--data-dir <folder>', 'DATA_DIR, ./data unless said; its gateway may be running')
    .action(run)
}

async function run(options: Options, command: Command): Promise<void> {
  try {
    await reread(options)
  } catch (error) {
    const known = error instanceof StoreUnavailable || error instanceof EnvironmentInvalid
    if (known) command.error(`error: ${error.message}`)
    throw error
  }
}

async function reread({ apply, json, dataDir }: Options): Promise<void> {
  const log = openLog(readEnvironment({ ...process.env, ...(dataDir && { DATA_DIR: dataDir }) }))
  try {
    const bar = progressBar('reading notifications again')
    const found = await reinterpret(log, (position, head) => bar.update(Number(position), Number(head)))
    bar.stop(`${found.notifications} notifications read again`)
    const print = json ? toJson : describeReinterpretation
    if (!json) process.stdout.write(print(found, undefined)) // before anything is done
    const applied = apply && (await applyAll(found))
    if (json) process.stdout.write(print(found, applied))
    else if (applied !== undefined) process.stdout.write(`Applied ${applied}.\n`)
    if (!apply && found.differences.some((difference) => difference.apply)) process.exitCode = 1
  } finally {
    await log.close()
  }
}

async function applyAll({ differences }: Reinterpretation): Promise<number> {
  const bar = progressBar('applying')
  const applied = await applyDifferences(differences, bar.update)
  bar.stop(`${applied} applied`)
  return applied
}
