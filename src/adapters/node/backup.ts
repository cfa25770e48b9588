// A copy of a data folder while a gateway works on it: what cannot be made again, in an order in which the parts fit.
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { copyDatabase } from '../sqlite/copyDatabase.ts'

type Progress = (done: number, total: number) => void

/**
 * How far webhooks are comes first: what was numbered is then in the log, and a message that was sent meanwhile is sent
 * again with its number. The keys come last: every text in the log was sealed under a key that was there before it.
 */
const databases = ['webhooks.sqlite', 'events.sqlite', 'vault.sqlite'] as const
const largest = 'events.sqlite'
const keyFile = 'master.key'

export type Backup = {
  /** What was in the folder and is in the copy. */
  readonly files: readonly string[]
  /** The copy, under a name that says that it is not checked yet. */
  readonly folder: string
  /** To be called once it was checked: gives it its name. */
  readonly accept: () => void
}

/** `progress` is told of the pages of the log. Throws StoreUnavailable where there is something at `to`, or left by a backup that was cut off. */
export async function backUp(dataDir: string, to: string, progress: Progress = () => {}): Promise<Backup> {
  const target = resolve(to)
  const folder = `${target}.part`
  refuse(target, 'is there already: name another folder')
  refuse(folder, 'was left by a backup that was cut off: remove it')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files: string[] = []
  for (const name of databases.filter((name) => existsSync(join(dataDir, name)))) {
    await copyDatabase(join(dataDir, name), join(folder, name), name === largest ? progress : undefined)
    files.push(name)
  }
  if (existsSync(join(dataDir, keyFile))) {
    copyFileSync(join(dataDir, keyFile), join(folder, keyFile))
    files.push(keyFile)
  }
  for (const name of files) toDisk(join(folder, name))
  toDisk(folder)
  return { files, folder, accept: () => rename(folder, target) }
}

function refuse(path: string, why: string): void {
  if (existsSync(path)) throw new StoreUnavailable(`${path} ${why}`)
}

function rename(folder: string, target: string): void {
  renameSync(folder, target)
  toDisk(dirname(target))
}

function toDisk(path: string): void {
  const opened = openSync(path, 'r')
  fsyncSync(opened)
  closeSync(opened)
}
