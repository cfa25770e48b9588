// Certificates and keys that the environment names by their files.
import { readFileSync } from 'node:fs'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

/** The text of a PEM file; `what` needs it, and is named where it cannot be read. */
export function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StoreUnavailable(`Cannot read ${file} for ${what}.`, { cause: error })
  }
}
