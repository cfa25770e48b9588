// The event store in EventStoreDB, also called KurrentDB: one log for many gateways, kept by a cluster.
import { type EventStore, oneAfterTheOther, StoreUnavailable } from '../../domain/core/eventStore.ts'
import { createAppends, type Retention } from './appends.ts'
import { connect } from './connection.ts'
import { encodeEvent } from './eventRecord.ts'
import { createFollow } from './follow.ts'
import { positionsIn, readMove } from './move.ts'
import { patiently } from './patience.ts'
import { ownPositions, type Positions } from './positions.ts'
import { createReads } from './reads.ts'
import { sharingReads } from './sharedReads.ts'
import { createSlots } from './slots.ts'

type EventStoreDBOptions = {
  /** EventStoreDB's own connection string, `esdb://` or `esdb+discover://`. */
  readonly url: string
  readonly now: () => Date
  /** Before every stream's name, so that others may use the same cluster. */
  readonly prefix?: string
  /** For what need not be kept: of each stream the server may drop events that are older than so many seconds, or all but the last so many. */
  readonly retention?: Retention
  /** How long a call is tried again while no node answers or leads, before it fails with StoreUnavailable. */
  readonly patienceMs?: number
  /** How long a read may be silent before it counts as not answered. */
  readonly silenceMs?: number
  /** How many appends, and how many reads, may be open at once and wait for that; beyond it they are refused with StoreBusy. */
  readonly openMax?: number
  readonly waitingMax?: number
}

const defaults = { prefix: 'thungan.', patienceMs: 10_000, silenceMs: 10_000, openMax: 64, waitingMax: 8_192 }

/** Throws StoreUnavailable for a connection string that cannot be used; connects with the first call. */
export function eventStoreDB(options: EventStoreDBOptions): EventStore {
  const { url, now, retention } = options
  const { prefix, patienceMs, silenceMs, openMax, waitingMax } = { ...defaults, ...options }
  const { client, close } = connect(url)
  const closed = new AbortController()
  const { signal } = closed
  let known: Positions | undefined
  const positions = (): Positions => known ?? ownPositions
  const reads = createReads(client, prefix, silenceMs, positions)
  const appends = { client, reads, prefix, positions, retention, now, patienceMs, signal }
  const { append, seen } = createAppends(appends)
  const appending = createSlots(openMax, waitingMax)
  const reading = createSlots(openMax, waitingMax)

  /** Asked of the cluster once: no log is moved into one that has events. */
  const positionsOf = async (): Promise<Positions> => {
    known ??= positionsIn(await readMove(reads, prefix))
    return known
  }

  const readPatiently = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw closedError()
    return reading.use(() =>
      patiently(patienceMs, signal, async () => {
        await positionsOf()
        return work()
      }),
    )
  }

  const submit: EventStore['append'] = async (stream, expectedVersion, events) => {
    if (signal.aborted) throw closedError()
    if (events.length === 0) throw new RangeError('An append needs at least one event')
    const encoded = events.map(encodeEvent)
    return appending.use(async () => {
      await patiently(patienceMs, signal, positionsOf)
      return append(stream, expectedVersion, encoded)
    })
  }

  const read = sharingReads(async (stream, afterVersion) => {
    const records = await readPatiently(() => reads.records(stream, afterVersion + 1))
    const events = records.map(reads.decode)
    seen(events.at(-1))
    return events
  })

  return {
    read: (stream, afterVersion = 0) => read(stream, afterVersion),
    append: submit,
    appendInOrder: (appends) => oneAfterTheOther(submit, appends),
    readAll: (after, limit) => readPatiently(() => reads.readAll(after, limit)),
    follow: createFollow(client, prefix, reads, signal, positionsOf),
    head: () => readPatiently(reads.head),
    close: async () => {
      if (signal.aborted) return
      closed.abort()
      await appending.idle()
      await close()
    },
  }
}

const closedError = () => new StoreUnavailable('The event store is closed: open it again')
