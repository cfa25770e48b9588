// Takings added up once more, so that statistics over years read little: those of the city by day, and those of each site by month.
import { businessDate } from '../src/domain/core/businessDay.ts'
import { costOf } from '../src/domain/core/fees.ts'
import { type Projection, projection } from './projection.ts'
import { type Paid, paidIn, type TakingsEvent } from './takings.ts'

type Sums = {
  readonly method: string
  readonly currency: string
  readonly count: number
  readonly gross: bigint
  /** Tax on them included. */
  readonly fees: bigint
  /** How many events are in it: what was counted of it before is the same as long as this is. */
  readonly changes: number
}
export type TakingsDayRow = Sums & { readonly businessDate: string }
/** `month`: `2026-11`. */
export type TakingsMonthRow = Sums & { readonly month: string; readonly siteId: string }

const sums = {
  method: 'text',
  currency: 'text',
  count: 'integer',
  gross: 'money',
  fees: 'money',
  changes: 'integer',
} as const

type Place<Row> = Omit<Row, keyof Sums>

/** A table whose key is a place, the method and the currency. */
const takingsBy = <Row extends Sums>(
  name: string,
  columns: Readonly<Record<keyof Place<Row> & string, 'text'>>,
  placeOf: (paid: Paid) => Place<Row>,
): Projection =>
  projection<TakingsEvent, Sums>({
    name,
    columns: { ...columns, ...sums },
    key: [...Object.keys(columns), 'method', 'currency'] as (keyof Sums)[],
    indexes: [],
    handles: ['PaymentPaid', 'PaymentReversed'],
    concerns: (event) => paidIn(event) !== undefined,
    keyOf: (event) => {
      const paid = paidIn(event)!
      return [...(Object.values(placeOf(paid)) as string[]), paid.method, paid.amount.currency]
    },
    evolve: (row, event) => {
      const paid = paidIn(event)!
      const by = event.type === 'PaymentPaid' ? 1 : -1
      return {
        ...placeOf(paid),
        method: paid.method,
        currency: paid.amount.currency,
        count: (row?.count ?? 0) + by,
        gross: (row?.gross ?? 0n) + BigInt(by) * BigInt(paid.amount.amount),
        fees: (row?.fees ?? 0n) + BigInt(by) * costOf(paid),
        changes: (row?.changes ?? 0) + 1,
      }
    },
  })

export const takingsDays = takingsBy<TakingsDayRow>(
  'takings_days_v2',
  { businessDate: 'text' },
  ({ paidAt }) => ({ businessDate: businessDate(paidAt) }),
)

export const takingsMonths = takingsBy<TakingsMonthRow>(
  'takings_months_v2',
  { month: 'text', siteId: 'text' },
  ({ paidAt, siteId }) => ({ month: businessDate(paidAt).slice(0, 7), siteId }),
)
