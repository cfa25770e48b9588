// Structured logs by pino, with an allow-list: a field that is not named here is not printed, whatever it holds.
import pino, { type DestinationStream } from 'pino'
import type { Services } from '../../http/services.ts'

/** Ids, counts and places; never a body, a header, a key or a name of a person. */
const allowed = [
  'where',
  'reader',
  'position',
  'creditId',
  'connectorId',
  'name',
  'url',
  'signal',
  'count',
] as const

export type Log = Services['log'] & { readonly info: (fields: object, message: string) => void }

export function createLog(level: string, destination?: DestinationStream): Log {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? pino.destination(2),
  )
  const print = (level: 'error' | 'info' | 'debug') => (fields: object, message: string) =>
    logger[level](permitted(fields), message)
  return { error: print('error'), info: print('info'), debug: print('debug') }
}

function permitted(fields: object): object {
  const given = fields as Readonly<Record<string, unknown>>
  const kept = allowed.filter((name) => name in given).map((name) => [name, given[name]])
  return { ...Object.fromEntries(kept), ...('err' in given && { error: faultOf(given.err) }) }
}

/** An error's kind and where it came from. Its message may quote input, so only our own errors' messages are printed. */
function faultOf(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error }
  const ours = ['StoreBusy', 'StoreUnavailable', 'MatchingBusy'].includes(error.name)
  const stack = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
  return { kind: error.name, ...(ours && { message: error.message }), stack }
}
