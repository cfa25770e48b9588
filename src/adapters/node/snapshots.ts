// The files of read models as of an instant, and which of them are kept: the last published months beside what was last asked for.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { statisticsProjections } from '../../../projections/readModels.ts'
import {
  isPublication,
  lastPublished,
  previous,
  publishedAt,
} from '../../domain/adoption/disclosure/publication.ts'
import { type SqliteReadModels, sqliteReadModels } from '../sqlite/readModels.ts'
import { nodeCrypto } from './crypto.ts'

const askedMax = 12
const publishedMax = 12
const closeAfterMs = 60_000 // longer than anybody who still reads one that is no longer kept

export type Snapshot = { readonly instant: string; readonly file: string; readonly models: SqliteReadModels }

export type Snapshots = {
  readonly folder: string
  readonly fileOf: (instant: string) => string
  /** Takes the file of an instant, which is there, among those that are kept. */
  readonly keep: (instant: string) => Snapshot
  /** The latest kept one that is not later. */
  readonly before: (instant: string) => Snapshot | undefined
  /** Of before the first event. */
  readonly nothing: () => SqliteReadModels
  readonly close: () => void
}

export function openSnapshots(dataDir: string, now: () => Date): Snapshots {
  const folder = ownFolder(dataDir)
  const fileOf = (instant: string) => join(folder, `${instant.replaceAll(':', '_')}.sqlite`) // some file systems refuse colons
  const keptUpTo = (max: number) =>
    new LRUCache<string, Snapshot>({
      max,
      dispose: ({ file, models }, _instant, reason) => {
        if (reason === 'set') return
        rmSync(file, { force: true })
        setTimeout(models.close, closeAfterMs).unref()
      },
    })
  const asked = keptUpTo(askedMax)
  // Apart, so that no questions about other instants take away what the public reads.
  const published = keptUpTo(publishedMax)
  const keptWith = (instant: string) =>
    isPublication(instant) && instant >= oldestKept(now()) ? published : asked

  const keep = (instant: string): Snapshot => {
    const file = fileOf(instant)
    const made = { instant, file, models: sqliteReadModels(file, statisticsProjections) }
    keptWith(instant).set(instant, made)
    return made
  }
  removeLeftovers(folder)
  for (const instant of instantsIn(folder)) keep(instant)

  /** Whoever may delete the folder, or shares it, may have taken a file away. */
  const forgetGone = (): void => {
    for (const kept of [asked, published])
      for (const [instant, { file }] of [...kept.entries()]) if (!existsSync(file)) kept.delete(instant)
  }

  const before = (instant: string): Snapshot | undefined => {
    forgetGone()
    const [latest] = [asked, published]
      .flatMap((kept) => [...kept.keys()].map((own) => ({ own, kept })))
      .filter(({ own }) => own <= instant)
      .toSorted((a, b) => (a.own < b.own ? 1 : -1))
    return latest?.kept.get(latest.own)
  }

  let empty: SqliteReadModels | undefined
  const nothing = () => {
    empty ??= sqliteReadModels(join(folder, 'nothing'), statisticsProjections)
    return empty
  }

  const close = () => {
    for (const { models } of [...asked.values(), ...published.values()]) models.close()
    empty?.close()
  }
  return { folder, fileOf, keep, before, nothing, close }
}

/** The publication of the first of the months that are kept. */
function oldestKept(now: Date): string {
  let month = lastPublished(now.toISOString())
  for (let more = 1; more < publishedMax; more++) month = previous(month)
  return publishedAt(month)
}

const instantsIn = (folder: string): string[] =>
  namesIn(folder)
    .filter((name) => name.endsWith('.sqlite'))
    .map((name) => name.slice(0, -'.sqlite'.length).replaceAll('_', ':'))
    .sort()

/** What a fold had written when its process was ended: `<instant>.sqlite.<process>`, and what SQLite put beside it. */
function removeLeftovers(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, pid] = /\.sqlite\.(\d+)(?:-wal|-shm|-journal)?$/.exec(name) ?? []
    if (pid !== undefined && !isAtWork(Number(pid))) rmSync(join(folder, name), { force: true })
  }
}

/** This process has just begun: what bears its number is of a former one. */
function isAtWork(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Named after the projections: what former ones made is not what these would. */
function ownFolder(dataDir: string): string {
  const all = join(dataDir, 'known-at')
  const own = nodeCrypto.hash(statisticsProjections.map(({ name }) => name).join()).slice(0, 16)
  for (const name of namesIn(all)) if (name !== own) rmSync(join(all, name), { recursive: true, force: true })
  return join(all, own)
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])
