// What the page of statistics asks of the public API, and the shapes that it gets.
import { addDays } from '../../../domain/core/businessDay.ts'
import type { Api } from '../console/api.ts'

export type Text = { readonly vi: string; readonly en: string }

export type Indicator = {
  readonly indicator: string
  readonly year: number
  readonly label: Text
  readonly unit: 'percent' | 'rank'
  readonly target: number
  readonly source: string
  readonly numerator: number | null
  readonly denominator: number | null
  readonly denominatorSource: 'registry' | 'sites' | 'mixed' | null
  readonly percent: number | null
  readonly met: boolean | null
  readonly observed: { readonly value: number; readonly date: string; readonly source: string } | null
  readonly suppressed?: boolean
}
/** Of a sector or of a district. */
export type Point = {
  readonly sector?: string
  readonly district?: string
  readonly registered: number
  readonly installed: number | null
  readonly active: number | null
  readonly suppressed?: boolean
}
export type Sum = {
  readonly period: string
  readonly sector?: string
  readonly count: number | null
  readonly value: string | null
  readonly currency: string
  readonly suppressed?: boolean
}
export type Figure = {
  readonly figure: string
  readonly label: Text
  readonly unit: 'percent' | 'per-100000' | 'per-10000' | 'hours'
  readonly numerator: number | null
  readonly denominator: number | null
  readonly value: number | null
  readonly observed: { readonly date: string; readonly source: string } | null
  readonly suppressed?: boolean
}
export type Mix = {
  readonly currency: string
  readonly count: number | null
  readonly value: string | null
  readonly suppressed: boolean
  readonly 'ticket-mean': string | null
  readonly 'ticket-median': { readonly from: string; readonly below: string } | null
  readonly 'method-mix': readonly {
    readonly method: string
    readonly count: number | null
    readonly value: string | null
    readonly suppressed: boolean
    readonly percentOfCount: number | null
    readonly percentOfValue: number | null
  }[]
}
export type Rate = {
  readonly figure: string
  readonly label: Text
  readonly numerator: number | null
  readonly denominator: number | null
  readonly percent: number | null
  readonly suppressed?: boolean
}
export type Cohort = {
  readonly month: string
  readonly sites: number | null
  readonly suppressed: boolean
  readonly kept: readonly {
    readonly afterDays: number
    readonly sites: number | null
    readonly percent: number | null
    readonly suppressed: boolean
  }[]
}
export type Definition = { readonly id: string; readonly label: Text; readonly text: Text }
export type Table = {
  readonly table: string
  readonly title: Text
  readonly frequency: 'month' | 'quarter' | 'year'
}
type Disclosure = { readonly applied: boolean; readonly minimumContributors?: number }

/** A day and an instant, as the API takes them. */
export type Cut = { readonly asOf?: string; readonly knownAt?: string }

export type Answers = Awaited<ReturnType<typeof answersTo>>

const monthsShown = 12

export async function answersTo(cut: Cut, api: Api) {
  // First and alone: about an old instant it makes what the other answers are then read from.
  const { asOf, knownAt, disclosure, indicators } = await api.call<{
    asOf: string
    knownAt?: string
    disclosure: Disclosure
    indicators: readonly Indicator[]
  }>('get /v1/statistics/indicators', { query: cut })
  const month = asOf.slice(0, 7)
  const known = cut.knownAt === undefined ? {} : { knownAt: cut.knownAt }
  const [points, districts, figures, cohorts, transactions, trend, sales, definitions, tables] =
    await Promise.all([
      api.call<{ data: readonly Point[] }>('get /v1/statistics/acceptance', {
        query: { ...cut, by: 'sector' },
      }),
      api.call<{ data: readonly Point[] }>('get /v1/statistics/acceptance', {
        query: { ...cut, by: 'district' },
      }),
      api.call<{ figures: readonly Figure[] }>('get /v1/statistics/figures', { query: cut }),
      api.call<{ data: readonly Cohort[] }>('get /v1/statistics/cohorts', { query: cut }),
      api.call<{ currencies: readonly Mix[]; rates: readonly Rate[] }>('get /v1/statistics/transactions', {
        query: { ...known, month },
      }),
      api.call<{ data: readonly Sum[] }>('get /v1/statistics/payments', {
        query: { ...known, from: `${trendMonths(asOf)[0]}-01`, to: asOf, interval: 'month' },
      }),
      api.call<{ data: readonly Sum[] }>('get /v1/statistics/payments', {
        query: { ...known, from: `${month}-01`, to: asOf, interval: 'month', by: 'sector' },
      }),
      api.call<{ data: readonly Definition[] }>('get /v1/statistics/definitions'),
      api.call<{ data: readonly Table[] }>('get /v1/statistics/tables'),
    ])
  return {
    asOf,
    month,
    /** What was recorded by then counts, where not all does. */
    knownAt,
    /** The same where it was asked for: what is asked further names it. */
    known,
    disclosure,
    indicators,
    sectors: points.data,
    districts: districts.data,
    figures: figures.figures,
    cohorts: cohorts.data,
    currencies: transactions.currencies,
    rates: transactions.rates,
    trend: trend.data,
    sales: sales.data,
    definitions: definitions.data,
    tables: tables.data,
  }
}

/** The months up to that of a day, the first one first. */
export function trendMonths(asOf: string): readonly string[] {
  const months = [asOf.slice(0, 7)]
  while (months.length < monthsShown) months.unshift(addDays(`${months[0]}-01`, -1).slice(0, 7))
  return months
}
