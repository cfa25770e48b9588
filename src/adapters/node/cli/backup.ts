// `thungan backup`: copies a data folder while a gateway works on it, and verifies the copy before it gets its name.
import { join } from 'node:path'
import type { Command } from 'commander'
import { describeFinding } from '../../../domain/proof/finding.ts'
import { type Verification, verifyLog } from '../../sqlite/verifyLog.ts'
import { backUp } from '../backup.ts'
import { checkSignature } from '../signer.ts'
import { type DataOptions, dataCommand, eventsFile } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { print } from './safe.ts'
import { ownKey } from './verify.ts'

/** Adds `backup`. */
export function addBackupCommand(program: Command): void {
  dataCommand(
    program,
    'backup',
    'copy what cannot be made again into a new folder and verify the copy; a gateway may run meanwhile',
    {
      0: 'the copy is there, and good',
      1: 'the log is not as it was recorded: the first place is named, and the copy left as FOLDER.part',
    },
  )
    .argument('<folder>', 'where the copy shall be; nothing may be there yet')
    .action(backup)
}

async function backup(to: string, options: DataOptions): Promise<void> {
  eventsFile(options) // there is one
  const { files, folder, accept } = await withProgress(
    'copying pages',
    () => 'copied',
    (update) => backUp(options.dataDir, to, update),
  )
  const publicKey = ownKey(options.dataDir)
  const { events, head, finding } = await withProgress<Verification>(
    'verifying the copy',
    ({ finding }) => (finding ? 'something is not as it was recorded' : 'verified'),
    (progress) =>
      verifyLog({
        file: join(folder, 'events.sqlite'),
        checkSignature,
        ...(publicKey !== undefined && { publicKey }),
        progress,
      }),
  )
  if (finding) {
    print(options.json, { ok: false, folder, finding }, describeFinding(finding))
    process.exitCode = 1
    return
  }
  accept()
  print(options.json, { ok: true, folder: to, files, events, head }, inWords(to, files, events, head))
}

function inWords(
  folder: string,
  files: readonly string[],
  events: number,
  head: Verification['head'],
): string {
  const lines = [
    `${folder}: ${files.join(', ')}`,
    `${events.toLocaleString('en')} events are as they were recorded; the last one has the hash ${head?.hash ?? '(none)'}.`,
  ]
  if (!files.includes('master.key'))
    lines.push('There was no master.key: keep MASTER_KEY beside the copy, it opens nothing without.')
  return lines.join('\n')
}
