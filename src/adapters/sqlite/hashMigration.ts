// Gives every event of an older log its hash, in the order of the log.
import type { DatabaseSync } from 'node:sqlite'
import { eventHash } from '../../domain/core/eventHash.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { type EventRow, instantText } from './eventRow.ts'

export const hashColumn = "alter table events add column hash text not null default ''"

/** One event after another: by then the one before it in its stream, always earlier in the log, has its hash. */
export function addHashes(database: DatabaseSync): void {
  database.exec(hashColumn)
  const select = database.prepare(
    `select position, name, version, events.id, type, data, metadata, recorded_at,
       coalesce((select hash from events as before
                 where before.stream = events.stream and before.version = events.version - 1), '')
     from events join streams on streams.id = stream where position > ? order by position limit 1`,
    { returnArrays: true },
  )
  const update = database.prepare('update events set hash = ? where position = ?')
  const next = (after: number) => select.get(after) as unknown as EventRow | undefined
  for (let row = next(0); row; row = next(row[0])) update.run(hashOf(row), row[0])
}

/** The last of the row is the hash before. */
function hashOf([, stream, version, id, type, data, metadata, instant, previous]: EventRow): string {
  const event = { stream, version, id, type, data, metadata, recordedAt: instantText(instant) }
  return eventHash(previous, event, nodeCrypto.hash)
}
