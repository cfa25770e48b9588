// /v1/statistics and /v1/takings: what the log adds up to, for the public and for a merchant.
import { z } from '@hono/zod-openapi'
import { dimensions, intervals, type Sum } from '../../projections/readModels.ts'
import { acceptanceBy } from '../domain/adoption/acceptanceBy.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { type AsKnown, asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { endpoint } from './endpoint.ts'
import { invalid, Problem } from './problem.ts'
import { amount, currency } from './schemas.ts'

const daysMax = 3660
const cellsMax = 50_000

function range(query: { from?: string | undefined; to?: string | undefined }, { latest }: AsKnown) {
  const to = query.to ?? latest
  const from = query.from ?? addDays(to, -30)
  if (from > to) throw invalid({ pointer: 'from', detail: 'Not after "to".' })
  if (addDays(from, daysMax) < to) throw invalid({ pointer: 'from', detail: `At most ${daysMax} days.` })
  return { from, to }
}

const getAcceptance = endpoint({
  method: 'get',
  path: '/v1/statistics/acceptance',
  summary: 'Acceptance points by sector and district',
  tag: 'Statistics',
  access: 'public',
  query: z.strictObject({ asOf: asOf.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description: 'Sites registered, installed and active, as /v1/statistics/definitions says',
    schema: z.object({
      asOf: date,
      ...knownView,
      data: z.array(
        z.object({
          sector: z.string(),
          district: z.string(),
          registered: z.int(),
          installed: z.int(),
          active: z.int(),
        }),
      ),
    }),
  },
  run: async ({ query }, services) => {
    const known = await asKnown(query.knownAt, services)
    const date = dayOf(query.asOf, 'asOf', known)
    const data = acceptanceBy(await known.readModels.sitesOn(date), date)
    return { status: 200, body: { asOf: date, ...known.view, data } }
  },
})

const by = z
  .string()
  .transform((value) => value.split(',').filter((part) => part !== ''))
  .pipe(z.array(z.enum(dimensions)).refine((list) => new Set(list).size === list.length, 'Each once.'))

const getPaymentStatistics = endpoint({
  method: 'get',
  path: '/v1/statistics/payments',
  summary: 'Counts and values of payments',
  tag: 'Statistics',
  access: 'public',
  query: z.strictObject({
    from: date.optional(),
    to: date.optional(),
    interval: z.enum(intervals).default('day'),
    by: by.optional(),
    knownAt: knownAt.optional(),
  }),
  problems: ['too_many_cells'],
  reply: {
    status: 200,
    description: 'One row a period and group; CSV with "Accept: text/csv"',
    schema: z.object({
      from: date,
      to: date,
      ...knownView,
      interval: z.enum(intervals),
      by: z.array(z.string()),
      data: z.array(z.object({ period: z.string(), count: z.int(), value: amount, currency }).loose()),
    }),
  },
  run: async ({ query, header }, services) => {
    const known = await asKnown(query.knownAt, services)
    const { from, to } = range(query, known)
    const { interval, by = [] } = query
    const sums = await known.readModels.statistics(from, to, interval, by, cellsMax + 1)
    if (sums.length > cellsMax)
      throw new Problem('too_many_cells', { detail: `At most ${cellsMax} cells are answered at once.` })
    const data = sums.map(({ group, count, gross, currency }) => ({
      ...group,
      count,
      value: show(gross, currency),
      currency,
    }))
    const vary = { vary: 'accept' }
    if (!header('accept')?.includes('text/csv'))
      return { status: 200, body: { from, to, ...known.view, interval, by, data }, headers: vary }
    const columns = ['period', ...by, 'count', 'value', 'currency']
    const headers = { ...vary, 'content-type': 'text/csv; charset=utf-8' }
    return { status: 200, body: csv(columns, data), headers }
  },
})

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

/** RFC 4180. District names are merchants' input: a cell that a spreadsheet would run as a formula is quoted as text. */
function csv(columns: readonly string[], rows: readonly object[]): string {
  const cell = (value: unknown): string => {
    const text = String(value ?? '')
    const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
  }
  const lines = rows.map((row) =>
    columns.map((name) => cell((row as Record<string, unknown>)[name])).join(','),
  )
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

export const statisticsEndpoints = [getAcceptance, getPaymentStatistics, getTakings]
