// The projector in PostgreSQL: rows and checkpoint change in one transaction, by whichever gateway has the turn.
import pg from 'pg'
import { projections } from '../../../projections/readModels.ts'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { databaseError } from './errors.ts'
import { type Ask, tableOf } from './table.ts'
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
  let counted = '' // up to here it was committed, as far as this gateway knows

  const positionIn = async (client: Queries, lock = ''): Promise<string> => {
    const { rows } = await client.query(`select position from checkpoints where name = 'projections' ${lock}`)
    return rows[0].position as string
  }

  /** All tables at once: one is folded while the database is at another. Over only when all are: nothing may come after a rollback. */
  async function foldAll(client: pg.Client, events: readonly Recorded[]): Promise<void> {
    const ask = oneAtATime(client)
    const failures: unknown[] = []
    const noted = (error: unknown) => void failures.push(error)
    await Promise.all(tables.map(({ fold }) => fold(ask, events).catch(noted)))
    if (failures.length > 0) throw failures[0]
  }

  async function count(client: pg.Client, events: readonly Recorded[]): Promise<void> {
    const done = await positionIn(client, 'for update')
    if (done < counted) throw new Error('the database has lost what was counted last: counting it again')
    const fresh = events.filter(({ position }) => position > done)
    const last = fresh.at(-1)
    if (!last) return
    await foldAll(client, fresh)
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
      counted = client ? await positionIn(client) : ''
      return counted
    },
    apply: async (events) => {
      const client = await turn.take(ending)
      if (!client) return
      try {
        await client.query('begin')
        await count(client, events)
        await client.query('commit')
        const last = events.at(-1)?.position ?? ''
        if (last > counted) counted = last
      } catch (error) {
        if (error instanceof pg.DatabaseError) await client.query('rollback').catch(() => {})
        else turn.drop() // it answers no more, or nobody knows to what
        throw error
      }
    },
  }
}

function oneAtATime(client: pg.Client): Ask {
  let before: Promise<unknown> = Promise.resolve()
  return (question) => {
    const asked = before.then(() => client.query(question))
    before = asked.catch(() => {}) // the next one has its own answer
    return asked
  }
}
