// What is handed out for a payment, as the API shows it.
import { z } from '@hono/zod-openapi'
import { formatMoney, fromData } from '../domain/core/money.ts'
import { deadlineOf, isOpen } from '../domain/pos/fulfillment.ts'
import type { Delivery, Fulfillment } from '../domain/pos/fulfillmentEvents.ts'
import { formatVolume } from '../domain/pos/volume.ts'
import { amount, id, instant } from './schemas.ts'

const statuses = ['none', 'instructed', 'dispensed', 'partial', 'failed', 'timed_out', 'withdrawn'] as const

const DeliveryView = z.object({
  volume: z.string().openapi({ description: 'Liters', example: '40.000' }),
  unitPrice: amount,
  product: z.string(),
})

export const FulfillmentView = z
  .object({
    mode: z.enum(['dispense', 'pump', 'pickup']),
    status: z.enum(statuses).openapi({
      description:
        '`none`: the money is not there yet. `instructed`: the machine has until `deadline`. `withdrawn`: the money went away before anything was reported.',
    }),
    timeoutSeconds: z.int(),
    product: z.string().optional(),
    unitPrice: amount.optional(),
    deadline: instant.optional(),
    amount: amount.optional().openapi({ description: 'What came out, in money' }),
    delivery: DeliveryView.optional(),
    detail: z.string().optional(),
    claimedBy: id('ter', 'ter_9QZXW4F2').optional().openapi({ description: 'Where it is picked up' }),
    pickupCode: z
      .string()
      .optional()
      .openapi({ description: 'For the payer; shown to the merchant while it waits', example: '48210573' }),
    disputed: z
      .object({
        reason: z.enum(['reported_failed', 'timed_out', 'money_gone']),
        amount,
        reportedAt: instant,
      })
      .optional()
      .openapi({ description: 'Goods came out and the money is not there: a person must look' }),
    unsettled: z
      .object({ reason: z.string(), amount, noticedAt: instant })
      .optional()
      .openapi({ description: 'Money could not be taken or given back: a person must act' }),
    resolvedAt: instant.optional(),
  })
  .openapi('Fulfillment')

export function fulfillmentView(state: Fulfillment): z.output<typeof FulfillmentView> {
  const { report, claimedBy, dispute, unsettled, resolvedAt } = state
  const deadline = deadlineOf(state)
  return {
    mode: state.mode,
    status: statusOf(state),
    timeoutSeconds: state.timeoutSeconds,
    ...(state.mode === 'pump' && {
      product: state.product,
      unitPrice: formatMoney(fromData(state.unitPrice)),
    }),
    ...(deadline !== undefined && { deadline }),
    ...(report && { amount: formatMoney(fromData(report.amount)) }),
    ...(report?.delivery && { delivery: deliveryView(report.delivery) }),
    ...(report?.detail !== undefined && { detail: report.detail }),
    ...(claimedBy !== undefined && { claimedBy }),
    ...(dispute && {
      disputed: {
        reason: dispute.reason,
        amount: formatMoney(fromData(dispute.amount)),
        reportedAt: dispute.reportedAt,
      },
    }),
    ...(unsettled && {
      unsettled: {
        reason: unsettled.reason,
        amount: formatMoney(fromData(unsettled.amount)),
        noticedAt: unsettled.noticedAt,
      },
    }),
    ...(resolvedAt !== undefined && { resolvedAt }),
  }
}

function statusOf(state: Fulfillment): (typeof statuses)[number] {
  if (state.report) return state.report.outcome
  if (state.timedOut) return 'timed_out'
  if (state.withdrawn) return 'withdrawn'
  return isOpen(state) ? 'instructed' : 'none'
}

const deliveryView = ({ milliliters, unitPrice, product }: Delivery) => ({
  volume: formatVolume(milliliters),
  unitPrice: formatMoney(fromData(unitPrice)),
  product,
})
