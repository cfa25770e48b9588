// The projector in PostgreSQL: rows and checkpoint change in one transaction, by whichever gateway has the turn.
import pg from 'pg'
import { projections } from '../../../projections/readModels.ts'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { databaseError } from './errors.ts'
import { tableOf } from './table.ts'
import type { Turn } from './turn.ts'

export type PostgresProjector = {
  /** The position counted last, by any gateway. */
  readonly checkpoint: () => Promise<string>
  /** Waits for the turn; then where to begin. The signal ends this wait, and those of `apply`. */
  readonly begin: (signal: AbortSignal) => Promise<string>
  /** Folds the events after the checkpoint into the rows; those that another gateway has counted meanwhile are skipped. */
  readonly apply: (events: readonly Recorded[]) => Promise<void>
}

type Queries = Pick<pg.ClientBase, 'query'> | pg.Pool

export function createProjector(turn: Turn, pool: pg.Pool): PostgresProjector {
  const tables = projections.map(tableOf)
  let ending = new AbortController().signal

  const positionIn = async (client: Queries, lock = ''): Promise<string> => {
    const { rows } = await client.query(`select position from checkpoints where name = 'projections' ${lock}`)
    return rows[0].position as string
  }

  async function count(client: pg.Client, events: readonly Recorded[]): Promise<void> {
    const done = await positionIn(client, 'for update')
    const fresh = events.filter(({ position }) => position > done)
    const last = fresh.at(-1)
    if (!last) return
    for (const { fold } of tables) await fold(client, fresh)
    await client.query(`update checkpoints set position = $1 where name = 'projections'`, [last.position])
  }

  return {
    checkpoint: () =>
      positionIn(pool).catch((error) => {
        throw databaseError(error)
      }),
    begin: async (signal) => {
      ending = signal
      const client = await turn.take(signal)
      return client ? positionIn(client) : ''
    },
    apply: async (events) => {
      const client = await turn.take(ending)
      if (!client) return
      try {
        await client.query('begin')
        await count(client, events)
        await client.query('commit')
      } catch (error) {
        if (error instanceof pg.DatabaseError) await client.query('rollback').catch(() => {})
        else turn.drop() // it answers no more, or nobody knows to what
        throw error
      }
    },
  }
}
