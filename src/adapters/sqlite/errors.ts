// What SQLite's error codes mean for the person who runs this, as the errors of the event store port.
import { StoreBusy, StoreUnavailable } from '../../domain/core/eventStore.ts'

const busy = 5

/** By primary result code (https://sqlite.org/rescode.html): what is wrong, and what to do about it. */
const meanings: Readonly<Record<number, string>> = {
  [busy]: 'is held by another process: end that process, or use another folder',
  6: 'is held by another connection of this process: close that connection',
  8: 'is read-only: let this user write the file and its folder',
  10: 'could not be read or written: check the disk it is on',
  11: 'is corrupt: move it away and restore the last backup',
  13: 'has no room to grow, the disk is full: free some space; nothing was half written',
  14: 'cannot be opened: check that its folder exists and that this user may write there',
  26: 'is not an SQLite database: move it away, or use another folder',
}

/** The primary result code of an error from SQLite, undefined for any other error. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined

/** Why a database cannot be opened. An error that is not SQLite's is a bug and stays as it is. */
export function openingError(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code === undefined) return error
  const meaning = meanings[code] ?? 'cannot be used'
  return new StoreUnavailable(`${file} ${meaning} (SQLite: ${(error as Error).message})`, { cause: error })
}

/** Another connection holds the lock that was asked for. */
export const isLocked = (error: unknown): boolean => codeOf(error) === busy

/** Why an open database refuses: the same, but a lock that outlasts the wait is worth another try. */
export const runningError = (error: unknown, file: string): unknown =>
  isLocked(error)
    ? new StoreBusy(`${file} is locked by another process: try again`, { cause: error })
    : openingError(error, file)
