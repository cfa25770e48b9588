// A file of read models made whole from a log, where there is none yet: without a journal and indexes until it is done, then put in its place.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { projections } from '../../../projections/readModels.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { checkpointTable } from './checkpoints.ts'
import { decodePosition } from './eventRow.ts'
import { createProjector, type Projector } from './projector.ts'
import type { RebuildProgress } from './rebuild.ts'
import { indexSql, tableSql } from './tableSql.ts'

const batch = 50_000
const waitMs = 20
/** Rows are written in the order of their keys, which is no order in the file: what fits in here is not written twice. */
const cacheKiB = 512 * 1_024

type Source = {
  readonly store: Pick<EventStore, 'readAll' | 'head'>
  /** Whether the log is whole; while it is not, more is waited for. */
  readonly isWhole?: () => boolean
  readonly progress?: RebuildProgress
}

/**
 * Answers how many events it was made of. A crash leaves only a draft, which the next attempt makes anew. Nobody may have
 * the file open.
 */
export async function makeReadModels(file: string, source: Source): Promise<number> {
  const draft = `${file}.draft`
  rmSync(draft, { force: true })
  const database = new DatabaseSync(draft, { defensive: false }) // a defensive connection ignores `journal_mode = off`
  try {
    for (const pragma of ['journal_mode = off', 'synchronous = off', `cache_size = -${cacheKiB}`])
      database.exec(`pragma ${pragma}`)
    database.exec(`${checkpointTable} pragma user_version = 1;`)
    for (const projection of projections) database.exec(tableSql(projection, ''))
    const events = await readThrough(source, createProjector(database, projections, ''))
    for (const projection of projections) database.exec(indexSql(projection))
    database.close()
    onDisk(draft)
    renameSync(draft, file)
    return events
  } catch (error) {
    if (database.isOpen) database.close()
    throw error
  }
}

/** Nothing waited for the disk until here, and a file that is half there would be taken for whole. */
function onDisk(file: string): void {
  const opened = openSync(file, 'r+')
  fsyncSync(opened)
  closeSync(opened)
}

async function readThrough(
  { store: { readAll, head }, isWhole = () => true, progress = () => {} }: Source,
  projector: Projector,
): Promise<number> {
  for (let count = 0; ; ) {
    const whole = isWhole()
    const events = await readAll(projector.checkpoint(), batch)
    if (events.length < batch && !whole) {
      await wait(waitMs)
      continue
    }
    if (events.length === 0) return count
    projector.apply(events)
    count += events.length
    progress(count, decodePosition(await head()))
  }
}
