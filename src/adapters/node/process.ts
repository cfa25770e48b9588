// A process: events in, commands out. An event that it cannot handle is set aside after some attempts, and the rest goes on.
import { setTimeout as wait } from 'node:timers/promises'
import { type EventStore, type Recorded, StoreBusy, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { MatchingBusy } from '../../domain/payments/matchCredit.ts'
import type { Services } from '../../http/services.ts'
import type { SqliteProcesses } from '../sqlite/processes.ts'
import type { SetAsideEvent } from '../sqlite/setAside.ts'
import type { Purpose } from './logReader.ts'

export type Process = {
  readonly name: string
  /** Whether there is anything to do about an event. */
  readonly concerns: (event: Recorded) => boolean
  /** Does it. Doing it again changes nothing. */
  readonly handle: (event: Recorded) => Promise<unknown>
}

type Ports = Omit<SqliteProcesses, 'close'> & Pick<Services, 'now' | 'log'>

const attemptsMax = 5
const pauseMs = 100 // doubled after each attempt: 1.5 seconds in all, less than the lag that fails /readyz

/** How the log is read for a process. */
export function purposeOf(
  { name, concerns, handle }: Process,
  { checkpoints, setAside, now, log }: Ports,
  signal: AbortSignal,
): Purpose {
  async function handlePatiently(event: Recorded): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await handle(event)
        return
      } catch (error) {
        if (signal.aborted || passes(error)) throw error
        if (attempt === attemptsMax) return putAside(event, error)
        const { position } = event
        log.error({ err: error, reader: name, position }, 'an event could not be handled; trying again')
        await wait(pauseMs * 2 ** (attempt - 1), undefined, { signal }).catch(() => {})
      }
    }
  }

  function putAside(event: Recorded, error: unknown): void {
    const { position, stream, version, type } = event
    setAside.add({
      reader: name,
      position,
      stream,
      version,
      type,
      error: kindOf(error),
      setAsideAt: now().toISOString(),
    })
    log.error({ err: error, reader: name, position }, 'an event could not be handled and was set aside')
  }

  return {
    name,
    lingerMs: 20,
    from: () => checkpoints.load(name),
    handle: async (events) => {
      const concerned = events.filter(concerns)
      try {
        await Promise.all(concerned.map(handle))
      } catch {
        for (const event of concerned) await handlePatiently(event) // one of them is at fault: which?
      }
      checkpoints.save(name, events.at(-1)!.position)
    },
  }
}

/** Tries again what somebody asked to have tried again. What fails for good stays set aside, with its new error. */
export async function retrySetAside(
  { name, handle }: Process,
  store: EventStore,
  { setAside, now, log }: Ports,
): Promise<void> {
  for (const aside of setAside.due(name)) {
    try {
      await handle(await eventOf(aside, store))
      setAside.remove(aside)
    } catch (error) {
      if (passes(error)) throw error
      setAside.add({ ...aside, error: kindOf(error), setAsideAt: now().toISOString() })
      log.error(
        { err: error, reader: name, position: aside.position },
        'an event that was set aside failed again',
      )
    }
  }
}

async function eventOf({ stream, version }: SetAsideEvent, store: EventStore): Promise<Recorded> {
  const [event] = await store.read(stream, version - 1)
  if (!event) throw new Error(`${stream} has no version ${version}`)
  return event
}

/** Errors that are nobody's fault and pass by themselves: waited out, however long, because every event would meet them. */
const passes = (error: unknown): boolean =>
  error instanceof StoreBusy ||
  error instanceof StoreUnavailable ||
  error instanceof MatchingBusy ||
  (error instanceof Error && 'errcode' in error) // SQLite's own: a lock on the read models, a full disk

const kindOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
