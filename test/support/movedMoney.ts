// Money in each place from which it can be moved: on a payment, refunded in vain, and unapplied.
import { ask, notificationFor, notify, openBank, type Shop, type TestGateway } from './gateway.ts'
import { becomes, payer, payFrom, refund } from './money.ts'

let transfers = 0
const nextTransfer = (): string => `MM${++transfers}`

/** A payment of 125,000 đồng paid by a named payer. */
export async function paidPayment(gateway: TestGateway, shop: Shop): Promise<{ id: string }> {
  const payment = await ask(gateway, shop)
  await payFrom(gateway, await openBank(gateway), payment, nextTransfer())
  return payment
}

/** A refund that the sandbox's bank refuses, as it does with amounts that end in 51. */
export async function failedRefund(gateway: TestGateway, shop: Shop): Promise<{ id: string }> {
  const payment = await paidPayment(gateway, shop)
  const { body } = await refund(gateway, shop, payment.id, { amount: '1051', reason: 'returned goods' })
  return becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'failed')
}

/** 125,000 đồng that came twice for one payment: the second is unapplied. */
export async function unappliedCredit(gateway: TestGateway, shop: Shop): Promise<{ id: string }> {
  const bank = await openBank(gateway)
  const payment = await ask(gateway, shop)
  const arrive = async () =>
    (await notify(gateway, bank, notificationFor(payment, nextTransfer(), gateway.clock.now, { payer }))).body
  await arrive()
  return { id: (await arrive()).creditId }
}
