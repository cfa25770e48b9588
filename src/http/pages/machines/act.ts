// POST /sandbox/machines/{payment}: what the machine or the cashier does next.
import { base32 } from '../../../domain/core/base32.ts'
import type { MoneyData } from '../../../domain/core/money.ts'
import { asCardPayment, type OpenedPayment, type PaymentCommand } from '../../../domain/payments/payment.ts'
import { newRefundId } from '../../../domain/payments/reference.ts'
import type { FulfillmentOutcome } from '../../../domain/pos/fulfillmentEvents.ts'
import { parseVolume } from '../../../domain/pos/volume.ts'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import type { PageRoute } from '../route.ts'
import { seeOther } from '../seeOther.ts'
import { priceOf } from './goods.ts'
import { demoPayment } from './machinePage.ts'
import type { Machines } from './machinesPages.ts'

export const acts = ['capture', 'half', 'void', 'refund', 'dispensed', 'failed', 'hangUp'] as const
export type Act = (typeof acts)[number]

const isAct = (text: string): text is Act => acts.includes(text as Act)

/** What is refused meanwhile (it was quicker, or it is over) shows on the page: nothing else need be said. */
export const actForm = (machines: Machines, services: Services): PageRoute => ({
  method: 'post',
  path: '/sandbox/machines/:id',
  run: async (visit, c) => {
    const form = await readForm(visit, c, services.settings.publicUrl)
    if (form instanceof Response) return form
    const id = c.req.param('id') ?? ''
    const payment = await demoPayment(id, await machines(), services)
    const act = form('act')
    if (!payment || !isAct(act)) throw new Problem('not_found')
    const command = commandOf(act, id, payment, form('volume').replace(',', '.'), services)
    const wrong = command === undefined ? '?volume=wrong' : ''
    if (command) await services.gateway.payments.handle(id, command, { actor: 'demo' })
    return seeOther(visit.to(`/sandbox/machines/${id}${wrong}`))
  },
})

function commandOf(
  act: Act,
  paymentId: string,
  payment: OpenedPayment,
  volume: string,
  { now, crypto }: Services,
): PaymentCommand | undefined {
  const at = now().toISOString()
  const held = asCardPayment(payment)?.authorized
  const all = held && { amount: held.minor.toString(), currency: held.currency }
  const half = held && { amount: (held.minor / 2n).toString(), currency: held.currency }
  switch (act) {
    case 'capture':
    case 'half': {
      const amount = act === 'half' ? half : all
      const captureId = `cap_${base32(crypto.random(8), 12)}`
      return amount && { type: 'CapturePayment', data: { captureId, amount, capturedAt: at } }
    }
    case 'void':
      return { type: 'VoidPayment', data: { at } }
    case 'refund': {
      const refundId = newRefundId(paymentId, (_purpose, size) => crypto.random(size))
      return (
        half && {
          type: 'RequestRefund',
          data: { refundId, amount: half, reason: 'sandbox', requestedAt: at },
        }
      )
    }
    case 'hangUp':
      return delivered(payment, volume, at)
    case 'dispensed':
    case 'failed':
      return report(payment, act, at)
  }
}

const report = (payment: OpenedPayment, outcome: FulfillmentOutcome, reportedAt: string): PaymentCommand => ({
  type: 'ReportFulfillment',
  data: { outcome, terminalId: payment.terminalId!, reportedAt },
})

/** Undefined where the volume is none, or costs more than there is. */
function delivered(payment: OpenedPayment, volume: string, reportedAt: string): PaymentCommand | undefined {
  const milliliters = parseVolume(volume)
  const { fulfillment } = payment
  if (milliliters === undefined || fulfillment?.mode !== 'pump' || !fulfillment.worth) return undefined
  const { product, unitPrice, worth } = fulfillment
  const price = priceOf(BigInt(milliliters), BigInt(unitPrice.amount))
  if (price > BigInt(worth.amount)) return undefined
  if (price === 0n) return report(payment, 'failed', reportedAt)
  const amount: MoneyData = { amount: price.toString(), currency: unitPrice.currency }
  const outcome = amount.amount === worth.amount ? 'dispensed' : 'partial'
  const delivery = { milliliters, unitPrice, product }
  const terminalId = payment.terminalId!
  return { type: 'ReportFulfillment', data: { outcome, amount, delivery, terminalId, reportedAt } }
}
