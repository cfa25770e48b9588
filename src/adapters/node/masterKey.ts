// The master key: from the environment, or made at the first start and kept beside the data, readable by its owner only.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, randomBytes(bytes).toString('base64'), { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST')
      throw new StoreUnavailable(`${file} cannot be written: ${message}`, { cause: error })
  }
  return readFileSync(file, 'utf8')
}
