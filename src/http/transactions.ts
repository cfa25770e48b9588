// /v1/statistics/transactions: the payments of a month by method and size, and how many came to nothing.
import { z } from '@hono/zod-openapi'
import type { ReadModels } from '../../projections/readModels.ts'
import { lastDay } from '../domain/adoption/definitions/cohorts.ts'
import { methodMix } from '../domain/adoption/definitions/methodMix.ts'
import { rates } from '../domain/adoption/definitions/rates.ts'
import { meanTicket, ticketMean, ticketMedian } from '../domain/adoption/definitions/ticket.ts'
import { cellsBy, type Published } from '../domain/adoption/disclosure/published.ts'
import { type Cell, cellId } from '../domain/adoption/disclosure/table.ts'
import { percentOf } from '../domain/adoption/share.ts'
import { bandEnd, medianBand } from '../domain/adoption/ticketBands.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { Disclosure, disclosureView, isProtected, publishedMonth } from './disclosure.ts'
import { endpoint } from './endpoint.ts'
import { count, label, named, percent } from './figureParts.ts'
import { amount, currency } from './schemas.ts'

const monthText = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'A month, e.g. "2026-11".')
  .openapi({ example: '2026-11' })

const Mix = z.object({
  currency,
  count,
  value: amount.nullable(),
  suppressed: z.boolean(),
  [ticketMean.id]: amount.nullable(),
  [ticketMedian.id]: z.object({ from: amount, below: amount }).nullable(),
  [methodMix.id]: z.array(
    z.object({
      method: z.string(),
      count,
      value: amount.nullable(),
      suppressed: z.boolean(),
      percentOfCount: percent,
      percentOfValue: percent,
    }),
  ),
})

export const getTransactions = endpoint({
  method: 'get',
  path: '/v1/statistics/transactions',
  summary: 'The payments of a month, in figures',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({ month: monthText.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description:
      'Mix of methods, tickets and rates; of a month that is not over, what there is. What counts: /v1/statistics/definitions',
    schema: z.object({
      month: z.string(),
      ...knownView,
      disclosure: Disclosure,
      currencies: z.array(Mix),
      rates: z.array(
        z.object({
          figure: z.string(),
          label,
          numerator: count,
          denominator: count,
          percent,
          suppressed: z.boolean().optional(),
        }),
      ),
    }),
  },
  run: async ({ query, caller }, services) => {
    const disclosure = disclosureView(caller, services)
    if (isProtected(caller, services)) {
      const published = await services.published(publishedMonth(query, 'month', services))
      const { month, knownAt, position, payments } = published
      const currencies = [...payments].map(([currency, table]) => mixView(currency, partsOf(table)))
      const counted = await published.counted('rates', (readModels) => ratesOf(month, readModels))
      const body = {
        month,
        knownAt,
        position,
        disclosure,
        currencies,
        rates: counted.map((rate, index) =>
          isRateShown(rate, rates[index]!.method, payments) ? rate : hiddenRate(rate),
        ),
      }
      return { status: 200, body }
    }
    const known = await asKnown(query.knownAt, services)
    const month = query.month ?? known.latest.slice(0, 7)
    if (month > known.latest.slice(0, 7)) dayOf(`${month}-01`, 'month', known)
    const currencies = await mixOf(month, known.readModels)
    const body = {
      month,
      ...known.view,
      disclosure,
      currencies,
      rates: await ratesOf(month, known.readModels),
    }
    return { status: 200, body }
  },
})

async function ratesOf(month: string, readModels: ReadModels) {
  const outcomes = await readModels.outcomes(month)
  const sum = (counts: (outcome: (typeof outcomes)[number]) => boolean) =>
    outcomes.filter(counts).reduce((sum, { count }) => sum + count, 0)
  return rates.map(({ counts, among, ...rate }) => {
    const [numerator, denominator] = [sum(counts), sum(among)]
    return { ...named(rate), numerator, denominator, percent: percentOf(numerator, denominator) }
  })
}

/** A rate holds the number of payments of its method, or of all: it is shown where that is, in every currency. */
function isRateShown(
  { numerator, denominator }: { readonly numerator: number; readonly denominator: number },
  method: string | undefined,
  payments: ReadonlyMap<string, Published>,
): boolean {
  if (numerator === 0 && denominator === 0) return true
  const tables = [...payments.values()]
  const own = cellId(method === undefined ? {} : { method })
  const isHidden = ({ suppressed }: Published) => suppressed.has(own) || suppressed.has(cellId({}))
  return tables.some(({ table }) => table.cells.has(own)) && !tables.some(isHidden)
}

const hiddenRate = (rate: object) => ({
  ...rate,
  numerator: null,
  denominator: null,
  percent: null,
  suppressed: true,
})

/** What is known of a month's payments in a currency; undefined: suppressed. */
type Parts = {
  readonly total: Sum | undefined
  readonly methods: readonly { readonly method: string; readonly sum: Sum | undefined }[]
  /** Undefined when one of them is. */
  readonly bands: readonly { readonly band: bigint; readonly count: number }[] | undefined
}
type Sum = { readonly count: number; readonly gross: bigint }

async function mixOf(month: string, readModels: ReadModels) {
  const sums = await readModels.statistics(`${month}-01`, lastDay(month), 'month', ['method'])
  const bands = await readModels.bandTotals(month)
  const byCurrency = [...Map.groupBy(sums, ({ currency }) => currency)]
  return byCurrency
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, own]) =>
      mixView(currency, {
        total: {
          count: own.reduce((sum, { count }) => sum + count, 0),
          gross: own.reduce((sum, { gross }) => sum + gross, 0n),
        },
        methods: own.map((sum) => ({ method: sum.group.method!, sum })),
        bands: bands.filter((band) => band.currency === currency),
      }),
    )
}

/** The same from a published table. */
function partsOf(table: Published): Parts {
  const sumOf = ({ id, measures: [count = 0n, gross = 0n] }: Cell): Sum | undefined =>
    table.suppressed.has(id) ? undefined : { count: Number(count), gross }
  const bands = cellsBy(table, ['band'])
  return {
    total: cellsBy(table, []).map(sumOf)[0],
    methods: cellsBy(table, ['method']).map((cell) => ({ method: cell.values.method!, sum: sumOf(cell) })),
    bands: bands.some(({ id }) => table.suppressed.has(id))
      ? undefined
      : bands.map(({ values, measures }) => ({ band: BigInt(values.band!), count: Number(measures[0]) })),
  }
}

function mixView(currency: string, { total, methods, bands }: Parts) {
  const show = (minor: bigint) => formatMoney(money(minor, currency as Currency))
  const shown = (sum: Sum | undefined) => ({ count: sum?.count ?? null, value: sum ? show(sum.gross) : null })
  const mean = total && meanTicket(total.count, total.gross)
  const middle = total && bands && medianBand(bands)
  return {
    currency,
    ...shown(total),
    suppressed: total === undefined,
    [ticketMean.id]: mean === undefined ? null : show(mean),
    [ticketMedian.id]: middle === undefined ? null : { from: show(middle), below: show(bandEnd(middle)) },
    [methodMix.id]: methods.map(({ method, sum }) => ({
      method,
      ...shown(sum),
      percentOfCount: sum && total ? percentOf(sum.count, total.count) : null,
      percentOfValue: sum && total ? percentOf(sum.gross, total.gross) : null,
      suppressed: sum === undefined,
    })),
  }
}
