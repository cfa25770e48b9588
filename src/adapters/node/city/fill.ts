// Fills an empty folder with the seeded city: the log day by day, and how far the processes have come.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnavailable } from '../../../domain/core/eventStore.ts'
import * as settlementCut from '../../../domain/settlement/cut.ts'
import { midnight } from '../../../domain/settlement/cutOff.ts'
import { decodePosition, encodePosition } from '../../sqlite/eventRow.ts'
import { sqliteEventStore } from '../../sqlite/eventStore.ts'
import { sqliteProcesses } from '../../sqlite/processes.ts'
import { sqliteVault } from '../../sqlite/vault.ts'
import { sqliteWebhookQueue } from '../../sqlite/webhookQueue.ts'
import { masterKey } from '../masterKey.ts'
import { chanceOf, cityOf } from './adopters.ts'
import { bankOf } from './bank.ts'
import { cityDays, dateOf, instantOn } from './days.ts'
import { paymentsByDay } from './payments.ts'
import { instant, type Merchants, opened, placesOf } from './places.ts'
import type { City, CitySize } from './plan.ts'
import { seeded } from './random.ts'
import { type Recorder, recorder, virtualClock } from './recorder.ts'
import { type Step, salesOf } from './sales.ts'

/** How much is done, of how much. */
type Progress = (done: number, total: number) => void

type Options = {
  readonly progress?: Progress
  readonly masterKey?: string | undefined
  /** Told as soon as there is a log to follow, and waited for. */
  readonly opened?: () => Promise<unknown>
}

export type RecordedCity = { readonly city: City; readonly events: number }

const openingMs = 6 * 3_600_000

export const eventsFileOf = (dataDir: string): string => join(dataDir, 'events.sqlite')
export const readModelsFileOf = (dataDir: string): string => join(dataDir, 'read-models.sqlite')

/** Throws StoreUnavailable where the folder has a log. */
export function refuseUsedFolder(dataDir: string): void {
  if (existsSync(eventsFileOf(dataDir)))
    throw new StoreUnavailable(`${dataDir} holds a log already: name an empty folder with DATA_DIR.`)
}

/** Records the city. Answers its plan and how many events that were. */
export async function recordCity(
  dataDir: string,
  size: CitySize,
  { progress, masterKey: given, opened: tell }: Options = {},
): Promise<RecordedCity> {
  refuseUsedFolder(dataDir)
  const city = cityOf(size)
  const clock = virtualClock()
  const vault = sqliteVault(join(dataDir, 'vault.sqlite'), masterKey(dataDir, given))
  const store = sqliteEventStore({ file: eventsFileOf(dataDir), now: clock.now, inBulk: true })
  const random = seeded(size.seed + 3)
  const record = recorder(store, clock, random)
  const ports = { recorder: record, chance: chanceOf(random) }
  const merchants: Merchants = new Map()
  try {
    await tell?.()
    const bank = bankOf({ ...ports, vault, openedAt: instantOn(0, 0) })
    const openDay = placesOf({ ...ports, city }, merchants)
    const stepsOf = salesOf({ ...ports, merchants, bank })
    let done = 0
    let day = 0
    for (const payments of paymentsByDay(city)) {
      openDay(day, instantOn(day, openingMs))
      await take(payments.flatMap(stepsOf), record)
      done += payments.length
      day += 1
      progress?.(done, size.payments)
    }
    leaveSettled(record)
    await record.flush()
    return { city, events: record.count() }
  } finally {
    await store.close()
    vault.close()
  }
}

async function take(steps: Step[], record: Recorder): Promise<void> {
  steps.sort((a, b) => a.at - b.at)
  for (const step of steps) {
    step.record()
    if (record.isFull()) await record.flush()
  }
}

/**
 * Nobody settled the city day by day. All days but the last are cut as having had nothing, so that the first start settles
 * each merchant's two years at once, and not once a day.
 */
function leaveSettled(record: Recorder): void {
  const businessDate = dateOf(cityDays - 2)
  const cutAt = instantOn(cityDays - 1, 0)
  const at = instantOn(cityDays, -1)
  const entity = opened(`settlementCut-${settlementCut.cutsId}`, settlementCut)
  const places = [{ cutOff: midnight, cutAt: instant(cutAt), position: '' }]
  const data = { businessDate, places, final: true, takenAt: instant(at) }
  record.record(entity, settlementCut, { type: 'TakeCut', data }, at)
  record.record(entity, settlementCut, { type: 'CompleteCut', data: { number: 1, at: instant(at) } }, at)
}

/** All that read the log to act on it. */
export const processNames = [
  'matchCredits',
  'payBills',
  'dispenseOrRefund',
  'resolveComplaints',
  'announceDebits',
]

/** As many events without an endpoint as let the queue of webhooks write down where it is. */
const idleEvents = 5_000

/** What the processes would do about the city is done, and nobody waits for a webhook of it: they begin behind it. */
export async function leaveProcessesBehind(dataDir: string): Promise<void> {
  const store = sqliteEventStore({ file: eventsFileOf(dataDir), now: () => new Date() })
  const { checkpoints, close } = sqliteProcesses(join(dataDir, 'processes.sqlite'))
  const head = await store.head()
  for (const name of processNames) checkpoints.save(name, head)
  close()
  const webhooks = sqliteWebhookQueue(join(dataDir, 'webhooks.sqlite'))
  webhooks.checkpoint()
  const before = encodePosition(Math.max(0, decodePosition(head) - idleEvents))
  webhooks.take(await store.readAll(before, idleEvents))
  webhooks.close()
  await store.close()
}
