// Payments of a site in a month by method and band of amount: how many were asked for, and what was paid of them.
import { bandOf } from '../src/domain/adoption/ticketBands.ts'
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { MoneyData } from '../src/domain/core/money.ts'
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
type Ticket = {
  readonly siteId: string
  readonly method: string
  readonly amount: MoneyData
  readonly day: string
}

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
  indexes: [{ columns: ['siteId', 'method'] }],
  handles: ['PaymentRequested', 'PaymentPaid', 'PaymentReversed'],
  concerns: (event) => ticketOf(event) !== undefined,
  keyOf: (event) => {
    const { siteId, method, amount, day } = ticketOf(event)!
    return [day.slice(0, 7), siteId, method, amount.currency, bandOf(BigInt(amount.amount))]
  },
  evolve: (row, event) => counted(row, event.type, ticketOf(event)!),
})

/** A reversed sale is taken out of the month in which it was paid, as in the takings. */
function ticketOf({ type, data }: Handled): Ticket | undefined {
  if (type === 'PaymentRequested') return { ...data, day: businessDate(data.requestedAt) }
  const paid = type === 'PaymentPaid' ? data : 'undone' in data ? data.undone : undefined
  return paid && { ...paid, day: businessDate(paid.paidAt) }
}

function counted(
  row: TicketBandRow | undefined,
  type: Handled['type'],
  { siteId, method, amount, day }: Ticket,
): TicketBandRow {
  const minor = BigInt(amount.amount)
  const key = { month: day.slice(0, 7), siteId, method, currency: amount.currency, band: bandOf(minor) }
  const before = row ?? { ...key, asked: 0, count: 0, gross: 0n, since: null }
  if (type === 'PaymentRequested')
    return { ...before, asked: before.asked + 1, since: earlier(before.since, day) }
  const by = type === 'PaymentPaid' ? 1 : -1
  return { ...before, count: before.count + by, gross: before.gross + BigInt(by) * minor }
}

const earlier = (known: string | null, day: string): string => (known === null || day < known ? day : known)
