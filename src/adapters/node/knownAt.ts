// The statistics' read models as the log had them at an instant: folded once into a file of their own, which no later event changes.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { statisticsProjections } from '../../../projections/readModels.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import type { Known, Services } from '../../http/services.ts'
import { type SqliteReadModels, sqliteReadModels } from '../sqlite/readModels.ts'
import { nodeCrypto } from './crypto.ts'
import { endsAt, foldUpTo } from './foldUpTo.ts'
import { inLogThread } from './inLogThread.ts'
import { busy, inTime } from './inTime.ts'

const keptMax = 12
const waitingMax = 4
const closeAfterMs = 60_000 // longer than anybody who still reads an evicted one
// Another process takes its instants before it commits: what was recorded at an instant is all there this much later.
const settleMs = 100

type Snapshot = { readonly instant: string; readonly file: string; readonly models: SqliteReadModels }

export type KnownAt = { readonly at: Services['knownAt']; readonly close: () => void }

type Parts = {
  readonly store: EventStore
  readonly dataDir: string
  /** Where the log is a file, it is folded in a thread. */
  readonly eventsFile: string | undefined
  readonly now: () => Date
}

export function openKnownAt({ store, dataDir, eventsFile, now }: Parts): KnownAt {
  const folder = ownFolder(dataDir)
  const kept = new LRUCache<string, Snapshot>({
    max: keptMax,
    dispose: ({ file, models }, _instant, reason) => {
      if (reason !== 'evict') return
      rmSync(file, { force: true })
      setTimeout(models.close, closeAfterMs).unref()
    },
  })
  for (const instant of instantsIn(folder).slice(-keptMax)) kept.set(instant, open(folder, instant))
  const building = new Map<string, Promise<Snapshot>>()
  let last: Promise<unknown> = Promise.resolve()

  /** The latest kept one that is not later. */
  const before = (instant: string): Snapshot | undefined => {
    const earlier = [...kept.keys()].filter((one) => one <= instant).sort()
    return earlier.length > 0 ? kept.get(earlier.at(-1)!) : undefined
  }

  /** A kept one that says the same: nothing was recorded between the two instants. */
  const sameAs = async (instant: string): Promise<Snapshot | undefined> => {
    const base = before(instant)
    if (base === undefined || base.instant === instant) return base
    return (await endsAt(store, base.models.projector.checkpoint(), base.instant, instant)) ? base : undefined
  }

  const make = async (instant: string): Promise<Snapshot> => {
    const known = await sameAs(instant)
    if (known) return known
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${fileName(instant)}.${process.pid}`)
    for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true })
    const base = before(instant)
    if (base) copyFileSync(base.file, file)
    const since = base?.instant ?? ''
    if (eventsFile === undefined) await foldUpTo(store, file, since, instant)
    else await inLogThread({ job: 'fold', eventsFile, file, since, instant })
    renameSync(file, join(folder, fileName(instant)))
    const made = open(folder, instant)
    kept.set(instant, made)
    return made
  }

  /** One after the other: each takes a processor, and the later ones begin where an earlier one ended. */
  const queued = (instant: string): Promise<Snapshot> => {
    const waiting = building.get(instant)
    if (waiting) return waiting
    if (building.size >= waitingMax) throw busy()
    const made = last.catch(() => {}).then(() => make(instant))
    building.set(instant, made)
    last = made
    const done = () => void building.delete(instant)
    made.then(done, done)
    return made
  }

  const at = async (instant: string): Promise<Known> => {
    await settled(instant, now)
    const found = (await sameAs(instant)) ?? (await inTime(queued(instant)))
    return { position: found.models.projector.checkpoint(), readModels: found.models.queries }
  }

  const close = () => {
    for (const { models } of kept.values()) models.close()
  }
  return { at, close }
}

async function settled(instant: string, now: () => Date): Promise<void> {
  const stepMs = 10
  for (let turn = 0; turn * stepMs < settleMs; turn++) {
    if (now().getTime() - Date.parse(instant) > settleMs) return
    await wait(stepMs)
  }
}

const open = (folder: string, instant: string): Snapshot => {
  const file = join(folder, fileName(instant))
  return { instant, file, models: sqliteReadModels(file, statisticsProjections) }
}

/** `2026-04-05T00:00:00.000Z` without what some file systems refuse. */
const fileName = (instant: string): string => `${instant.replaceAll(':', '_')}.sqlite`

const instantsIn = (folder: string): string[] =>
  namesIn(folder)
    .filter((name) => name.endsWith('.sqlite'))
    .map((name) => name.slice(0, -'.sqlite'.length).replaceAll('_', ':'))
    .sort()

/** Named after the projections: what former ones made is not what these would. */
function ownFolder(dataDir: string): string {
  const all = join(dataDir, 'known-at')
  const own = nodeCrypto.hash(statisticsProjections.map(({ name }) => name).join()).slice(0, 16)
  for (const name of namesIn(all)) if (name !== own) rmSync(join(all, name), { recursive: true, force: true })
  return join(all, own)
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])
