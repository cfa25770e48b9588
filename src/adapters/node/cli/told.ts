// What the person at the terminal is told when a command could not be done.
import { StoreBusy, StoreUnavailable } from '../../../domain/core/eventStore.ts'
import { DayNotSealed } from '../../sqlite/verifyLog.ts'
import { EnvironmentInvalid } from '../environment.ts'
import { LogFileUnusable } from '../moving/checkFile.ts'
import { NotAProof } from './receipt.ts'

/** What the caller can mend; anything else is a bug of ours. */
const theirs = [StoreUnavailable, StoreBusy, EnvironmentInvalid, DayNotSealed, NotAProof, LogFileUnusable]

/** A sentence where the person can do something, else the whole fault. */
export function told(error: unknown): unknown {
  const isTheirs = theirs.some((one) => error instanceof one) || isOfTheSystem(error)
  return isTheirs ? `error: ${(error as Error).message}` : error
}

/** A file that is not there, or that may not be read. */
const isOfTheSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error
