// Fills a store with the log of a file that was checked, going on where it was cut off, and compares what then stands there.
import { type Recorded, StoreUnavailable } from '../../../domain/core/eventStore.ts'
import type { MovedLog, MoveTarget } from '../../../domain/core/logMove.ts'
import { type End, eventLine, lineCounter } from './logLines.ts'
import { readLines } from './readLines.ts'

const batch = 1_000

type Progress = (done: number, total: number) => void

/** What is there already is compared, not written; then the rest follows. */
export async function fill(target: MoveTarget, file: string, log: MovedLog, progress: Progress = () => {}) {
  await target.begin(log)
  let [done, last, mayBeThere] = [0, '', true]
  for await (const lines of readLines(file)) {
    const events = lines.map((line) => JSON.parse(line) as Recorded).filter(({ position }) => position)
    if (events.length === 0) continue
    const there = mayBeThere ? await target.readAll(last, events.length) : []
    if (there.some((event, index) => eventLine(event) !== eventLine(events[index]!)))
      throw new StoreUnavailable('There are other events than the ones in the file: name an empty target')
    mayBeThere = there.length === events.length
    if (!mayBeThere) await target.add(events.slice(there.length))
    done += events.length
    last = events.at(-1)!.position
    progress(done, log.count)
  }
}

/** Count and SHA-256 of what stands in the target where the log should. */
export async function readBack(
  target: Pick<MoveTarget, 'readAll'>,
  log: MovedLog,
  progress: Progress = () => {},
): Promise<End> {
  const counter = lineCounter()
  for (let last = ''; last < log.last; ) {
    const events = (await target.readAll(last, batch)).filter(({ position }) => position <= log.last)
    if (events.length === 0) break
    for (const event of events) counter.add(eventLine(event))
    last = events.at(-1)!.position
    progress(counter.end().count, log.count)
  }
  return counter.end()
}
