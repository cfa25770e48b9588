// Rebuilding the read models: from the log, beside the live ones, compared with them, and put in their place. A gateway may run meanwhile.
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { Projection } from '../../../projections/projection.ts'
import { projections } from '../../../projections/readModels.ts'
import { type EventStore, StoreBusy, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { inTransaction } from './database.ts'
import { decodePosition } from './eventRow.ts'
import { createProjector, type Projector } from './projector.ts'
import { indexSql, tableSql } from './tableSql.ts'

const batch = 2_000
const giveWayMaxMs = 100

/** What the tables being built are called: the live name and this. */
export const shadow = '__rebuild'

export type Rebuilt = {
  readonly position: string
  /** Tables whose rebuilt rows were not the live ones: none, unless something is wrong. */
  readonly differing: readonly string[]
}
/** How far the log has been read, of how far it is to be. */
export type RebuildProgress = (done: number, total: number) => void

/** Rebuilds every table as far as the live ones have come. Throws StoreBusy while another process does so. */
export async function rebuild(
  file: string,
  database: DatabaseSync,
  live: Projector,
  store: EventStore,
  progress: RebuildProgress = () => {},
): Promise<Rebuilt> {
  const release = holdLock(`${file}.rebuild`)
  try {
    const building = makeTables(database)
    const catchUp = () => catchUpWith(file, live, building, store, progress)
    await catchUp()
    let differing = compareTables(database, building, live)
    for (; !differing; differing = compareTables(database, building, live)) await catchUp()
    for (;;) {
      if (switchTables(database, building, live)) return { position: live.checkpoint(), differing }
      await catchUp()
    }
  } finally {
    release()
  }
}

/** One rebuild at a time over all processes. SQLite's lock on an empty file ends with whoever held it, also when it was killed. */
function holdLock(file: string): () => void {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw new StoreBusy('The read models are already being rebuilt: wait until that is done.', {
      cause: error,
    })
  }
  return () => lock.close()
}

function makeTables(database: DatabaseSync): Projector {
  inTransaction(database, () => {
    for (const { name } of projections) database.exec(`drop table if exists "${name}${shadow}"`)
    database.exec(`delete from checkpoints where name = 'projections${shadow}'`)
    for (const projection of projections) database.exec(tableSql(projection, shadow))
  })
  return createProjector(database, projections, shadow)
}

/** To where the live tables are now and no further, or the two could not be compared. */
async function catchUpWith(
  file: string,
  live: Projector,
  building: Projector,
  store: EventStore,
  progress: RebuildProgress,
): Promise<void> {
  const end = live.checkpoint()
  while (building.checkpoint() < end) {
    const events = await store.readAll(building.checkpoint(), batch)
    if (events.length === 0) throw new StoreUnavailable(shorterLog(file))
    const started = performance.now()
    building.apply(events.filter(({ position }) => position <= end))
    progress(decodePosition(building.checkpoint()), decodePosition(end))
    await wait(Math.min(giveWayMaxMs, performance.now() - started)) // the lock on the file is a running gateway's as often
  }
}

const shorterLog = (file: string): string =>
  `${file} has read further than the log goes, as if the log were an older copy. ` +
  'If that log is the right one, stop every gateway, move the file away and start again: it is made anew.'

/** Compared in one view of the file, without keeping anybody from writing; undefined when the live tables have moved on. */
function compareTables(
  database: DatabaseSync,
  building: Projector,
  live: Projector,
): readonly string[] | undefined {
  database.exec('begin')
  try {
    if (building.checkpoint() !== live.checkpoint()) return undefined
    return projections.filter((projection) => differs(database, projection)).map(({ name }) => name)
  } finally {
    database.exec('commit')
  }
}

function differs(database: DatabaseSync, { name }: Projection): boolean {
  const except = (a: string, b: string) =>
    database.prepare(`select 1 from (select * from "${a}" except select * from "${b}") limit 1`).get()
  return Boolean(except(name, name + shadow) || except(name + shadow, name))
}

/** False when the live tables have moved on meanwhile. */
const switchTables = (database: DatabaseSync, building: Projector, live: Projector): boolean =>
  inTransaction(database, () => {
    if (building.checkpoint() !== live.checkpoint()) return false
    for (const { name } of projections) {
      database.exec(`drop table "${name}"`)
      database.exec(`alter table "${name}${shadow}" rename to "${name}"`)
    }
    for (const projection of projections) database.exec(indexSql(projection))
    database.exec(`delete from checkpoints where name = 'projections${shadow}'`)
    return true
  })
