// What closing business dates needs, from the read models and this runtime.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ReadModels } from '../../../projections/readModels.ts'
import { StoreBusy } from '../../domain/core/eventStore.ts'
import type { Gateway } from '../../domain/gateway.ts'
import type { ClosingPorts } from '../../domain/settlement/closeDay.ts'
import { sha256Hasher } from './crypto.ts'

export const closingOver = (
  { settlements, settlementCuts, merchants }: Gateway,
  readModels: ReadModels,
  rest: Pick<ClosingPorts, 'caughtUp' | 'now'>,
): ClosingPorts => ({
  settlements,
  merchants,
  cuts: settlementCuts,
  reads: { ...readModels, entries: readModels.settlementEntries },
  hasher: sha256Hasher,
  nextTurn,
  alone: queue(),
  now: rest.now,
  caughtUp: patiently(rest.caughtUp),
})

const attemptsMax = 10

/** Closing a day may wait for read models that are behind: after an outage, or while many payments come. */
const patiently = (caughtUp: ClosingPorts['caughtUp']) => async (): Promise<string> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await caughtUp()
    } catch (error) {
      if (!(error instanceof StoreBusy) || attempt === attemptsMax) throw error
    }
  }
}

/** Work that waits for the work before it, however that ended. */
function queue(): ClosingPorts['alone'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}
