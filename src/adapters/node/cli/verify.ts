// `thungan verify`: proves that the log is as it was recorded, or names the first place where it is not.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describeFinding } from '../../../domain/proof/finding.ts'
import { type Verification, verifyLog } from '../../sqlite/verifyLog.ts'
import { masterKey } from '../masterKey.ts'
import { checkSignature, signer } from '../signer.ts'
import { type DataOptions, dataCommand, eventsFile } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { checkReceipt } from './receipt.ts'
import { print } from './safe.ts'

type Options = DataOptions & {
  readonly day?: string
  readonly receipt?: string
  readonly publicKey?: string
}

/** Adds `verify`. */
export function addVerifyCommand(program: Command): void {
  dataCommand(
    program,
    'verify',
    'check, on the data or a copy of them, that nothing recorded was changed, removed, inserted or moved',
    { 0: 'all is as it was recorded', 1: 'it is not: the first place is named' },
  )
    .option('--day <date>', 'only the events of this sealed business day, 2026-11-22')
    .option('--receipt <file>', "a payment's proof instead of the log; - reads standard input")
    .option('--public-key <key>', "the key that must have signed: the master key's unless said")
    .action(verify)
}

async function verify(options: Options): Promise<void> {
  const sound =
    options.receipt === undefined
      ? await checkLog(options)
      : checkReceipt(options.receipt, options.publicKey, options.json)
  process.exitCode = sound ? 0 : 1
}

async function checkLog(options: Options): Promise<boolean> {
  const { dataDir, day, json } = options
  const file = eventsFile(options)
  const publicKey = options.publicKey ?? ownKey(dataDir)
  const result = await withProgress('verifying events', outcome, (progress) =>
    verifyLog({
      file,
      checkSignature,
      ...(day !== undefined && { day }),
      ...(publicKey !== undefined && { publicKey }),
      progress,
    }),
  )
  const sound = result.finding === undefined
  print(json, { ok: sound, ...result }, report(result, publicKey !== undefined))
  return sound
}

const outcome = ({ finding }: Verification): string =>
  finding ? 'something is not as it was recorded' : 'verified'

/** The key that this gateway signs with, where its master key is at hand; none is made. */
export function ownKey(dataDir: string): string | undefined {
  const fromEnvironment = process.env.MASTER_KEY || undefined
  const isHere = fromEnvironment !== undefined || existsSync(join(dataDir, 'master.key'))
  return isHere ? signer(masterKey(dataDir, fromEnvironment)).publicKey : undefined
}

function report(
  { events, seals, unsealed, lastSeal, publicKey, finding }: Verification,
  known: boolean,
): string {
  if (finding) return describeFinding(finding)
  const days = seals === 1 ? '1 sealed day' : `${count(seals)} sealed days`
  const lines = [`${count(events)} events are as they were recorded, ${days} among them.`]
  if (lastSeal) lines.push(`The last seal is of ${lastSeal}, by the key ${publicKey}.`)
  if (lastSeal && !known)
    lines.push('That key is the one in the seals themselves: compare it with the one you know.')
  if (unsealed > 0)
    lines.push(`Newer than the last seal: ${count(unsealed)}. Of these only the chains could be checked.`)
  return lines.join('\n')
}

const count = (number: number): string => number.toLocaleString('en')
