// Rebuilding the read models: from the log into drafts beside the live ones, compared with them, and put in their place where they differ. A gateway may run meanwhile.
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Projection } from '../../../projections/projection.ts'
import { projections } from '../../../projections/readModels.ts'
import { type EventStore, StoreBusy, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { inTransaction } from './database.ts'
import type { RebuildProgress } from './draft.ts'
import { type Draft, draftsOf, makeDrafts } from './drafts.ts'
import { isLocked, openingError } from './errors.ts'
import { checkpointOf, createProjector, type Projector } from './projector.ts'
import { quoted } from './tableSql.ts'

const batch = 2_000

export type Rebuilt = {
  readonly position: string
  /** Tables whose rebuilt rows were not the live ones: none, unless something is wrong. */
  readonly differing: readonly string[]
}

type ReadModels = { readonly file: string; readonly database: DatabaseSync; readonly live: Projector }
type Log = {
  readonly store: EventStore
  /** Where the log is a file: two threads read it then, each for half of the tables. */
  readonly logFile: string | undefined
}

/**
 * Builds every table as far as the live ones have come, or, where these have not begun, to the end of the log. Throws
 * StoreBusy while another process does so.
 */
export async function rebuild(models: ReadModels, log: Log, progress: RebuildProgress): Promise<Rebuilt> {
  const { file, live } = models
  const release = holdLock(`${file}.rebuild`)
  const drafts = draftsOf(file, log.logFile)
  const remove = () => {
    for (const draft of drafts) rmSync(draft.file, { force: true })
  }
  process.once('exit', remove) // whoever is told to stop leaves nothing behind that fills the disk
  try {
    const begun = live.checkpoint()
    const head = await log.store.head()
    if (begun > head) throw new StoreUnavailable(shorterLog(file))
    await makeDrafts(drafts, log, begun || head, progress)
    return await withDrafts(models, drafts, async (attached) => {
      if (begun === '' && attached.fill()) return { position: live.checkpoint(), differing: [] }
      let differing: readonly Projection[] | undefined
      for (; !differing; differing = attached.compare()) await attached.catchUp(log.store)
      while (differing.length > 0 && !attached.replace(differing)) await attached.catchUp(log.store)
      return { position: live.checkpoint(), differing: differing.map(({ name }) => name) }
    })
  } finally {
    process.off('exit', remove)
    remove()
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
    if (!isLocked(error)) throw openingError(error, file)
    throw new StoreBusy('The read models are already being rebuilt: wait until that is done.', {
      cause: error,
    })
  }
  return () => lock.close()
}

const shorterLog = (file: string): string =>
  `${file} has read further than the log goes, as if the log were an older copy. ` +
  'If that log is the right one, stop every gateway, move the file away and start again: it is made anew.'

type Attached = {
  /** Folds what the live tables have counted since into the drafts, and no more, or the two could not be compared. */
  readonly catchUp: (store: EventStore) => Promise<void>
  /** The projections that differ; undefined when the live tables have moved on. */
  readonly compare: () => readonly Projection[] | undefined
  /** Puts tables of the drafts in the place of the live ones; false when those have moved on. */
  readonly replace: (changed: readonly Projection[]) => boolean
  /** Puts all of them in the place of live ones that have not come as far; false when those have moved on. */
  readonly fill: () => boolean
}

/** Work with the drafts attached to the live tables' connection. */
async function withDrafts<T>(
  { file, database, live }: ReadModels,
  drafts: readonly Draft[],
  work: (attached: Attached) => Promise<T>,
): Promise<T> {
  const open = drafts.map(({ file: draftFile, kept }, n) => {
    const draft = new DatabaseSync(draftFile)
    database.prepare('attach ? as ?').run(draftFile, `draft${n}`)
    return { schema: `draft${n}`, kept, draft, projector: createProjector(draft, kept) }
  })
  const reached = () => open[0]!.projector.checkpoint()
  const inDraft = ({ name }: Projection): string => {
    const { schema } = open.find(({ kept }) => kept.some((one) => one.name === name))!
    return `${schema}.${quoted(name)}`
  }
  const put = (changed: readonly Projection[]): true => {
    for (const projection of changed) {
      database.exec(`delete from ${quoted(projection.name)}`)
      database.exec(`insert into ${quoted(projection.name)} select * from ${inDraft(projection)}`)
    }
    checkpointOf(database).save(reached())
    return true
  }
  const isLevel = (): boolean => {
    const at = live.checkpoint()
    if (at < reached()) throw new StoreBusy('The read models were made anew meanwhile: ask again.')
    return at === reached()
  }
  try {
    return await work({
      catchUp: async (store) => {
        const end = live.checkpoint()
        while (reached() < end) {
          const events = await store.readAll(reached(), batch)
          if (events.length === 0) throw new StoreUnavailable(shorterLog(file))
          const counted = events.filter(({ position }) => position <= end)
          for (const { projector } of open) projector.apply(counted)
        }
      },
      compare: () =>
        inView(database, () => {
          if (!isLevel()) return undefined
          return projections.filter((projection) => differs(database, projection, inDraft(projection)))
        }),
      replace: (changed) => inTransaction(database, () => isLevel() && put(changed)),
      fill: () => inTransaction(database, () => live.checkpoint() <= reached() && put(projections)),
    })
  } finally {
    for (const { schema, draft } of open) {
      database.exec(`detach ${schema}`)
      draft.close()
    }
  }
}

/** In one view of the file, without keeping anybody from writing. */
function inView<T>(database: DatabaseSync, work: () => T): T {
  database.exec('begin')
  try {
    return work()
  } finally {
    database.exec('commit')
  }
}

/** Each row is looked up by its key: sorting both tables would take several times as long. */
function differs(database: DatabaseSync, { name, columns, key }: Projection, built: string): boolean {
  const live = quoted(name)
  const all = (names: readonly string[], compared: string) =>
    names.map((name) => `live.${quoted(name)} ${compared} built.${quoted(name)}`).join(' and ')
  const text = `select (select count(*) from ${live}) <> (select count(*) from ${built}) or exists (
    select 1 from ${live} as live left join ${built} as built on ${all(key, '=')}
    where not (${all(Object.keys(columns), 'is')})) as differs`
  return database.prepare(text).get()!.differs === 1
}
