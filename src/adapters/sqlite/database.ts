// Opens an SQLite file the way this project uses one: WAL, every setting read back, schema up to date.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { isLocked, openingError } from './errors.ts'

/** One step of a schema: SQL, or work that SQL alone cannot do. */
export type Migration = string | ((database: DatabaseSync) => void)

type DatabaseOptions = {
  readonly file: string
  /** `FULL` where a commit must survive power loss, `NORMAL` where it can be made again from the log. */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Each takes the schema one version further. Published ones are for ever: add, never edit. */
  readonly migrations: readonly Migration[]
  /** What is deleted or moved inside the file is overwritten at once: without it, copies stay in free space. */
  readonly secureDelete?: true
  /** For who fills a new file and throws it away where that fails: nothing waits for the disk, and what is written again and again stays in memory. */
  readonly inBulk?: boolean
  /** Pages kept in memory, for work in bulk that must last; absent: SQLite's own 2 MiB. */
  readonly cacheKiB?: number
}

// A transaction here lasts some milliseconds; who holds the lock for this long is not taking turns. Opening waits
// longer: gateways that start together make or convert the same file, each with several connections.
const busyTimeoutMs = 1_000
const openingTimeoutMs = 4_000
const askAgainMs = 5

const bulkSettings = { synchronous: 0, wal_autocheckpoint: 32_768, cache_size: -256 * 1_024 } // pages of 4 KiB; KiB

export function openDatabase(options: DatabaseOptions): DatabaseSync {
  makeFolder(options.file)
  try {
    return prepared(options)
  } catch (error) {
    throw openingError(error, options.file)
  }
}

/** All of the work or none of it. The lock is taken first, so what the work reads stays true until it ends. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('begin immediate')
  try {
    const result = work()
    database.exec('commit')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('rollback') // SQLite may have done so itself
    throw error
  }
}

/** What was filled in bulk, before it is closed: one write more, that waits, and the whole file is on the disk when the last one has closed it. */
export function waitForDisk(database: DatabaseSync): void {
  const version = Number(pragma(database, 'user_version'))
  database.exec(`pragma synchronous = full; pragma user_version = ${version}`)
}

function makeFolder(file: string): void {
  const folder = dirname(file)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const reason = (error as Error).message
    throw new StoreUnavailable(`The folder ${folder} cannot be made: ${reason}`, { cause: error })
  }
}

function prepared({
  file,
  synchronous,
  migrations,
  secureDelete,
  inBulk,
  cacheKiB,
}: DatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: openingTimeoutMs })
  try {
    patiently(() => configure(database, file, synchronous))
    if (secureDelete) set(database, file, 'secure_delete', 1)
    if (cacheKiB !== undefined) set(database, file, 'cache_size', -cacheKiB)
    if (inBulk) for (const [name, wanted] of Object.entries(bulkSettings)) set(database, file, name, wanted)
    inTransaction(database, () => migrate(database, file, migrations))
    set(database, file, 'busy_timeout', busyTimeoutMs)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Two that turn a new file into WAL at once would wait for each other for ever, so SQLite refuses one of them without
 * waiting, whatever the timeout: that one has to ask again.
 */
function patiently(work: () => void): void {
  const deadline = Date.now() + openingTimeoutMs
  for (;;) {
    try {
      work()
      return
    } catch (error) {
      if (!isLocked(error) || Date.now() >= deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, askAgainMs)
    }
  }
}

/** Some settings are silently ignored where they cannot work (WAL on a network drive), so each is read back. */
function configure(database: DatabaseSync, file: string, synchronous: 'FULL' | 'NORMAL'): void {
  const settings = {
    journal_mode: 'wal',
    synchronous: synchronous === 'FULL' ? 2 : 1,
    wal_autocheckpoint: synchronous === 'FULL' ? 1_000 : 4_000, // callers wait for the first; the second saves writing hot pages twice
    mmap_size: 0, // a disk error in mapped memory kills the process instead of failing one call
  }
  for (const [name, wanted] of Object.entries(settings)) set(database, file, name, wanted)
}

function set(database: DatabaseSync, file: string, name: string, wanted: string | number): void {
  database.exec(`pragma ${name} = ${wanted}`)
  const actual = pragma(database, name)
  if (actual !== wanted)
    throw new StoreUnavailable(`${file} has ${name} ${actual}, not ${wanted}: use a local disk`)
}

function migrate(database: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const version = Number(pragma(database, 'user_version'))
  if (version > migrations.length) {
    const versions = `its schema is version ${version}, this program knows ${migrations.length}`
    throw new StoreUnavailable(`${file} was made by a newer version (${versions}): run that version`)
  }
  for (const migration of migrations.slice(version)) {
    if (typeof migration === 'string') database.exec(migration)
    else migration(database)
  }
  // Written also when it is the same: a read-only file or a full disk shows now and not at the first payment.
  database.exec(`pragma user_version = ${migrations.length}`)
}

const pragma = (database: DatabaseSync, name: string): unknown =>
  Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
