// When an object's one alarm rings: soon after something was recorded, when the next payment or delivery is due, and some times a day.
import { payments } from '../../../projections/payments.ts'
import type { ObjectStorage } from '../durable-object/storage.ts'
import { nextDelivery } from './webhooks.ts'

/** What a crash cut off waits no longer than this. */
const soonMs = 5_000
/** Days are closed and sealed this late at most. */
const idleMs = 3 * 3_600_000
/** What failed is tried again this much later, however often it fails: by itself the platform gives up after a few minutes. */
const againMs = 60_000
const leastMs = 1_000

export type Alarm = {
  /** It rang: whatever becomes of it, it rings again. */
  readonly again: () => Promise<void>
  /** Something was recorded. */
  readonly soon: () => Promise<void>
  /** Somebody asked for something: where none is set, what was due is long past. */
  readonly present: () => Promise<void>
  /** It rang, and what was due is done. */
  readonly next: () => Promise<void>
  /** Something may be due earlier than was known. */
  readonly reconsider: () => Promise<void>
}

export function alarmOf(storage: ObjectStorage, now: () => Date): Alarm {
  let setFor: number | undefined
  const set = async (instant: number): Promise<void> => {
    setFor = instant
    await storage.setAlarm(instant)
  }
  const nextPayment = (): number | undefined => {
    const [row] = storage.sql.exec(`select min("dueAt") as due from "${payments.name}"`).toArray()
    return typeof row?.due === 'string' ? Date.parse(row.due) : undefined
  }
  const nextDue = (): number => {
    const instant = now().getTime()
    const known = [nextPayment(), nextDelivery(storage, instant)].filter((due) => due !== undefined)
    return Math.max(instant + leastMs, Math.min(...known, instant + idleMs))
  }
  return {
    again: () => set(now().getTime() + againMs),
    soon: async () => {
      const instant = now().getTime() + soonMs
      setFor ??= (await storage.getAlarm()) ?? undefined
      if (setFor === undefined || setFor > instant || setFor < now().getTime()) await set(instant)
    },
    present: async () => {
      if ((await storage.getAlarm()) === null) await set(now().getTime() + soonMs)
    },
    next: () => set(nextDue()),
    reconsider: async () => {
      const due = nextDue()
      if (setFor === undefined || due < setFor) await set(due)
    },
  }
}
