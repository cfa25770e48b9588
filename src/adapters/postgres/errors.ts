// What PostgreSQL's errors mean for those who ask: that the database is away, or that there is a bug.
import pg from 'pg'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

/** Classes of SQLSTATE: connection, who may, which database, resources, and what an operator or a restart did. */
const awayClasses = /^(08|28|3D|53|57)/

/** A database that is away is StoreUnavailable, without quoting the url; any other error is a bug and stays as it is. */
export function databaseError(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error
  const { code, message } = error as { code?: string; message: string }
  const away =
    error instanceof pg.DatabaseError
      ? awayClasses.test(code ?? '')
      : code?.startsWith('E') || /^Connection terminated|^timeout/.test(message)
  if (!away) return error
  const reason = code ? ` (${code})` : ''
  return new StoreUnavailable(`The database of READ_MODEL_URL cannot be reached${reason}`, { cause: error })
}

/** The same questions, whose failures are told as the port has them. */
export function tellingErrors<Queries extends object>(queries: Queries): Queries {
  const told = Object.entries(queries).map(([name, ask]) => {
    const asked = (...values: unknown[]) =>
      (ask as (...values: unknown[]) => Promise<unknown>)(...values).catch((error) => {
        throw databaseError(error)
      })
    return [name, asked]
  })
  return Object.fromEntries(told) as Queries
}
