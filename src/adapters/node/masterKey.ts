// The master key: from the environment, or made at the first start and kept beside the data, readable by its owner only.
import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

const bytes = 32

export function masterKey(dataDir: string, fromEnvironment: string | undefined): Uint8Array {
  const key = Buffer.from(fromEnvironment ?? readOrMake(join(dataDir, 'master.key')), 'base64')
  if (key.length !== bytes)
    throw new StoreUnavailable(
      'The master key is not 32 bytes in base64. Make one with: openssl rand -base64 32',
    )
  return key
}

function readOrMake(file: string): string {
  if (!existsSync(file)) make(file)
  return readFileSync(file, 'utf8')
}

/** Written whole and then named, so that of two first starts at once neither reads half a key, and one key stands. */
function make(file: string): void {
  const draft = `${file}.${process.pid}`
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(draft, randomBytes(bytes).toString('base64'), { mode: 0o600, flush: true })
    linkSync(draft, file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST')
      throw new StoreUnavailable(`${file} cannot be written: ${message}`, { cause: error })
  } finally {
    rmSync(draft, { force: true })
  }
}
