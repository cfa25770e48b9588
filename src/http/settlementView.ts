// A settlement as the API shows it.
import { z } from '@hono/zod-openapi'
import type { SettlementRow } from '../../projections/settlements.ts'
import { type Currency, formatMoney } from '../domain/core/money.ts'
import type { Payout } from '../domain/settlement/payout.ts'
import { type ClosedSettlement, isSettlementId, settlementId } from '../domain/settlement/settlement.ts'
import { date } from './days.ts'
import { amount, currency, id, instant } from './schemas.ts'

const signed = z.string().openapi({ example: '-5000', description: 'Less than zero has a minus sign' })

export const settlementIdParam = z
  .string()
  .refine(isSettlementId, 'Not an id of this kind (set_...).')
  .openapi({ example: 'set_7K3MA20261122VND' })

export const SettlementView = z
  .object({
    id: settlementIdParam,
    merchantId: id('mer', 'mer_7K3MA'),
    businessDate: date,
    currency,
    gross: signed,
    refunds: signed,
    chargebacks: signed,
    fees: signed.openapi({ description: 'Without the tax on them' }),
    vat: signed,
    reserve: signed,
    carriedIn: signed.openapi({ description: 'What the settlement before left negative' }),
    net: signed.openapi({
      description: 'gross - refunds - chargebacks - fees - vat - reserve + carriedIn',
    }),
    count: z.int().openapi({ description: 'Lines of the report: events that moved money' }),
    late: z.int().openapi({ description: 'How many of them are of an earlier business date' }),
    fromPosition: z.string().openapi({ description: 'Recorded after it; empty: from the start' }),
    toPosition: z.string().openapi({ description: 'Recorded up to and with it' }),
    hash: z.string().openapi({ description: 'SHA-256 over the lines of the report, in hex' }),
    cutOff: z.string().openapi({ example: '24:00' }),
    cutAt: instant,
    closedAt: instant,
    payoutCycle: z.string().openapi({ example: 'T+1' }),
    payout: z
      .object({
        status: z.enum([
          'none',
          'no_account',
          'carried_over',
          'requested',
          'accepted',
          'settled',
          'rejected',
        ]),
        endToEndId: z.string().optional(),
        valueDate: date.optional(),
      })
      .openapi({ description: 'How far the money is; of more than one order, the latest' }),
  })
  .openapi('Settlement')

export const PayoutView = z
  .object({
    endToEndId: z.string().openapi({ example: 'SET7K3MA20261122VND-1' }),
    status: z.enum(['requested', 'accepted', 'settled', 'rejected']),
    amount,
    currency,
    valueDate: date,
    bankBin: z.string(),
    accountNumber: z.string(),
    reason: z.string().optional(),
    requestedAt: instant,
  })
  .openapi('Payout')

const sums = ['gross', 'refunds', 'chargebacks', 'fees', 'vat', 'reserve', 'carriedIn', 'net'] as const

export function rowView(row: SettlementRow) {
  const { payoutId, payoutStatus, unpaid: _, valueDate, payoutCycle, ...rest } = row
  const of = row.currency as Currency
  const shown = Object.fromEntries(
    sums.map((name) => [name, formatMoney({ minor: row[name], currency: of })]),
  )
  const status = payoutStatus ?? (row.net > 0n ? 'no_account' : row.net < 0n ? 'carried_over' : 'none')
  const payout = { status, ...(payoutId !== null && { endToEndId: payoutId, valueDate }) }
  return { ...rest, ...shown, payoutCycle, payout }
}

/** One alone also has every order to the bank. */
export function settlementView(settlement: ClosedSettlement) {
  const { status: _, payouts, account: __, cut: ___, ...data } = settlement
  const last = payouts.at(-1)
  const row = {
    ...data,
    ...(Object.fromEntries(sums.map((name) => [name, BigInt(data[name])])) as Record<
      (typeof sums)[number],
      bigint
    >),
    id: settlementId(data.merchantId, data.businessDate, data.currency),
    payoutId: last?.endToEndId ?? null,
    payoutStatus: last?.status ?? null,
    valueDate: last?.valueDate ?? data.valueDate,
    unpaid: null,
  }
  return { ...rowView(row), payouts: payouts.map(payoutView) }
}

const payoutView = ({ endToEndId, status, amount, account, valueDate, reason, requestedAt }: Payout) => ({
  endToEndId,
  status,
  amount: formatMoney({ minor: BigInt(amount.amount), currency: amount.currency }),
  currency: amount.currency,
  valueDate,
  bankBin: account.bankBin,
  accountNumber: account.accountNumber,
  ...(reason !== undefined && { reason }),
  requestedAt,
})
