// /v1/statistics/tables: what institutions read, by period, as JSON, CSV, SDMX-CSV or Parquet, cut at a position of the log.
import { z } from '@hono/zod-openapi'
import type { ReadModels } from '../../projections/readModels.ts'
import type { Text } from '../domain/adoption/definitions/definition.ts'
import { cellsBy, type Published, paymentViews } from '../domain/adoption/disclosure/published.ts'
import { type Period, periodAround, periodOf } from '../domain/adoption/tables/period.ts'
import { openDataColumns, type Shaped, shaped } from '../domain/adoption/tables/shape.ts'
import { type Frequency, type InstitutionTable, observationsOf } from '../domain/adoption/tables/table.ts'
import { institutionTables } from '../domain/adoption/tables/tables.ts'
import { bandEnd } from '../domain/adoption/ticketBands.ts'
import { businessDate } from '../domain/core/businessDay.ts'
import { asKnown, dayOf, knownAt } from './asKnown.ts'
import type { Caller } from './auth.ts'
import { csvText } from './csv.ts'
import { Disclosure, disclosureView, isProtected, publishedMonth } from './disclosure.ts'
import { endpoint, type Reply } from './endpoint.ts'
import { invalid, Problem } from './problem.ts'
import { instant } from './schemas.ts'
import { sdmxCsv } from './sdmxCsv.ts'
import type { Services } from './services.ts'

const label = z.object({ vi: z.string(), en: z.string() })
const openDataId = 'open-data'
const openDataTitle: Text = {
  vi: 'Dữ liệu mở: thanh toán theo tháng, quận, lĩnh vực, phương thức và khoảng giá trị',
  en: 'Open data: payments by month, district, sector, method and band of amount',
}

const listTables = endpoint({
  method: 'get',
  path: '/v1/statistics/tables',
  summary: 'Tables that institutions read',
  tag: 'Statistics',
  access: 'public',
  reply: {
    status: 200,
    description: 'With the rows of each; what a row counts is one predicate in the code',
    schema: z.object({
      data: z.array(
        z.object({
          table: z.string(),
          title: label,
          schemaVersion: z.string(),
          frequency: z.enum(['month', 'quarter', 'year']),
          rows: z.array(z.object({ code: z.string(), label })),
        }),
      ),
    }),
  },
  run: () => {
    const openData = {
      table: openDataId,
      title: openDataTitle,
      schemaVersion: '1.0',
      frequency: 'month',
      rows: [],
    }
    const data = institutionTables.map(({ id, rows, ...table }) => ({
      table: id,
      ...table,
      rows: rows.map(({ code, label }) => ({ code, label })),
    }))
    return { status: 200, body: { data: [...data, openData] } }
  },
})

const formats = ['json', 'csv', 'sdmx-csv', 'parquet'] as const
type Format = (typeof formats)[number]

const cellValue = z.union([z.string(), z.boolean(), z.null()])

const getTable = endpoint({
  method: 'get',
  path: '/v1/statistics/tables/{table}',
  summary: 'A table of a period, in the format asked for',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published', 'too_many_cells'],
  params: z.object({ table: z.enum([...institutionTables.map(({ id }) => id), openDataId]) }),
  query: z.strictObject({
    period: z.string().max(7).optional().openapi({ description: '`2026-11`, `2026-Q4` or `2026`' }),
    knownAt: knownAt.optional(),
    format: z.enum(formats).default('json'),
  }),
  reply: {
    status: 200,
    description:
      'Whole numbers as text; values in minor units. `checksum`: SHA-256 (hex) of the same cut as CSV. The other formats say period, schema, cut and checksum in headers',
    schema: z.object({
      table: z.string(),
      schemaVersion: z.string(),
      period: z.string(),
      complete: z.boolean().openapi({ description: 'Whether the period was over at the cut' }),
      knownAt: instant,
      position: z.string(),
      checksum: z.string(),
      disclosure: Disclosure,
      columns: z.array(z.string()),
      data: z.array(z.record(z.string(), cellValue)),
    }),
  },
  run: async ({ params, query, caller }, services) => {
    const table = institutionTables.find(({ id }) => id === params.table)
    const cut = table
      ? await institutionCut(table, query, caller, services)
      : await openCut(query, caller, services)
    return exported(params.table, table?.schemaVersion ?? '1.0', cut, query.format, caller, services)
  },
})

/** A table as of one place in the log. */
type Cut = {
  readonly period: string
  readonly frequency: Frequency
  readonly complete: boolean
  readonly knownAt: string
  readonly position: string
  readonly shaped: Shaped
}
type Query = { readonly period?: string | undefined; readonly knownAt?: string | undefined }

/** The period asked for or the current one, at the instant asked for or at the last full minute: a table always has a cut. */
async function cutOf(query: Query, frequency: Frequency, services: Services) {
  const at = query.knownAt ?? lastMinute(services.now())
  const known = await asKnown(at, services)
  const text = query.period ?? periodAround(known.latest, frequency)
  const period = periodOf(text, frequency)
  if (!period) throw invalid({ pointer: 'period', detail: `A ${frequency}: ${examples[frequency]}.` })
  dayOf(`${period.months[0]}-01`, 'period', known)
  const complete = businessDate(at) > period.end
  const view = { period: text, frequency, complete, knownAt: at, position: known.view.position! }
  return { known, period, view, day: complete ? period.end : known.latest }
}

/** All who ask within a minute share one cut, which is folded once. */
const lastMinute = (now: Date): string => new Date(now.getTime() - (now.getTime() % 60_000)).toISOString()

const examples: Record<Frequency, string> = { month: '2026-11', quarter: '2026-Q4', year: '2026' }

/** For the institution that holds a key; for the public where nothing is protected. */
async function institutionCut(
  table: InstitutionTable,
  query: Query,
  caller: Caller | undefined,
  services: Services,
): Promise<Cut> {
  if (isProtected(caller, services)) throw new Problem('not_published')
  const { known, period, view, day } = await cutOf(query, table.frequency, services)
  const payments = await paymentsIn(period, known.readModels)
  const terminals = await known.readModels.terminalsOn(day)
  const sites = await known.readModels.sitesOn(day)
  const observations = observationsOf(table, { payments, terminals, sites, day })
  const labels = new Map(table.rows.map(({ code, label }) => [code, label]))
  return { ...view, shaped: shaped(view.period, observations, labels) }
}

const paymentsIn = async ({ months }: Period, readModels: ReadModels) =>
  (await Promise.all(months.map((month) => readModels.bandTotals(month)))).flat()

const cellsMax = 50_000

/** Every cell, or, for the public where control is on, the published views of the month. */
async function openCut(query: Query, caller: Caller | undefined, services: Services): Promise<Cut> {
  if (isProtected(caller, services)) {
    const { period, knownAt } = query
    const month = await services.published(publishedMonth({ month: period, knownAt }, 'period', services))
    const rows = [...month.payments].flatMap(([currency, table]) =>
      publishedRows(month.month, currency, table),
    )
    const view = { period: month.month, frequency: 'month' as const, complete: true }
    const { knownAt: at, position } = month
    return { ...view, knownAt: at, position, shaped: { columns: openDataColumns, rows } }
  }
  const { known, view } = await cutOf(query, 'month', services)
  const cells = await known.readModels.bandCells(view.period, cellsMax + 1)
  if (cells.length > cellsMax) throw new Problem('too_many_cells')
  const rows = cells.map(({ district, sector, method, currency, band, count, gross }) => [
    view.period,
    district,
    sector,
    method,
    currency,
    band,
    bandEnd(band),
    BigInt(count),
    gross,
    false,
  ])
  return { ...view, shaped: { columns: openDataColumns, rows } }
}

/** The finest cells of each view: what is not in a view is null. */
const publishedRows = (month: string, currency: string, published: Published) =>
  paymentViews.flatMap((view) =>
    cellsBy(published, view).map(({ id, values, measures: [count = 0n, gross = 0n] }) => {
      const { district = null, sector = null, method = null, band } = values
      const bounds = band === undefined ? [null, null] : [BigInt(band), bandEnd(BigInt(band))]
      const shown = published.suppressed.has(id) ? [null, null, true] : [count, gross, false]
      return [month, district, sector, method, currency, ...bounds, ...shown]
    }),
  )

async function exported(
  table: string,
  schemaVersion: string,
  { shaped, frequency, ...cut }: Cut,
  format: Format,
  caller: Caller | undefined,
  services: Services,
): Promise<Reply> {
  const names = shaped.columns.map(({ name }) => name)
  const text = csvText(names, shaped.rows)
  const checksum = hex(services.crypto.digest(text))
  const about = { table, schemaVersion, ...cut, checksum }
  if (format === 'json') {
    const data = shaped.rows.map((row) =>
      Object.fromEntries(
        row.map((cell, index) => [names[index], typeof cell === 'bigint' ? String(cell) : cell]),
      ),
    )
    const disclosure = disclosureView(caller, services)
    return {
      status: 200,
      body: { ...about, disclosure, columns: names, data },
      headers: { vary: 'authorization' },
    }
  }
  const body = {
    csv: () => text,
    'sdmx-csv': () => sdmxCsv(table, schemaVersion, cut.period, frequency, shaped),
    parquet: () => services.parquet(shaped, { ...about, complete: String(cut.complete) }),
  }[format]()
  return { status: 200, body, headers: headersOf(about, format) }
}

const types = {
  csv: 'text/csv; charset=utf-8',
  'sdmx-csv': 'application/vnd.sdmx.data+csv; version=1.0.0; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

const headersOf = (
  about: {
    table: string
    schemaVersion: string
    period: string
    knownAt: string
    position: string
    checksum: string
  },
  format: Exclude<Format, 'json'>,
): Record<string, string> => ({
  vary: 'authorization',
  'content-type': types[format],
  'content-disposition': `attachment; filename="${about.table}-${about.period}.${format === 'parquet' ? 'parquet' : 'csv'}"`,
  'schema-version': about.schemaVersion,
  'known-at': about.knownAt,
  'log-position': about.position,
  'csv-sha256': about.checksum,
})

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export const tableEndpoints = [listTables, getTable]
