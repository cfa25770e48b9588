// Server-sent events of one payment: its status now, then on every change, until the reader leaves.
import { formatMoney } from '../domain/core/money.ts'
import { amountOf, receivedOf } from '../domain/payments/payment.ts'
import type { Reply } from './endpoint.ts'
import { eventStream } from './eventStream.ts'
import type { Services } from './services.ts'

/** `event: status`, `id:` the version, `data: {status, amount, amountReceived, currency}`. */
export const statusStream = (paymentId: string, signal: AbortSignal, services: Services): Reply =>
  eventStream('statusStream', signal, services, ({ send, latestOnly }) => {
    let told = 0
    const tell = latestOnly(async () => {
      const { version, ...data } = await statusOf(paymentId, services)
      if (version === told) return // news of what was told already
      told = version
      send({ event: 'status', id: String(version), data })
    })
    const unwatch = services.watch(`payment-${paymentId}`, tell)
    tell()
    return unwatch
  })

/** What a live stream tells of a payment: nothing of who pays, where to or what for. */
export async function statusOf(paymentId: string, { gateway }: Pick<Services, 'gateway'>) {
  const { state, version } = await gateway.payments.load(paymentId)
  if (state.status === 'new') throw new Error(`no such payment: ${paymentId}`)
  const due = amountOf(state)
  const amountReceived = formatMoney(receivedOf(state))
  return { version, status: state.status, amount: formatMoney(due), amountReceived, currency: due.currency }
}
