// One process at a time: a lock that lasts as long as the process, however it ends, because the system takes it back.
import { DatabaseSync } from 'node:sqlite'
import { openingError } from './errors.ts'

type Turn = { readonly release: () => void }

const busy = 5

/** The turn that a file stands for, undefined while another process (or another part of this one) has it. */
export function takeTurn(file: string): Turn | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('begin immediate')
    const held = database
    return { release: () => held.close() }
  } catch (error) {
    database?.close()
    if ((error as { errcode?: number }).errcode === busy) return undefined
    throw openingError(error, file)
  }
}
