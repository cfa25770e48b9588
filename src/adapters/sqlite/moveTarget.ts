// Takes a log that is moved into a folder: into a file of another name, which becomes the folder's log once it is whole.
import { closeSync, existsSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { type Recorded, StoreBusy, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { isSameLog, type MovedLog, type MoveTarget } from '../../domain/core/logMove.ts'
import { inTransaction, openDatabase } from './database.ts'
import { openingError } from './errors.ts'
import { decodeEvent, decodePosition, isKeepable } from './eventRow.ts'
import { eventMigrations, prepareStatements } from './eventTables.ts'
import { movedIn, movedTable } from './moved.ts'
import { type Rows, rowsOf } from './rows.ts'

const cacheKiB = 65_536
const idsMax = 32_768

const draftOf = (file: string): string => `${file}.moving`

/** To be asked before a log is opened, which would make an empty one. */
export function refuseUnfinishedMove(file: string): void {
  if (existsSync(draftOf(file)) && !existsSync(file))
    throw new StoreUnavailable(
      `A log is being moved into ${dirname(file)}: run thungan import again until it is done`,
    )
}

export function sqliteMoveTarget(dataDir: string): MoveTarget {
  const file = join(dataDir, 'events.sqlite')
  const draft = draftOf(file)
  let opened: Opened | undefined

  const begin = async (log: MovedLog): Promise<void> => {
    if (!isKeepable(log.last))
      throw new StoreUnavailable(`The position ${log.last} is beyond what a log in SQLite can keep`)
    const isFinished = existsSync(file)
    if (!isFinished) refuseRemains(dataDir)
    opened = open(isFinished ? file : draft)
    const moved = isFinished ? movedIn(opened.rows) : claim(opened, log)
    if (moved && isSameLog(moved, log)) return
    throw new StoreUnavailable(
      isFinished
        ? `${file} is there already: name an empty folder`
        : `${draft} is of another log whose move was cut off: finish that one, or remove ${draft}*`,
    )
  }

  const theOpened = (): Opened => {
    if (!opened) throw new Error('begin first')
    return opened
  }

  return {
    begin,
    readAll: async (after, limit) => theOpened().sql.rows(decodePosition(after), limit).map(decodeEvent),
    add: async (events) => add(theOpened(), events),
    finish: async () => {
      const { database, file: filled } = theOpened()
      if (filled === draft) emptyWriteAheadLog(database, draft)
      database.close()
      if (filled === draft && existsSync(draft)) rename(draft, file) // else another has done it
    },
    close: async () => {
      if (opened?.database.isOpen) opened.database.close()
    },
  }
}

/** What a gateway has made from a log, and would go on from with another. */
function refuseRemains(dataDir: string): void {
  for (const name of ['read-models.sqlite', 'processes.sqlite']) {
    const file = join(dataDir, name)
    if (existsSync(file))
      throw new StoreUnavailable(`${file} was made from another log: remove it, or name an empty folder`)
  }
}

type Opened = {
  readonly database: DatabaseSync
  readonly file: string
  readonly rows: Rows
  readonly sql: ReturnType<typeof prepareStatements>
  readonly ids: LRUCache<string, number>
}

function open(file: string): Opened {
  const database = openDatabase({ file, synchronous: 'FULL', migrations: eventMigrations, cacheKiB })
  const rows = rowsOf(database)
  return { database, file, rows, sql: prepareStatements(rows), ids: new LRUCache({ max: idsMax }) }
}

/** The log that this file is for: the given one, if it was for none. */
function claim({ database, rows }: Opened, log: MovedLog): MovedLog | undefined {
  return inTransaction(database, () => {
    const moved = movedIn(rows)
    if (moved) return moved
    const { count, sha256, last, derivedKeys } = log
    database.exec(movedTable)
    database.prepare('insert into moved values (1, ?, ?, ?, ?)').run(count, sha256, last, derivedKeys ? 1 : 0)
    return log
  })
}

function add({ database, file, sql, ids }: Opened, events: readonly Recorded[]): void {
  const idOf = (stream: string): number => {
    const id = ids.get(stream) ?? sql.newStream(stream) ?? sql.head(stream)![0]
    ids.set(stream, id)
    return id
  }
  try {
    inTransaction(database, () => {
      for (const event of events) {
        const { position, stream, version, id, type, recordedAt, hash } = event
        const [data, metadata] = [JSON.stringify(event.data), JSON.stringify(event.metadata)]
        const place = decodePosition(position)
        sql.insert(place, idOf(stream), version, id, type, data, metadata, Date.parse(recordedAt), hash)
      }
    })
  } catch (error) {
    ids.clear() // what was not written has no number
    throw openingError(error, file)
  }
}

/** It has another name than the file and would not go with it. */
function emptyWriteAheadLog(database: DatabaseSync, draft: string): void {
  const { busy } = database.prepare('pragma wal_checkpoint(truncate)').get() as { busy: number }
  if (busy !== 0) throw new StoreBusy(`${draft} is in use: try again`)
}

/** Durable: the folder too is written to the disk. */
function rename(draft: string, file: string): void {
  renameSync(draft, file)
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
