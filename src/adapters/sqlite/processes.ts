// How far each process has read the log, and what it set aside. In a file of its own: the read models' file is locked while rows are written.
import { type Checkpoints, checkpointsIn, checkpointTable } from './checkpoints.ts'
import { openDatabase } from './database.ts'
import { setAsideTable } from './setAside.ts'

export type SqliteProcesses = Checkpoints & { readonly close: () => void }

export function sqliteProcesses(file: string): SqliteProcesses {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: [checkpointTable, setAsideTable] })
  return { ...checkpointsIn(database), close: () => database.close() }
}
