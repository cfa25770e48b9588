// The event store in the SQLite of one Durable Object: the tables and the log of src/adapters/sqlite, and nobody else who writes.
import type { AppendResult, EventStore, StreamAppend } from '../../domain/core/eventStore.ts'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { createEventLog, encodeAppend } from '../sqlite/eventLog.ts'
import { decodePosition, encodePosition } from '../sqlite/eventRow.ts'
import { firstEventTables } from '../sqlite/eventTables.ts'
import { createFollowers } from '../sqlite/followers.ts'
import { hashColumn } from '../sqlite/hashMigration.ts'
import { storageRows } from './rows.ts'
import type { ObjectStorage } from './storage.ts'

/** Whether the object has a log: one that was never written to costs nothing. */
export const hasLog = ({ sql }: Pick<ObjectStorage, 'sql'>): boolean =>
  sql.exec("select 1 from sqlite_schema where name = 'events'").toArray().length > 0

type Options = {
  readonly storage: Pick<ObjectStorage, 'sql' | 'transactionSync'>
  readonly now: () => Date
}

/**
 * Opens the log, or makes it. An append resolves at once: until it is durable the platform holds back whatever would
 * leave the object, be it an answer or a request to another.
 */
export function durableObjectEventStore({ storage, now }: Options): EventStore {
  const { sql } = storage
  if (!hasLog(storage))
    storage.transactionSync(() => {
      sql.exec(firstEventTables)
      sql.exec(hashColumn)
    })
  const log = createEventLog(storageRows(sql), () => 0, now)
  let closed = false

  const whileOpen = <T>(work: () => T): T => {
    if (closed) throw new StoreUnavailable('The event store is closed: open it again')
    return work()
  }

  const readAll = (after: string, limit: number) => log.readAll(decodePosition(after), limit)
  const followers = createFollowers(readAll)

  const appendInOrder = async (appends: readonly StreamAppend[]): Promise<readonly AppendResult[]> => {
    const encoded = appends.map(encodeAppend)
    try {
      return whileOpen(() => storage.transactionSync(() => log.appendInOrder(encoded)))
    } catch (error) {
      log.forget()
      throw error
    } finally {
      followers.wake()
    }
  }

  return {
    read: async (stream, afterVersion = 0) => whileOpen(() => log.read(stream, afterVersion)),
    append: async (stream, expectedVersion, events) =>
      (await appendInOrder([{ stream, expectedVersion, events }]))[0]!,
    appendInOrder,
    readAll: async (after, limit) => whileOpen(() => readAll(after, limit)),
    follow: followers.follow,
    head: async () => whileOpen(() => encodePosition(log.last())),
    close: async () => {
      closed = true
      followers.end()
    },
  }
}
