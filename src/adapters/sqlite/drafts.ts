// The drafts of a rebuild: of a log in a file two, made at the same time in threads of their own; of another log one, made here.
import { Worker } from 'node:worker_threads'
import type { Projection } from '../../../projections/projection.ts'
import { bookProjections, listProjections, projections } from '../../../projections/readModels.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { makeDraft, type RebuildProgress } from './draft.ts'
import { endOf } from './threadEnd.ts'

export type Draft = { readonly file: string; readonly kept: readonly Projection[] }

/** What a thread is to do, and what it tells meanwhile. */
export type DraftJob = {
  readonly draft: string
  /** The names of its tables. */
  readonly tables: readonly string[]
  readonly logFile: string
  readonly upTo: string
}
export type DraftSays = { readonly done: number; readonly total: number }

type Log = { readonly store: EventStore; readonly logFile: string | undefined }

/** The drafts of the read models in a file: every table is in one of them. */
export const draftsOf = (file: string, logFile: string | undefined): readonly Draft[] =>
  (logFile === undefined ? [projections] : [listProjections, bookProjections]).map((kept, n) => ({
    file: `${file}.draft${n + 1}`,
    kept,
  }))

/** Makes them, as the log has it up to a position. */
export async function makeDrafts(
  drafts: readonly Draft[],
  { store, logFile }: Log,
  upTo: string,
  progress: RebuildProgress,
): Promise<void> {
  if (logFile === undefined) {
    for (const { file, kept } of drafts) await makeDraft(file, kept, { store, upTo, progress })
    return
  }
  const done = drafts.map(() => 0)
  const all = drafts.map(({ file: draft, kept }, n) => {
    const job = { draft, tables: kept.map(({ name }) => name), logFile, upTo }
    return inThread(job, (says) => {
      done[n] = says.done
      progress(Math.min(...done), says.total)
    })
  })
  await Promise.all(all.map(({ ended }) => ended)).catch(async (error) => {
    await Promise.all(all.map(({ giveUp }) => giveUp()))
    throw error
  })
}

function inThread(job: DraftJob, told: (says: DraftSays) => void) {
  const thread = new Worker(new URL('./draftThread.ts', import.meta.url), { workerData: job })
  thread.on('message', told)
  return { ended: endOf(thread, `making ${job.draft}`), giveUp: () => thread.terminate() }
}
