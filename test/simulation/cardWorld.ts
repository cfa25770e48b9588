// Cards in the world by seed: sold at once or held first, captured in part, voided, reversed, refunded.
import { asCardPayment } from '../../src/domain/payments/payment.ts'
import {
  derivedReference,
  newDisputeId,
  newRefundId,
  paymentIdOf,
} from '../../src/domain/payments/reference.ts'
import type { CardPaymentCommand } from '../../src/domain/pos/cardPaymentEvents.ts'
import { chanceOf, instant, recent, type World } from './world.ts'

/** Payments by card, which no transfer pays. */
export type CardWorld = World & { readonly cards: string[] }

const held = 86_400_000

export async function sellByCard(world: CardWorld): Promise<void> {
  const { random, cards, clock } = world
  const id = paymentIdOf(derivedReference(random.pick(['mer_7K3MA', 'mer_9QZXW']), chanceOf(world)))
  const amount = { amount: String(1 + random.below(900_000)), currency: random.pick(['VND', 'USD'] as const) }
  const attemptId = 'a1'
  cards.push(id)
  const asked: CardPaymentCommand = {
    type: 'RequestCardPayment',
    data: {
      merchantId: `mer_${id.slice(4, 9)}`,
      siteId: 'sit_7K3MA9QZXW4F2',
      amount,
      feePlan: { rate: '1.1', fixed: '10' },
      card: { scheme: 'visa', first6: '411111', last4: '1111', token: 'tok_1' },
      capture: random.pick(['automatic', 'manual']),
      acceptsPartial: true,
      attemptId,
      expiresAt: new Date(clock + 60_000).toISOString(),
      requestedAt: instant(world),
    },
  }
  const approved: CardPaymentCommand = {
    type: 'RecordApproval',
    data: {
      attemptId,
      amount: random.oneIn(5) ? { ...amount, amount: '1' } : amount,
      responseCode: '00',
      approvalCode: 'A1B2C3',
      expiresAt: new Date(clock + held).toISOString(),
      approvedAt: instant(world),
    },
  }
  await world.gateway.payments.handle(id, asked, {})
  await world.gateway.payments.handle(id, approved, {})
}

/** Something is asked of a card payment; its rules may well refuse. */
export async function actOnCard(world: CardWorld): Promise<void> {
  const { random, gateway } = world
  const id = recent(world, world.cards)
  const payment = id && asCardPayment((await gateway.payments.load(id)).state)
  if (!payment) return
  const at = instant(world)
  const some = (most: bigint) => ({ amount: String(1 + random.below(Number(most) + 1)), currency })
  const { currency } = payment.amount
  const refundId = random.pick([...payment.refunds.keys(), newRefundId(id, chanceOf(world))])
  const disputeId = random.pick([...payment.disputes.keys(), newDisputeId(id, chanceOf(world))])
  const command = random.pick<CardPaymentCommand>([
    {
      type: 'CapturePayment',
      data: { captureId: 'c1', amount: some(payment.authorized.minor), capturedAt: at },
    },
    { type: 'VoidPayment', data: { at } },
    { type: 'RequestReversal', data: { reason: 'malfunction', unsettled: true, at } },
    { type: 'AcknowledgeReversal', data: { reversal: 1, at } },
    { type: 'AcknowledgeReversal', data: { reversal: 1, at } },
    {
      type: 'RequestRefund',
      data: { refundId, amount: some(payment.authorized.minor), reason: 'x', requestedAt: at },
    },
    { type: 'CompleteRefund', data: { refundId, at } },
    { type: 'FailRefund', data: { refundId, reason: '14', at } },
    {
      type: 'OpenDispute',
      data: { disputeId, amount: some(payment.authorized.minor), reason: 'fraud', openedAt: at },
    },
    { type: 'WinDispute', data: { disputeId, at } },
    { type: 'LoseDispute', data: { disputeId, at } },
  ])
  await gateway.payments.handle(id, command, {})
}
