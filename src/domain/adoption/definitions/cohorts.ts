// Cohorts: the sites that were paid without cash for the first time in a month, and how many of them still are after 30 and 90 days.
import { addDays } from '../../core/businessDay.ts'
import type { Definition } from './definition.ts'

export const retentionDays = [30, 90] as const
const windowDays = 30

/** When a site that was first paid on a day must be paid again to count as kept: from the first day on, before the last. */
export const retentionWindow = (firstPaidOn: string, after: number): { from: string; to: string } => ({
  from: addDays(firstPaidOn, after),
  to: addDays(firstPaidOn, after + windowDays),
})

/** Sites of a merchant that were first paid on one day, and how many were paid again in each window. */
export type Adopters = {
  readonly firstPaidOn: string
  readonly merchantId: string
  readonly sites: number
  readonly kept: readonly number[]
}

export type Cohort = {
  readonly month: string
  readonly sites: number
  /** By `retentionDays`; null until the window of its last day is over. */
  readonly kept: readonly (number | null)[]
  /** How many merchants are behind the sites, behind those kept and behind the rest; the last two by `retentionDays`. */
  readonly merchants: {
    readonly sites: number
    readonly kept: readonly number[]
    readonly left: readonly number[]
  }
}

/** By month, of adopters in the order of days. */
export function cohortsOf(adopters: readonly Adopters[], asOf: string): readonly Cohort[] {
  const months = Map.groupBy(adopters, ({ firstPaidOn }) => firstPaidOn.slice(0, 7))
  return [...months].map(([month, days]) => ({
    month,
    sites: days.reduce((sum, { sites }) => sum + sites, 0),
    kept: retentionDays.map((after, index) =>
      retentionWindow(lastDay(month), after).to > addDays(asOf, 1)
        ? null
        : days.reduce((sum, { kept }) => sum + kept[index]!, 0),
    ),
    merchants: {
      sites: merchantsOf(days, ({ sites }) => sites),
      kept: retentionDays.map((_, index) => merchantsOf(days, ({ kept }) => kept[index]!)),
      left: retentionDays.map((_, index) => merchantsOf(days, ({ sites, kept }) => sites - kept[index]!)),
    },
  }))
}

const merchantsOf = (adopters: readonly Adopters[], counted: (adopters: Adopters) => number): number =>
  new Set(adopters.filter((own) => counted(own) > 0).map(({ merchantId }) => merchantId)).size

/** The last day of a month (`2026-11`). */
export function lastDay(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}

export const adopterCohorts: Definition = {
  id: 'new-adopter-cohorts',
  label: {
    vi: 'Điểm bán mới và tỷ lệ duy trì sau 30 và 90 ngày',
    en: 'New adopters and their 30 and 90 day retention',
  },
  text: {
    vi: 'Điểm bán được trả không dùng tiền mặt lần đầu trong tháng; duy trì sau N ngày nghĩa là được trả ít nhất một lần từ ngày thứ N đến ngày thứ N+29 sau lần đầu. Chưa có số khi khoảng đó chưa hết đối với ngày cuối tháng.',
    en: 'Sites that were paid without cash for the first time in the month; kept after N days means paid at least once from the Nth to the N+29th day after the first. There is no figure until that is over for the last day of the month.',
  },
  measuredBy: 'gateway',
}
