// The event store in one SQLite file, for one machine: durable, and shared by several processes where need be.
import type { DatabaseSync } from 'node:sqlite'
import {
  type AppendResult,
  type EventStore,
  StoreUnavailable,
  type StreamAppend,
} from '../../domain/core/eventStore.ts'
import { inTransaction, openDatabase, waitForDisk } from './database.ts'
import { openingError, runningError } from './errors.ts'
import { createEventLog, type EventLog, encodeAppend } from './eventLog.ts'
import { decodePosition, encodePosition } from './eventRow.ts'
import { eventMigrations } from './eventTables.ts'
import { createFollowers } from './followers.ts'
import { groupCommit } from './groupCommit.ts'
import { rowsOf } from './rows.ts'

type SqliteEventStoreOptions = {
  readonly file: string
  readonly now: () => Date
  /** Fills a new log that is thrown away where that fails: it is sure to be on the disk when all have closed it, and not before. */
  readonly inBulk?: boolean
}

/** Throws StoreUnavailable when the file cannot be used. */
export function sqliteEventStore({ file, now, inBulk = false }: SqliteEventStoreOptions): EventStore {
  const database = openDatabase({ file, synchronous: 'FULL', migrations: eventMigrations, inBulk })
  const log = openLog(database, file, now)
  let fresh = false

  const readFresh = <T>(work: () => T): T => {
    try {
      if (!database.isOpen) throw closedError(file)
      refreshOncePerEvent()
      return work()
    } catch (error) {
      throw runningError(error, file)
    }
  }

  // While one event is handled (a request, a timer) there is no news that whoever caused it could have heard of. The
  // tick ends with it; an immediate would outlast it, and the next request be answered from before it was sent.
  const refreshOncePerEvent = (): void => {
    if (fresh) return
    refresh()
    fresh = true
    process.nextTick(() => {
      fresh = false
    })
  }

  const refresh = (): void => {
    if (log.refresh()) followers.wake()
  }

  const writeTransaction = (work: () => void): void => {
    try {
      inTransaction(database, () => {
        refresh()
        work()
      })
    } catch (error) {
      log.forget()
      throw runningError(error, file)
    }
    followers.wake()
  }

  const readAll = (after: string, limit: number) => readFresh(() => log.readAll(decodePosition(after), limit))

  const followers = createFollowers(readAll, refresh)
  const appends = groupCommit(writeTransaction, log.appendInOrder)
  // Encoded on the caller's side of the queue: what cannot be encoded fails its own append and not the group.
  const submit = async (list: readonly StreamAppend[]): Promise<readonly AppendResult[]> => {
    if (!database.isOpen) throw closedError(file)
    return appends.submit(list.map(encodeAppend))
  }

  return {
    read: async (stream, afterVersion = 0) => readFresh(() => log.read(stream, afterVersion)),
    append: async (stream, expectedVersion, events) =>
      (await submit([{ stream, expectedVersion, events }]))[0]!,
    appendInOrder: submit,
    readAll: async (after, limit) => readAll(after, limit),
    follow: followers.follow,
    head: async () => readFresh(() => encodePosition(log.last())),
    close: async () => {
      if (!database.isOpen) return
      appends.drain()
      followers.end()
      if (inBulk) waitForDisk(database)
      database.close()
    },
  }
}

/** Reads the end of the log, so that a damaged file is found here and not by the first payer. */
function openLog(database: DatabaseSync, file: string, now: () => Date): EventLog {
  try {
    const rows = rowsOf(database)
    const dataVersion = rows.get<[number]>('pragma data_version')
    const log = createEventLog(rows, () => dataVersion()[0], now)
    log.last()
    return log
  } catch (error) {
    database.close()
    throw openingError(error, file)
  }
}

const closedError = (file: string) => new StoreUnavailable(`${file} is closed: open the store again`)
