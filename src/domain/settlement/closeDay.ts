// Closes business dates: takes a cut, settles every merchant that has entries before it, and says that it is done.
import { addDays, businessDate } from '../core/businessDay.ts'
import type { Gateway } from '../gateway.ts'
import { type CutPlace, type Cuts, cutsId } from './cut.ts'
import { type CutOff, cutInstant, midnight } from './cutOff.ts'
import { countAccount, type OpenAccount, recordClosed, type SettlingPorts } from './settleAccount.ts'
import type { Closed } from './settlement.ts'

/** What is asked of the read models, which have counted everything up to the cut by then. */
export type SettlementReads = {
  /** Accounts with entries after their last settlement, in the order of merchant and currency, after one of them. */
  readonly openAccounts: (after: OpenAccount | undefined, limit: number) => Promise<readonly OpenAccount[]>
  /** The position of the last entry recorded before an instant that is a full minute; '' where there is none. */
  readonly lastBefore: (instant: string) => Promise<string>
  /** When the first entry of all was recorded. */
  readonly firstEntryAt: () => Promise<string | undefined>
  /** The cut-off of each merchant that has another than midnight on a date. */
  readonly cutOffsOn: (date: string) => Promise<ReadonlyMap<string, CutOff>>
}

export type ClosingPorts = SettlingPorts & {
  readonly cuts: Gateway['settlementCuts']
  readonly reads: SettlementReads & SettlingPorts['reads']
  /** Where the log ended when this was asked, once the read models have come that far. */
  readonly caughtUp: () => Promise<string>
  /** One after the other: two that close at once do no harm, but each would do all the work. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
}

const accountsAtOnce = 32

/** Closes every date that is over, up to one, the oldest first. What another gateway left half done is finished. */
export async function closeDates(upTo: string, ports: ClosingPorts, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const state = await finishedCuts(ports, signal)
    const date = await dateToClose(state, ports)
    if (!state || date === undefined || date > upTo || !isOver(date, ports)) return
    await takeCut(date, await placesOf(date, ports, isPast(ports)), true, ports)
    await finishedCuts(ports, signal)
  }
}

/** Closes every date that is over, and cuts today for the merchants whose own cut-off has passed. */
export async function closePassedCutOffs(ports: ClosingPorts, signal?: AbortSignal): Promise<void> {
  const date = today(ports)
  await closeDates(addDays(date, -1), ports, signal)
  const state = await finishedCuts(ports, signal)
  if (!state || (state.closedThrough ?? '') >= date) return
  const known = state.last?.businessDate === date ? state.places : []
  const isNew = (cutOff: CutOff, cutAt: string): boolean =>
    isPast(ports)(cutOff, cutAt) && !known.some((place) => place.cutOff === cutOff && place.cutAt === cutAt)
  const places = await placesOf(date, ports, isNew)
  if (places.length > 0) await takeCut(date, places, false, ports)
  await finishedCuts(ports, signal)
}

/** Cuts today for everybody, now: what comes later is in the settlement of the next date. */
export async function closeToday(ports: ClosingPorts): Promise<void> {
  const date = today(ports)
  await closeDates(addDays(date, -1), ports)
  const end = await ports.caughtUp()
  const [open] = await ports.reads.openAccounts(undefined, 1)
  if (!open) return
  const at = ports.now().toISOString()
  const passed = await placesOf(date, ports, () => true)
  const places = passed.map((place) => (place.cutAt <= at ? place : { ...place, cutAt: at, position: end }))
  await takeCut(date, places, false, ports)
  await finishedCuts(ports)
}

const today = ({ now }: Pick<ClosingPorts, 'now'>): string => businessDate(now().toISOString())
const isOver = (date: string, ports: ClosingPorts): boolean => date < today(ports)
const isPast =
  ({ now }: ClosingPorts) =>
  (_cutOff: CutOff, cutAt: string): boolean =>
    cutAt <= now().toISOString()

/** The date after the last one closed; before any was, that of the first entry. */
async function dateToClose({ closedThrough }: Cuts = { places: [] }, ports: ClosingPorts) {
  if (closedThrough !== undefined) return addDays(closedThrough, 1)
  const first = await ports.reads.firstEntryAt()
  return first === undefined ? undefined : businessDate(first)
}

/** Where a date ends, by each cut-off that is wanted. */
async function placesOf(
  date: string,
  { reads, caughtUp }: ClosingPorts,
  wanted: (cutOff: CutOff, cutAt: string) => boolean,
): Promise<readonly CutPlace[]> {
  const passed = async (): Promise<readonly CutOff[]> => {
    const all = [...new Set([...(await reads.cutOffsOn(date)).values(), midnight])].sort()
    return all.filter((cutOff) => wanted(cutOff, cutInstant(date, cutOff)))
  }
  if ((await passed()).length === 0) return []
  await caughtUp() // and then once more: a merchant's cut-off may have changed a moment ago
  return Promise.all(
    (await passed()).map(async (cutOff) => {
      const cutAt = cutInstant(date, cutOff)
      return { cutOff, cutAt, position: await reads.lastBefore(cutAt) }
    }),
  )
}

/** Of two at once one is recorded; the other finds it open, or the date closed. */
async function takeCut(
  date: string,
  places: readonly CutPlace[],
  final: boolean,
  { cuts, now }: ClosingPorts,
): Promise<void> {
  const data = { businessDate: date, places, final, takenAt: now().toISOString() }
  const outcome = await cuts.handle(cutsId, { type: 'TakeCut', data }, { actor: 'settlementRun' })
  if (!outcome.ok && outcome.rejection !== 'business_date_closed')
    throw new Error(`${date} could not be cut: ${outcome.rejection}`)
}

/** The cuts, once the last one is settled; undefined when told to stop before. */
async function finishedCuts(ports: ClosingPorts, signal?: AbortSignal): Promise<Cuts | undefined> {
  const { cuts, now } = ports
  const { state } = await cuts.load(cutsId)
  const { last } = state
  if (!last || last.completed) return state
  if (!(await settleAll(last, ports, signal))) return undefined
  const command = { type: 'CompleteCut', data: { number: last.number, at: now().toISOString() } } as const
  const outcome = await cuts.handle(cutsId, command, { actor: 'settlementRun' })
  if (!outcome.ok) throw new Error(`cut ${last.number} could not be completed: ${outcome.rejection}`)
  return outcome.state
}

/** Settles every account that has entries before its place of a cut; false when told to stop. */
async function settleAll(
  cut: NonNullable<Cuts['last']>,
  ports: ClosingPorts,
  signal?: AbortSignal,
): Promise<boolean> {
  await ports.caughtUp()
  const own = await ports.reads.cutOffsOn(cut.businessDate)
  const placeOf = new Map(cut.places.map((place) => [place.cutOff, place]))
  for (let after: OpenAccount | undefined; !signal?.aborted; ) {
    const accounts = await ports.reads.openAccounts(after, accountsAtOnce)
    if (accounts.length === 0) return true
    const closed: Closed[] = []
    for (const account of accounts) {
      const place = placeOf.get(own.get(account.merchantId) ?? midnight)
      const data = place && (await countAccount(account, place, cut, ports))
      if (data) closed.push(data)
    }
    await Promise.all(closed.map((data) => recordClosed(data, ports))) // all with one write
    after = accounts.at(-1)
  }
  return false
}
