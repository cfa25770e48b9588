// Lines for the Worker's log, by an allow-list as on Node: ids and places, and of an error its kind and where it came from.
import type { Services } from '../../http/services.ts'

const allowed = ['where', 'reader', 'position', 'creditId', 'connectorId', 'count'] as const

export const workerLog: Services['log'] = {
  error: (fields, message) => print('error', fields, message),
  debug: () => {},
}

function print(level: 'error', fields: object, message: string): void {
  const given = fields as Readonly<Record<string, unknown>>
  const kept = Object.fromEntries(allowed.filter((name) => name in given).map((name) => [name, given[name]]))
  const error = 'err' in given ? { error: faultOf(given.err) } : {}
  // biome-ignore lint/suspicious/noConsole: the platform's log
  console[level](JSON.stringify({ level, ...kept, ...error, msg: message }))
}

/** Its message may quote input, so it is not printed. */
function faultOf(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error }
  const stack = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
  return { kind: error.name, stack }
}
