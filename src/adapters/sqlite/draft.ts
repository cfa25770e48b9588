// Tables made whole from a log in a file of their own: without a journal and indexes until they are done, and each row written as seldom as can be.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { Projection } from '../../../projections/projection.ts'
import { projections } from '../../../projections/readModels.ts'
import { type EventStore, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { checkpointTable } from './checkpoints.ts'
import { gathering } from './foldRows.ts'
import { checkpointOf, prepareRows } from './projector.ts'
import { indexSql, tableSql } from './tableSql.ts'

const page = 1_000 // events that die young cost the collector nothing
const rowsMax = 100_000 // rows kept in memory before they are written
/** Rows are written in the order of their keys, which is no order in the file: what fits in here is not written twice. */
const cacheKiB = 256 * 1_024
const waitMs = 20

/** How far the log has been read, of how far it is to be. */
export type RebuildProgress = (done: number, total: number) => void

type Source = {
  readonly store: Pick<EventStore, 'readAll' | 'head'>
  /** Where to stop; absent: at the end of the log, once it is whole. */
  readonly upTo?: string
  /** Whether the log is whole; while it is not, more is waited for. */
  readonly isWhole?: () => boolean
  readonly progress?: RebuildProgress
}

/**
 * A file of all read models, where there is none yet; answers how many events it was made of. A crash leaves only a draft,
 * which the next attempt makes anew.
 */
export async function makeReadModels(file: string, source: Source): Promise<number> {
  const draft = `${file}.draft`
  const events = await makeDraft(draft, projections, source)
  onDisk(draft)
  renameSync(draft, file)
  return events
}

/** Nothing waited for the disk until here, and a file that is half there would be taken for whole. */
function onDisk(file: string): void {
  const opened = openSync(file, 'r+')
  fsyncSync(opened)
  closeSync(opened)
}

/** The tables of some projections, with their checkpoint. Nobody may have the file open; what was in it goes. */
export async function makeDraft(file: string, kept: readonly Projection[], source: Source): Promise<number> {
  rmSync(file, { force: true })
  const database = new DatabaseSync(file, { defensive: false }) // a defensive connection ignores `journal_mode = off`
  try {
    for (const pragma of ['journal_mode = off', 'synchronous = off', `cache_size = -${cacheKiB}`])
      database.exec(`pragma ${pragma}`)
    database.exec(`${checkpointTable} pragma user_version = 1;`)
    for (const projection of kept) database.exec(tableSql(projection))
    const events = await fill(database, kept, source)
    for (const projection of kept) database.exec(indexSql(projection))
    return events
  } finally {
    database.close()
  }
}

/** One transaction, for whoever reads the draft reads it whole. */
async function fill(
  database: DatabaseSync,
  kept: readonly Projection[],
  { store: { readAll, head }, upTo, isWhole = () => true, progress = () => {} }: Source,
): Promise<number> {
  const { fold, size, save } = gathering(kept, (projection) => prepareRows(database, projection))()
  let position = ''
  database.exec('begin')
  for (let count = 0; ; ) {
    const whole = isWhole()
    const events = position === upTo ? [] : await readAll(position, page)
    if (events.length < page && !whole) {
      await wait(waitMs)
      continue
    }
    const wanted = upTo === undefined ? events : events.filter((event) => event.position <= upTo)
    if (wanted.length === 0) {
      if (upTo !== undefined && position !== upTo) throw new StoreUnavailable('The log ends too early.')
      save()
      checkpointOf(database).save(position)
      database.exec('commit')
      return count
    }
    for (const event of wanted) fold(event)
    if (size() > rowsMax) save()
    position = wanted.at(-1)!.position
    count += wanted.length
    progress(Number(position), Number(upTo ?? (await head())))
  }
}
