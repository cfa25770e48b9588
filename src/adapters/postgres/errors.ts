// What PostgreSQL's errors mean for those who ask: that the database is away, that READ_MODEL_URL is wrong, or that there is a bug.
import pg from 'pg'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

/** Classes of SQLSTATE: connection, who may, which database, resources, and what an operator or a restart did. */
const awayClasses = /^(08|28|3D|53|57)/
/** And single ones: who may not make a schema, and who may only read. */
const awayCodes = new Set(['42501', '25006'])
const certificateCodes = /CERT|SIGNATURE|^ERR_(TLS|SSL)/
/** What the client says without a code, mostly when the other end is no PostgreSQL or went away. */
const awayMessages = /^Connection terminated|timeout|SSL|^Received unexpected/

const example = 'postgresql://user:password@host/database, with %40 for an @ in the password'

/** What to do about it, by SQLSTATE or by the code of the connection. */
const cures: Readonly<Record<string, string>> = {
  '28P01': 'the user or the password is wrong',
  '28000': 'pg_hba.conf does not let this user in from here; it may want TLS (sslmode=verify-full)',
  '3D000': 'there is no such database: create it',
  '42501': 'its user may not make a schema: grant create on database',
  '25006': 'it may only be read: name the primary',
  '53300': 'it has too many connections: a gateway needs 11',
  ENOTFOUND: 'no host has that name',
  ECONNREFUSED: 'nothing listens there',
  ERR_INVALID_URL: `write it like ${example}`,
  ENOENT: 'a file that it names is not there',
}

function cureOf(code: string | undefined, message: string): string | undefined {
  if (code !== undefined && cures[code]) return cures[code]
  if (code !== undefined && certificateCodes.test(code))
    return `its certificate is not trusted (${message}): name who signed it, sslrootcert=<file>`
  if (/does not support SSL/.test(message))
    return 'it does not speak TLS: take sslmode away, or turn ssl on there'
  return undefined
}

/** A database that is away is StoreUnavailable, without quoting the url; any other error is a bug and stays as it is. */
export function databaseError(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error
  const { code, message } = error as { code?: string; message: string }
  const away =
    error instanceof pg.DatabaseError
      ? awayClasses.test(code ?? '') || awayCodes.has(code ?? '')
      : code?.startsWith('E') || certificateCodes.test(code ?? '') || awayMessages.test(message)
  if (!away) return error
  const reason = code ? ` (${code})` : ''
  const cure = cureOf(code, message)
  const text = `The database of READ_MODEL_URL cannot be reached${reason}${cure ? `: ${cure}` : ''}`
  return new StoreUnavailable(text, { cause: error })
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
