// The process that seals each business day once it is over, day after day, from wherever the last one left off.
import { addDays, businessDate } from '../core/businessDay.ts'
import type { Digest } from '../core/eventHash.ts'
import type { EventStore, Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import { type DayTree, dayTreeBuilder } from './dayTree.ts'
import { type Seal, type Signer, sealOf } from './seal.ts'

type SealingPorts = {
  readonly readAll: EventStore['readAll']
  readonly seals: Gateway['seals']
  readonly digest: Digest
  readonly signer: Signer
  readonly now: () => Date
  /** Lets those who wait for an answer go first. */
  readonly nextTurn: () => Promise<unknown>
}

const batch = 500

/** `sealDays(signal)` seals what can be sealed, the oldest day first. A day without events gets no seal. */
export function daySealer(ports: SealingPorts): (signal: AbortSignal) => Promise<void> {
  let last: Seal | undefined
  return async (signal) => {
    let next = await sealAfter(last, ports, signal)
    while (next) {
      last = next
      next = await sealAfter(last, ports, signal)
    }
  }
}

/** The seal that follows another, made now unless it stands; undefined while its day is not over. */
async function sealAfter(
  last: Seal | undefined,
  ports: SealingPorts,
  signal: AbortSignal,
): Promise<Seal | undefined> {
  const today = businessDate(ports.now().toISOString())
  const [first] = await ports.readAll(last?.lastPosition ?? '', 1)
  if (!first || signal.aborted) return undefined
  const date = dateToSeal(first, last, today)
  if (date >= today) return undefined
  const { state } = await ports.seals.load(date)
  if (state.status === 'sealed') return state
  const tree = await treeOf(last?.lastPosition ?? '', belongsTo(date, today), ports, signal)
  return tree && recorded(sealOf(date, tree, last, ports.signer), ports)
}

/**
 * The day of the first event that has no seal. One from a day that has its seal (a clock went back) goes into the next;
 * one from the future goes with its neighbors: a clock that was wrong once must not stop the sealing for years.
 */
function dateToSeal({ recordedAt }: Recorded, last: Seal | undefined, today: string): string {
  const own = businessDate(recordedAt)
  const date = own > today ? addDays(today, -1) : own
  return last && date <= last.date ? addDays(last.date, 1) : date
}

const belongsTo =
  (date: string, today: string) =>
  ({ recordedAt }: Recorded): boolean => {
    const own = businessDate(recordedAt)
    return own <= date || own > today
  }

/** The tree of the events after a position as long as they belong; undefined when it was told to stop. */
async function treeOf(
  after: string,
  belongs: (event: Recorded) => boolean,
  { readAll, digest, nextTurn }: SealingPorts,
  signal: AbortSignal,
): Promise<DayTree | undefined> {
  const builder = dayTreeBuilder(digest)
  for (let position = after; !signal.aborted; await nextTurn()) {
    const events = await readAll(position, batch)
    const end = events.findIndex((event) => !belongs(event))
    const own = end === -1 ? events : events.slice(0, end)
    for (const event of own) builder.add(event)
    if (own.length < batch) return builder.tree()
    position = own.at(-1)!.position
  }
  return undefined
}

async function recorded(data: Seal, { seals }: SealingPorts): Promise<Seal> {
  const command = { type: 'SealDay', data } as const
  const outcome = await seals.handle(data.date, command, { actor: 'sealDays' }, { expectNew: true })
  if (!outcome.ok || outcome.state.status === 'new') throw new Error(`${data.date} could not be sealed`)
  return outcome.state
}
