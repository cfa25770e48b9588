// /v1/statistics and /v1/takings: what the log adds up to, for the public and for a merchant.
import { z } from '@hono/zod-openapi'
import {
  type Dimension,
  dimensions,
  type Interval,
  intervals,
  type Sum,
} from '../../projections/readModels.ts'
import {
  type AcceptanceDimension,
  acceptanceBy,
  acceptanceDimensions,
} from '../domain/adoption/acceptanceBy.ts'
import { lastDay } from '../domain/adoption/definitions/cohorts.ts'
import { monthsBetween } from '../domain/adoption/disclosure/publication.ts'
import { acceptanceRule, cellsBy, type Published } from '../domain/adoption/disclosure/published.ts'
import type { Cell } from '../domain/adoption/disclosure/table.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { type AsKnown, asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { csvText } from './csv.ts'
import { asOf, date } from './days.ts'
import {
  Disclosure,
  disclosureView,
  isProtected,
  monthAsOf,
  monthEnding,
  notPublished,
  publishedMonth,
} from './disclosure.ts'
import { endpoint } from './endpoint.ts'
import { invalid, Problem } from './problem.ts'
import { amount, currency } from './schemas.ts'
import type { Services } from './services.ts'

const daysMax = 3660
const cellsMax = 50_000

function range(query: { from?: string | undefined; to?: string | undefined }, { latest }: AsKnown) {
  const to = query.to ?? latest
  const from = query.from ?? addDays(to, -30)
  if (from > to) throw invalid({ pointer: 'from', detail: 'Not after "to".' })
  if (addDays(from, daysMax) < to) throw invalid({ pointer: 'from', detail: `At most ${daysMax} days.` })
  return { from, to }
}

const listOf = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z
    .string()
    .transform((value) => value.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(names)).refine((list) => new Set(list).size === list.length, 'Each once.'))

const getAcceptance = endpoint({
  method: 'get',
  path: '/v1/statistics/acceptance',
  summary: 'Acceptance points by sector and district',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({
    asOf: asOf.optional(),
    by: listOf(acceptanceDimensions).optional().openapi({ description: '`sector,district` unless said' }),
    knownAt: knownAt.optional(),
  }),
  reply: {
    status: 200,
    description: 'Sites registered, installed and active, as /v1/statistics/definitions says',
    schema: z.object({
      asOf: date,
      ...knownView,
      disclosure: Disclosure,
      data: z.array(
        z.object({
          sector: z.string().optional(),
          district: z.string().optional(),
          registered: z.int(),
          installed: z.int().nullable(),
          active: z.int().nullable(),
          suppressed: z.boolean().optional(),
        }),
      ),
    }),
  },
  run: async ({ query, caller }, services) => {
    const { by = acceptanceDimensions } = query
    const disclosure = disclosureView(caller, services, acceptanceRule)
    if (isProtected(caller, services)) {
      const { month, view } = await monthAsOf(query, services)
      return { status: 200, body: { ...view, disclosure, data: publishedPoints(month.acceptance, by) } }
    }
    const known = await asKnown(query.knownAt, services)
    const date = dayOf(query.asOf, 'asOf', known)
    const cells = acceptanceBy(await known.readModels.sitesOn(date), date, by)
    const data = cells.map(({ group, ...counts }) => ({ ...group, ...counts }))
    return { status: 200, body: { asOf: date, ...known.view, disclosure, data } }
  },
})

const publishedPoints = (acceptance: Published, by: readonly AcceptanceDimension[]) =>
  cellsBy(acceptance, by).map(({ id, values, measures }) => {
    const [registered, installed, active] = measures.map(Number)
    return acceptance.suppressed.has(id)
      ? { ...values, registered, installed: null, active: null, suppressed: true }
      : { ...values, registered, installed, active, suppressed: false }
  })

const getPaymentStatistics = endpoint({
  method: 'get',
  path: '/v1/statistics/payments',
  summary: 'Counts and values of payments',
  tag: 'Statistics',
  access: 'public',
  query: z.strictObject({
    from: date.optional(),
    to: date.optional(),
    interval: z.enum(intervals).optional(),
    by: listOf(dimensions).optional(),
    knownAt: knownAt.optional(),
    format: z.enum(['json', 'csv']).optional(),
  }),
  readsKey: true,
  problems: ['too_many_cells', 'not_published'],
  reply: {
    status: 200,
    description: 'One row a period and group; CSV with `format=csv` or "Accept: text/csv"',
    schema: z.object({
      from: date,
      to: date,
      ...knownView,
      interval: z.enum(intervals),
      by: z.array(z.string()),
      disclosure: Disclosure,
      data: z.array(
        z
          .object({
            period: z.string(),
            count: z.int().nullable(),
            value: amount.nullable(),
            currency,
            suppressed: z.boolean().optional(),
          })
          .loose(),
      ),
    }),
  },
  run: async ({ query, header, caller }, services) => {
    const { by = [] } = query
    const applied = isProtected(caller, services)
    const answer = applied ? await publishedSums(query, by, services) : await sumsOf(query, by, services)
    const vary = { vary: 'accept, authorization' }
    const format = query.format ?? (header('accept')?.includes('text/csv') ? 'csv' : 'json')
    if (format === 'json') {
      const { data, ...view } = answer
      const body = { ...view, by, disclosure: disclosureView(caller, services), data }
      return { status: 200, body, headers: vary }
    }
    const columns = ['period', ...by, 'count', 'value', 'currency', ...(applied ? ['suppressed'] : [])]
    const headers = { ...vary, 'content-type': 'text/csv; charset=utf-8' }
    return { status: 200, body: csv(columns, answer.data), headers }
  },
})

type SumsQuery = {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly interval?: Interval | undefined
  readonly knownAt?: string | undefined
}

async function sumsOf(query: SumsQuery, by: readonly Dimension[], services: Services) {
  const known = await asKnown(query.knownAt, services)
  const { from, to } = range(query, known)
  const { interval = 'day' } = query
  const sums = await known.readModels.statistics(from, to, interval, by, cellsMax + 1)
  if (sums.length > cellsMax)
    throw new Problem('too_many_cells', { detail: `At most ${cellsMax} cells are answered at once.` })
  const data = sums.map(({ group, count, gross, currency }) => ({
    ...group,
    count,
    value: show(gross, currency),
    currency,
  }))
  return { from, to, ...known.view, interval, data }
}

const monthsMax = 24

/** Whole months as they were published. Cells that are not shown are marked. */
async function publishedSums(query: SumsQuery, by: readonly Dimension[], services: Services) {
  const { from, to, interval = 'month', knownAt } = query
  if (interval !== 'month') throw notPublished('interval', 'Only "month" is published.')
  if (from !== undefined && !from.endsWith('-01')) throw notPublished('from', 'The first day of a month.')
  const last = publishedMonth({ month: monthEnding(to, 'to'), knownAt }, 'to', services)
  const first = from?.slice(0, 7) ?? last
  if (first > last) throw invalid({ pointer: 'from', detail: 'Not after "to".' })
  const months = monthsBetween(first, last)
  if (months.length > monthsMax) throw notPublished('from', `At most ${monthsMax} months at once.`)
  const data = []
  for (const month of months) {
    const { payments } = await services.published(month)
    for (const [currency, published] of payments)
      data.push(...cellsBy(published, by).map((cell) => publishedRow(month, cell, currency, published)))
  }
  return { from: `${first}-01`, to: lastDay(last), interval, data }
}

function publishedRow(month: string, cell: Cell, currency: string, { suppressed }: Published) {
  const [count, value] = cell.measures as [bigint, bigint]
  const row = { period: month, ...cell.values }
  return suppressed.has(cell.id)
    ? { ...row, count: null, value: null, currency, suppressed: true }
    : { ...row, count: Number(count), value: show(value, currency), currency, suppressed: false }
}

const getTakings = endpoint({
  method: 'get',
  path: '/v1/takings',
  summary: 'Daily takings of the calling merchant',
  tag: 'Payments',
  access: ['merchant'],
  query: z.strictObject({ from: date.optional(), to: date.optional() }),
  reply: {
    status: 200,
    description: 'One row a business day, method and currency: gross, fees and what is left',
    schema: z.object({
      data: z.array(
        z.object({
          businessDate: date,
          method: z.string(),
          currency,
          count: z.int(),
          gross: amount,
          fees: amount,
          net: amount,
        }),
      ),
    }),
  },
  run: async ({ query, caller }, services) => {
    const { from, to } = range(query, await asKnown(undefined, services))
    const sums = await services.readModels.dailyTakings(caller!.merchantId!, from, to)
    return { status: 200, body: { data: sums.map(takingsView) } }
  },
})

const takingsView = ({ group, count, gross, fees, currency }: Sum) => ({
  ...group,
  currency,
  count,
  gross: show(gross, currency),
  fees: show(fees, currency),
  net: show(gross - fees, currency),
})

const show = (minor: bigint, currency: string): string => formatMoney(money(minor, currency as Currency))

const csv = (columns: readonly string[], rows: readonly object[]): string =>
  csvText(
    columns,
    rows.map((row) => columns.map((name) => (row as Record<string, unknown>)[name])),
  )

export const statisticsEndpoints = [getAcceptance, getPaymentStatistics, getTakings]
