// /v1/statistics/figures: adoption in figures.
import { z } from '@hono/zod-openapi'
import type { ReadModels } from '../../projections/readModels.ts'
import { acceptanceActive, isActive } from '../domain/adoption/definitions/acceptanceActive.ts'
import { acceptanceInstalled, isInstalled } from '../domain/adoption/definitions/acceptanceInstalled.ts'
import type { Definition } from '../domain/adoption/definitions/definition.ts'
import { nonCashSalesShare, type Reference } from '../domain/adoption/definitions/references.ts'
import { isInService, isPos, posPerAdults, posPerPeople } from '../domain/adoption/definitions/terminalOn.ts'
import { meanUptime, terminalUptime, uptimeDays } from '../domain/adoption/definitions/terminalUptime.ts'
import {
  settlementDaysBack,
  settlementHours,
  timeToSettlementMean,
  timeToSettlementMedian,
} from '../domain/adoption/definitions/timeToSettlement.ts'
import { acceptanceRule, isFew } from '../domain/adoption/disclosure/published.ts'
import { cellId } from '../domain/adoption/disclosure/table.ts'
import { percentOf, perUnits } from '../domain/adoption/share.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { Disclosure, disclosureView, isProtected, monthAsOf } from './disclosure.ts'
import { endpoint } from './endpoint.ts'
import { count, label, named } from './figureParts.ts'
import type { PublishedMonth } from './services.ts'

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

export const getFigures = endpoint({
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

/** It is counted from the payments of one day, and days are not published. */
const settlementHidden = [timeToSettlementMedian, timeToSettlementMean].map((definition) => ({
  ...named(definition),
  ...{ unit: 'hours', numerator: null, denominator: null, value: null, observed: null, suppressed: true },
}))
