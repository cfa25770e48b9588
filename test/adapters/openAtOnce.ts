// A worker that opens new databases at the same moments as others; says what went wrong, if anything did.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../../src/adapters/sqlite/database.ts'

const { folder, files, workers, arrived } = workerData as {
  folder: string
  files: number
  workers: number
  arrived: Int32Array
}
const faults: string[] = []
for (let file = 0; file < files; file++) {
  Atomics.add(arrived, file, 1)
  while (Atomics.load(arrived, file) < workers); // all of them, or the moment is not the same
  try {
    const migrations = ['create table made (once integer)']
    openDatabase({ file: join(folder, `${file}.sqlite`), synchronous: 'NORMAL', migrations }).close()
  } catch (error) {
    faults.push(String(error))
  }
}
parentPort!.postMessage(faults)
