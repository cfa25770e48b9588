// /v1/statistics/figures, transactions, cohorts and definitions: adoption in figures, and what each of them counts.
import { z } from '@hono/zod-openapi'
import type { ReadModels } from '../../projections/readModels.ts'
import { acceptanceActive, isActive } from '../domain/adoption/definitions/acceptanceActive.ts'
import { acceptanceInstalled, isInstalled } from '../domain/adoption/definitions/acceptanceInstalled.ts'
import { adopterCohorts, cohortsOf, lastDay, retentionDays } from '../domain/adoption/definitions/cohorts.ts'
import type { Definition } from '../domain/adoption/definitions/definition.ts'
import { definitions, definitionView } from '../domain/adoption/definitions/definitions.ts'
import { methodMix } from '../domain/adoption/definitions/methodMix.ts'
import { rates } from '../domain/adoption/definitions/rates.ts'
import { nonCashSalesShare, type Reference } from '../domain/adoption/definitions/references.ts'
import { isInService, isPos, posPerAdults, posPerPeople } from '../domain/adoption/definitions/terminalOn.ts'
import { meanUptime, terminalUptime, uptimeDays } from '../domain/adoption/definitions/terminalUptime.ts'
import { meanTicket, ticketMean, ticketMedian } from '../domain/adoption/definitions/ticket.ts'
import {
  settlementDaysBack,
  settlementHours,
  timeToSettlementMean,
  timeToSettlementMedian,
} from '../domain/adoption/definitions/timeToSettlement.ts'
import { acceptanceRule, cellsBy, type Published } from '../domain/adoption/disclosure/published.ts'
import { type Cell, cellId } from '../domain/adoption/disclosure/table.ts'
import { percentOf, perUnits } from '../domain/adoption/share.ts'
import { bandEnd, medianBand } from '../domain/adoption/ticketBands.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { Disclosure, disclosureView, isProtected, monthAsOf, publishedMonth } from './disclosure.ts'
import { endpoint } from './endpoint.ts'
import { amount, currency } from './schemas.ts'
import type { PublishedMonth } from './services.ts'

const label = z.object({ vi: z.string(), en: z.string() })
const count = z.int().nullable()
const percent = z.number().nullable()

const getDefinitions = endpoint({
  method: 'get',
  path: '/v1/statistics/definitions',
  summary: 'What each figure counts',
  tag: 'Statistics',
  access: 'public',
  reply: {
    status: 200,
    description: 'Each as it is applied, in Vietnamese and English',
    schema: z.object({
      data: z.array(
        z.object({
          id: z.string(),
          label,
          text: label,
          measuredBy: z.enum(['gateway', 'observation', 'both']),
        }),
      ),
    }),
  },
  run: () => ({ status: 200, body: { data: definitions.map(definitionView) } }),
})

const Observed = z.object({ indicator: z.string(), value: z.number(), date, source: z.string() })

const Figure = z.object({
  figure: z.string(),
  label,
  unit: z.enum(['percent', 'per-100000', 'per-10000', 'hours']),
  numerator: count,
  denominator: count,
  value: z.number().nullable(),
  observed: Observed.nullable(),
  suppressed: z.boolean().optional(),
})

const getFigures = endpoint({
  method: 'get',
  path: '/v1/statistics/figures',
  summary: 'Acceptance and terminals on a day, in figures',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({ asOf: asOf.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description:
      'To one decimal; null where nothing is known to divide by. What counts: /v1/statistics/definitions',
    schema: z.object({ asOf: date, ...knownView, disclosure: Disclosure, figures: z.array(Figure) }),
  },
  run: async ({ query, caller }, services) => {
    const disclosure = disclosureView(caller, services, acceptanceRule)
    if (isProtected(caller, services)) {
      const { month, view } = await monthAsOf(query, services)
      const figures = await month.counted('figures', async (readModels) => {
        const shown = await figuresOn(month.asOf, month.knownAt, readModels)
        const hidden = await figuresOfFew(month, readModels)
        return shown.map((figure) => (hidden.has(figure.figure) ? hiddenFigure(figure) : figure))
      })
      return { status: 200, body: { ...view, disclosure, figures: [...figures, ...settlementHidden] } }
    }
    const known = await asKnown(query.knownAt, services)
    const day = dayOf(query.asOf, 'asOf', known)
    const figures = await figuresOn(day, query.knownAt ?? services.now().toISOString(), known.readModels)
    const settlement = await settlementOn(day, known.readModels)
    return {
      status: 200,
      body: { asOf: day, ...known.view, disclosure, figures: [...figures, ...settlement] },
    }
  },
})

/** `at`: what is later is not known. */
async function figuresOn(day: string, at: string, readModels: ReadModels) {
  const sites = await readModels.sitesOn(day)
  const terminals = await readModels.terminalsOn(day)
  const observations = await readModels.observationsOfYears(day)
  const pos = terminals
    .filter((terminal) => isPos(terminal) && isInService(terminal, day))
    .reduce((sum, { count }) => sum + count, 0)
  const latest = (reference: Reference) => {
    const [found] = observations
      .filter(({ indicator }) => indicator === reference)
      .toSorted((a, b) => (a.observedOn < b.observedOn ? 1 : -1))
    return (
      found && {
        indicator: reference,
        value: Number(found.value),
        date: found.observedOn,
        source: found.source,
      }
    )
  }
  const ofSites = (definition: Definition, counts: (typeof sites)[number][]) => {
    const [numerator, denominator] = [counts.length, sites.length]
    const value = percentOf(numerator, denominator)
    return { ...named(definition), unit: 'percent', numerator, denominator, value, observed: null }
  }
  const perHead = (definition: Definition, reference: Reference, units: 10_000 | 100_000) => {
    const observed = latest(reference) ?? null
    const denominator = observed?.value ?? null
    const value = denominator === null ? null : perUnits(pos, denominator, units)
    return { ...named(definition), unit: `per-${units}`, numerator: pos, denominator, value, observed }
  }
  const declared = latest('non-cash-sales-share') ?? null
  return [
    ofSites(
      acceptanceInstalled,
      sites.filter((site) => isInstalled(site, day)),
    ),
    ofSites(
      acceptanceActive,
      sites.filter((site) => isActive(site, day)),
    ),
    perHead(posPerAdults, 'adult-population', 100_000),
    perHead(posPerPeople, 'population', 10_000),
    await uptimeUntil(day, at, readModels),
    {
      ...named(nonCashSalesShare),
      unit: 'percent',
      numerator: null,
      denominator: null,
      value: declared?.value ?? null,
      observed: declared,
    },
  ]
}

async function uptimeUntil(day: string, at: string, readModels: ReadModels) {
  const end = `${day}T16:59:59.999Z` // midnight in Hanoi
  const until = new Date(end < at ? end : at)
  const from = addDays(day, -uptimeDays).slice(0, 7)
  const happened = await readModels.presenceSince(from, day.slice(0, 7))
  const { terminals, percent } = meanUptime(happened, until)
  const counted = { numerator: null, denominator: terminals, value: percent }
  return { ...named(terminalUptime), unit: 'percent', ...counted, observed: null }
}

/** The figures that so few merchants stand behind that they are hidden. What comes from outside is nobody's secret. */
async function figuresOfFew({ asOf, acceptance }: PublishedMonth, readModels: ReadModels) {
  const terminals = await readModels.merchantTerminalsOn(asOf)
  const areOfFew = (counts: (terminal: (typeof terminals)[number]) => boolean) => {
    const counted = terminals.filter(counts)
    return isFew(counted.length, new Set(counted.map(({ merchantId }) => merchantId)).size)
  }
  const all = acceptance.suppressed.has(cellId({}))
  const pos = all || areOfFew((terminal) => isPos(terminal) && isInService(terminal, asOf))
  const seen = all || areOfFew(({ seen, revokedOn }) => seen && (revokedOn === null || revokedOn > asOf))
  return new Set([
    ...(all ? [acceptanceInstalled.id, acceptanceActive.id] : []),
    ...(pos ? [posPerAdults.id, posPerPeople.id] : []),
    ...(seen ? [terminalUptime.id] : []),
  ])
}

/** How many sites and how many people there are is public; how many terminals were heard from is not. */
const hiddenFigure = <F extends { readonly figure: string; readonly denominator: number | null }>(
  figure: F,
) => ({
  ...figure,
  numerator: null,
  denominator: figure.figure === terminalUptime.id ? null : figure.denominator,
  value: null,
  suppressed: true,
})

async function settlementOn(day: string, readModels: ReadModels) {
  const payments = await readModels.settledPayments(addDays(day, -settlementDaysBack), day)
  const { counted, confirmed, median, mean } = settlementHours(payments)
  const shared = { unit: 'hours', numerator: confirmed, denominator: counted, observed: null }
  return [
    { ...named(timeToSettlementMedian), ...shared, value: median },
    { ...named(timeToSettlementMean), ...shared, value: mean },
  ]
}

const named = ({ id, label }: Definition) => ({ figure: id, label })

/** It is counted from the payments of one day, and days are not published. */
const settlementHidden = [timeToSettlementMedian, timeToSettlementMean].map((definition) => ({
  ...named(definition),
  ...{ unit: 'hours', numerator: null, denominator: null, value: null, observed: null, suppressed: true },
}))

export const monthText = z
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

const getTransactions = endpoint({
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

const cohortsMax = 730

const getCohorts = endpoint({
  method: 'get',
  path: '/v1/statistics/cohorts',
  summary: 'New adopters by month, and how many stay',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({ asOf: asOf.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description: `${adopterCohorts.text.en} The months of the last ${cohortsMax} days`,
    schema: z.object({
      asOf: date,
      ...knownView,
      disclosure: Disclosure,
      data: z.array(
        z.object({
          month: z.string(),
          sites: count,
          suppressed: z.boolean(),
          kept: z.array(z.object({ afterDays: z.int(), sites: count, percent, suppressed: z.boolean() })),
        }),
      ),
    }),
  },
  run: async ({ query, caller }, services) => {
    const disclosure = disclosureView(caller, services, acceptanceRule)
    if (isProtected(caller, services)) {
      const { month, view } = await monthAsOf(query, services)
      const data = await month.counted('cohorts', (readModels) => cohortsOn(month.asOf, readModels, isFew))
      return { status: 200, body: { ...view, disclosure, data } }
    }
    const known = await asKnown(query.knownAt, services)
    const day = dayOf(query.asOf, 'asOf', known)
    const data = await cohortsOn(day, known.readModels, () => false)
    return { status: 200, body: { asOf: day, ...known.view, disclosure, data } }
  },
})

/** A chain is one merchant, however many there are of what is counted. */
const isFew = (counted: number, merchants: number): boolean =>
  counted > 0 && merchants < acceptanceRule.minimumContributors

/** Where a count is of a few, and where what is left of it is, neither is shown. */
async function cohortsOn(day: string, readModels: ReadModels, few: typeof isFew) {
  const since = `${addDays(day, -cohortsMax).slice(0, 7)}-01`
  const cohorts = cohortsOf(await readModels.adopters(since, day), day)
  return cohorts.map(({ month, sites, kept, merchants }) => {
    const hidden = few(sites, merchants.sites)
    return {
      month,
      sites: hidden ? null : sites,
      suppressed: hidden,
      kept: kept.map((stayed, index) => {
        const ofFew = (stayed: number) =>
          few(stayed, merchants.kept[index]!) || few(sites - stayed, merchants.left[index]!)
        const suppressed = stayed !== null && (hidden || ofFew(stayed))
        return {
          afterDays: retentionDays[index],
          sites: suppressed ? null : stayed,
          percent: stayed === null || suppressed ? null : percentOf(stayed, sites),
          suppressed,
        }
      }),
    }
  })
}

export const figureEndpoints = [getDefinitions, getFigures, getTransactions, getCohorts]
