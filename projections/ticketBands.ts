// Payments of a site in a month by method and band of amount: how many were asked for, and what was paid of them.
import { bandOf } from '../src/domain/adoption/ticketBands.ts'
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { PaymentEvent } from '../src/domain/payments/payment.ts'
import { projection } from './projection.ts'

export type TicketBandRow = {
  readonly month: string
  readonly siteId: string
  readonly method: string
  readonly currency: string
  /** Where the band begins, minor units. */
  readonly band: bigint
  readonly asked: number
  readonly count: number
  readonly gross: bigint
  /** The first business date on which one was asked for; null where none was. */
  readonly since: string | null
}

type Handled = Extract<PaymentEvent, { type: 'PaymentRequested' | 'PaymentPaid' | 'PaymentReversed' }>
type Paid = Extract<PaymentEvent, { type: 'PaymentPaid' }>['data']

export const ticketBands = projection<Handled, TicketBandRow>({
  name: 'ticket_bands_v1',
  columns: {
    month: 'text',
    siteId: 'text',
    method: 'text',
    currency: 'text',
    band: 'money',
    asked: 'integer',
    count: 'integer',
    gross: 'money',
    since: 'text',
  },
  key: ['month', 'siteId', 'method', 'currency', 'band'],
  indexes: [{ columns: ['siteId', 'method', 'since'] }], // the first day of a site is the first entry
  handles: ['PaymentRequested', 'PaymentPaid', 'PaymentReversed'],
  concerns: ({ type, data }) => type !== 'PaymentReversed' || undoneIn(data) !== undefined,
  keyOf: (event) => {
    const { siteId, method, amount } = saleIn(event)
    return [dayOf(event).slice(0, 7), siteId, method, amount.currency, BigInt(bandOf(amount.amount))]
  },
  evolve: (row, event) => counted(row ?? begun(event), event),
})

/** A reversed sale is taken out of the month in which it was paid, as in the takings. */
const undoneIn = (data: Handled['data']): Paid | undefined => ('undone' in data ? data.undone : undefined)

const saleIn = ({ type, data }: Handled): Omit<Paid, 'paidAt' | 'fee'> =>
  type === 'PaymentReversed' ? undoneIn(data)! : data

const dayOf = ({ type, data }: Handled): string =>
  businessDate(type === 'PaymentRequested' ? data.requestedAt : (undoneIn(data) ?? (data as Paid)).paidAt)

function begun(event: Handled): TicketBandRow {
  const { siteId, method, amount } = saleIn(event)
  const key = { month: dayOf(event).slice(0, 7), siteId, method, currency: amount.currency }
  return { ...key, band: BigInt(bandOf(amount.amount)), asked: 0, count: 0, gross: 0n, since: null }
}

function counted(row: TicketBandRow, event: Handled): TicketBandRow {
  if (event.type === 'PaymentRequested') {
    const day = dayOf(event)
    const since = row.since === null || day < row.since ? day : row.since
    return { ...row, asked: row.asked + 1, since }
  }
  const by = event.type === 'PaymentPaid' ? 1 : -1
  return {
    ...row,
    count: row.count + by,
    gross: row.gross + BigInt(by) * BigInt(saleIn(event).amount.amount),
  }
}
