// The statistics' read models as the log had them at an instant: folded once into a file of their own, which no later event changes.
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { EventStore } from '../../domain/core/eventStore.ts'
import type { Known, Services } from '../../http/services.ts'
import type { SqliteReadModels } from '../sqlite/readModels.ts'
import { endsAt, foldUpTo } from './foldUpTo.ts'
import { inLogThread } from './inLogThread.ts'
import { busy, inTime } from './inTime.ts'
import { openSnapshots } from './snapshots.ts'

const waitingMax = 4
// Another process takes its instants before it commits: what was recorded at an instant is all there this much later.
const settleMs = 100

export type KnownAt = { readonly at: Services['knownAt']; readonly close: () => void }

type Parts = {
  readonly store: EventStore
  readonly dataDir: string
  /** Where the log is a file, it is folded in a thread. */
  readonly eventsFile: string | undefined
  readonly now: () => Date
}

export function openKnownAt({ store, dataDir, eventsFile, now }: Parts): KnownAt {
  const snapshots = openSnapshots(dataDir, now)
  const building = new Map<string, Promise<SqliteReadModels>>()
  let last: Promise<unknown> = Promise.resolve()

  /** Read models that say the same: nothing was recorded between the two instants. Before the first event, those of nothing. */
  const sameAs = async (instant: string): Promise<SqliteReadModels | undefined> => {
    const base = snapshots.before(instant)
    if (base?.instant === instant) return base.models
    const models = base?.models ?? snapshots.nothing()
    return (await endsAt(store, models.projector.checkpoint(), base?.instant ?? '', instant))
      ? models
      : undefined
  }

  const make = async (instant: string): Promise<SqliteReadModels> => {
    const known = await sameAs(instant)
    if (known) return known
    mkdirSync(snapshots.folder, { recursive: true })
    const file = `${snapshots.fileOf(instant)}.${process.pid}`
    for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true })
    const base = snapshots.before(instant)
    if (base) await copyFile(base.file, file) // may be large: not on this thread, which takes payments
    const since = base?.instant ?? ''
    if (eventsFile === undefined) await foldUpTo(store, file, since, instant)
    else await inLogThread({ job: 'fold', eventsFile, file, since, instant })
    renameSync(file, snapshots.fileOf(instant))
    return snapshots.keep(instant).models
  }

  /** One after the other: each takes a processor, and the later ones begin where an earlier one ended. */
  const queued = (instant: string): Promise<SqliteReadModels> => {
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
    return { position: found.projector.checkpoint(), readModels: found.queries }
  }

  return { at, close: snapshots.close }
}

async function settled(instant: string, now: () => Date): Promise<void> {
  const stepMs = 10
  for (let turn = 0; turn * stepMs < settleMs; turn++) {
    if (now().getTime() - Date.parse(instant) > settleMs) return
    await wait(stepMs)
  }
}
