// A copy of a database as it was at one moment, while others go on writing to it, read through once it is there.
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { openingError } from './errors.ts'

const pagesAtOnce = 1_000

/** `to` must not exist. Others may write meanwhile: what they write is not in the copy. */
export async function copyDatabase(
  from: string,
  to: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<void> {
  try {
    const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 })
    try {
      // Without a transaction of ours every write of a gateway would make the copy begin again.
      source.exec('begin; select count(*) from sqlite_schema')
      const told = { totalPages: 0, remainingPages: 0 }
      const tell = ({ totalPages, remainingPages }: typeof told) =>
        progress(totalPages - remainingPages, totalPages)
      await backup(source, to, { rate: pagesAtOnce, progress: tell })
    } finally {
      source.close()
    }
    check(to)
  } catch (error) {
    throw openingError(error, from)
  }
}

function check(file: string): void {
  const copy = new DatabaseSync(file)
  try {
    copy.exec('pragma journal_mode = delete') // one file, that can be read also where nothing may be written
    const { integrity_check: found } = copy.prepare('pragma integrity_check(1)').get() as {
      integrity_check: string
    }
    if (found !== 'ok') throw new StoreUnavailable(`The copy ${file} is damaged: ${found}`)
  } finally {
    copy.close()
  }
}
