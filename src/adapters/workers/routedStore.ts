// The event store of an object among others: what it owns is its own log, a stream of another is asked for there.
import { LRUCache } from 'lru-cache'
import { type EventStore, oneAfterTheOther, type StreamAppend } from '../../domain/core/eventStore.ts'
import type { RemoteLog } from './bindings.ts'
import type { Claims } from './claims.ts'
import { creditIn, type Home, homeOf } from './homes.ts'

// A stale answer decides nothing wrong: whoever appends says the version, and hears of a conflict.
const freshMs = 2_000
const rememberedMax = 1_000

type Parts = {
  readonly own: EventStore
  readonly home: Home
  readonly remote: (home: Home) => RemoteLog
  readonly claims: Claims
  readonly now: () => Date
}

/**
 * Reading everything, following and the head are of the own log only. Appends to several streams are one transaction
 * where all are the object's own, else one after the other.
 */
export function routedStore({ own, home, remote, claims, now }: Parts): EventStore {
  const ends = new LRUCache<string, { readonly version: number; readonly until: number }>({
    max: rememberedMax,
  })

  const isHere = async (stream: string): Promise<boolean> => (await own.read(stream)).length > 0

  /** The object that a stream is in. An id does not say where a credit is: whoever took it first. */
  const readFrom = async (stream: string): Promise<Home> => {
    const creditId = creditIn(stream)
    if (creditId === undefined) return homeOf(stream) ?? home
    return (await isHere(stream)) ? home : ((await claims.keeperOf(creditId)) ?? home)
  }
  const appendTo = async ({ stream, expectedVersion }: StreamAppend): Promise<Home> => {
    const creditId = creditIn(stream)
    if (creditId === undefined || expectedVersion > 0) return readFrom(stream)
    return claims.claim(creditId, home)
  }

  const readRemote = async (stream: string, afterVersion: number, from: Home) => {
    const end = ends.get(stream)
    if (end && end.version === afterVersion && end.until > now().getTime()) return []
    const events = await remote(from).readStream(stream, afterVersion)
    const version = events.at(-1)?.version ?? afterVersion
    ends.set(stream, { version, until: now().getTime() + freshMs })
    return events
  }

  const append: EventStore['append'] = async (stream, expectedVersion, events) => {
    const one = { stream, expectedVersion, events }
    const to = await appendTo(one)
    if (to === home) return own.append(stream, expectedVersion, events)
    ends.delete(stream)
    const [result] = await remote(to).appendStreams([one])
    return result!
  }

  return {
    ...own,
    read: async (stream, afterVersion = 0) => {
      const from = await readFrom(stream)
      return from === home ? own.read(stream, afterVersion) : readRemote(stream, afterVersion, from)
    },
    append,
    appendInOrder: async (appends) => {
      const homes = await Promise.all(appends.map(appendTo))
      return homes.every((to) => to === home) ? own.appendInOrder(appends) : oneAfterTheOther(append, appends)
    },
  }
}
