// What payers and tills do in a month of trade: each way is a play that waits for later hours where it needs them.
import { businessDate } from '../../src/domain/core/businessDay.ts'
import {
  type Answer,
  type Bank,
  notificationFor,
  notify,
  operatorKey,
  type TestGateway,
} from '../support/gateway.ts'
import { post } from '../support/money.ts'
import { collecting, type Movement, type TradeBank } from './tradeBank.ts'

export type Trader = {
  readonly merchantId: string
  readonly key: string
  readonly siteId: string
  /** Which of the collecting accounts its payers pay into. */
  readonly on: number
  readonly latePolicy: 'accept' | 'hold' | 'return'
}

/** Of a hundred sales, how many go each way. */
const ways = [
  [29, 'exact'],
  [13, 'card'],
  [4, 'over'],
  [4, 'parts'],
  [3, 'underpaid'],
  [4, 'double'],
  [4, 'late'],
  [3, 'canceled'],
  [3, 'misdirected'],
  [4, 'unmatched'],
  [4, 'notified twice'],
  [4, 'asked twice'],
  [4, 'never notified'],
  [6, 'refunded'],
  [2, 'refunded in full'],
  [2, 'refund fails'],
  [2, 'refund without an answer'],
  [1, 'card refunded'],
  [1, 'card refund fails'],
  [1, 'card reversed'],
  [2, 'disputed'],
] as const
export type Way = (typeof ways)[number][1]
export const waysCount = ways.length

/** Every hundred rolls are the table once. */
export function wayOf(roll: number): Way {
  let rest = roll
  for (const [share, way] of ways) {
    if (rest < share) return way
    rest -= share
  }
  throw new Error(`${roll} is not below 100`)
}

export type Sale = {
  readonly way: Way
  readonly trader: Trader
  readonly amount: bigint
  readonly number: number
}
export type World = {
  readonly gateway: TestGateway
  readonly bank: TradeBank
  readonly connector: Bank
  /** What should not have been answered so. */
  readonly wrong: string[]
  /** Every payment that was asked for. */
  readonly payments: Map<string, Trader>
}

type Payment = {
  readonly id: string
  readonly reference: string
  readonly amount: string
  readonly status: string
}
/** Waits, at each yield, for the next hours of trade. */
export type Play = AsyncGenerator<void, void, void>

const failing = 20_051n
const unanswered = 20_091n

export async function* play(world: World, sale: Sale): Play {
  const { gateway, bank, connector, wrong, payments } = world
  const { way, trader, amount, number } = sale
  const expect = (what: string, found: unknown, expected: unknown): void => {
    if (found !== expected) wrong.push(`${way} ${number}, ${what}: ${found}, not ${expected}`)
  }

  const ask = async (changes: object = {}, headers: Record<string, string> = {}): Promise<Payment> => {
    const body = { siteId: trader.siteId, method: 'qr', amount: String(amount), currency: 'VND', ...changes }
    const answer = await post(gateway, '/v1/payments', trader.key, body, headers)
    expect('asked', answer.status, 201)
    payments.set(answer.body.id, trader)
    return answer.body
  }
  const byCard = (changes: object = {}) =>
    ask({ method: 'card', card: { token: 'tok_approve' }, capture: 'automatic', ...changes })

  /** Money comes in, and nobody is told yet. */
  const arrive = (
    { reference }: { readonly reference: string },
    {
      sum = amount,
      on = trader.on,
      becomes,
    }: { sum?: bigint; on?: number; becomes?: 'applied' | 'unmatched' } = {},
  ): Movement => {
    const text = reference === '' ? 'chuyen tien' : `MBVCB.1.TN${reference}.CT tu 0987`
    return bank.move({ on, direction: 'credit', amount: sum, text, ...(becomes && { becomes }) })
  }
  const tell = async (movement: Movement, outcome: string): Promise<Answer> => {
    const { amount: sum, on, reference, text } = movement
    const said = { amount: String(sum), content: text, ...collecting[on], payer: bank.payerOf(on) }
    const notification = notificationFor({ amount: '', reference: '' }, reference, gateway.clock.now, said)
    const answer = await notify(gateway, connector, notification)
    expect('told', answer.body?.outcome, outcome)
    movement.creditId = answer.body?.creditId
    return answer
  }
  const transfer = (payment: { readonly reference: string }, outcome: string, changes = {}) =>
    tell(arrive(payment, changes), outcome)
  const refund = async ({ id }: Payment, sum: bigint, headers: Record<string, string> = {}) => {
    const body = { amount: String(sum), reason: 'returned goods' }
    const answer = await post(gateway, `/v1/payments/${id}/refunds`, trader.key, body, headers)
    expect('refund', answer.status, 201)
    return answer.body?.id as string
  }
  /** One that fails is tried again, or not, by a person; here it stays failed. */
  const refundIs = async (refundId: string, status: string): Promise<void> => {
    const { body } = await gateway.call('GET', `/v1/refunds/${refundId}`, { key: trader.key })
    expect('refund', body?.status, status)
  }
  const unapplied = (creditId: string, act: string, body: object = {}) =>
    post(gateway, `/v1/unapplied-credits/${creditId}/${act}`, operatorKey, body)

  switch (way) {
    case 'exact':
      await transfer(await ask(), 'applied')
      return
    case 'card':
      expect('card', (await byCard()).status, 'paid')
      return
    case 'over':
      await transfer(await ask(), 'overpaid', { sum: amount + 7_000n })
      return
    case 'parts': {
      const payment = await ask({ expiresInSeconds: 86_400 })
      await transfer(payment, 'applied', { sum: 4_000n })
      yield
      await transfer(payment, 'applied', { sum: amount - 4_000n })
      return
    }
    case 'underpaid':
      await transfer(await ask(), 'applied', { sum: 4_000n })
      return
    case 'double': {
      const payment = await ask()
      await transfer(payment, 'applied')
      const { body } = await transfer(payment, 'duplicate')
      yield
      expect('returned', (await unapplied(body.creditId, 'return')).status, 200)
      return
    }
    case 'late': {
      const payment = await ask({ expiresInSeconds: 60 })
      yield
      const movement = arrive(payment)
      await tell(movement, trader.latePolicy === 'accept' ? 'applied' : 'late')
      return
    }
    case 'canceled': {
      const payment = await ask()
      await post(gateway, `/v1/payments/${payment.id}/cancel`, trader.key)
      await transfer(payment, 'canceled')
      return
    }
    case 'misdirected': {
      const { body } = await transfer(await ask(), 'mismatch', { on: 1 - trader.on })
      yield
      expect('returned', (await unapplied(body.creditId, 'return')).status, 200)
      return
    }
    case 'unmatched': {
      const payment = await ask({ expiresInSeconds: 2 * 86_400 })
      const { body } = await transfer({ reference: '' }, 'unmatched')
      yield
      expect('applied', (await unapplied(body.creditId, 'apply', { paymentId: payment.id })).status, 200)
      return
    }
    case 'notified twice': {
      const movement = arrive(await ask())
      const first = await tell(movement, 'applied')
      yield
      expect('repeated', (await tell(movement, 'applied')).text, first.text)
      return
    }
    case 'asked twice': {
      const headers = { 'idempotency-key': `till-${number}` }
      const payment = await ask({}, headers)
      expect('asked twice', (await ask({}, headers)).id, payment.id)
      await transfer(payment, 'applied')
      const again = { 'idempotency-key': `refund-${number}` }
      expect('refunded twice', await refund(payment, 1_000n, again), await refund(payment, 1_000n, again))
      return
    }
    case 'never notified': {
      const movement = arrive(await ask(), { becomes: 'applied' })
      while (businessDate(gateway.clock.now.toISOString()) === movement.bookedOn) yield
      if (number % 2 === 0) await tell(movement, 'applied') // the bank remembers, and it is a repeat
      return
    }
    case 'refunded':
    case 'refunded in full':
    case 'refund fails':
    case 'refund without an answer': {
      const payment = await ask()
      await transfer(payment, 'applied')
      for (let hours = number % 7; hours > 0; hours--) yield
      const sums = {
        refunded: 5_000n,
        'refunded in full': amount,
        'refund fails': failing,
        'refund without an answer': unanswered,
      }
      const refundId = await refund(payment, sums[way])
      yield
      await refundIs(refundId, way === 'refund fails' ? 'failed' : 'completed')
      return
    }
    case 'card refunded':
    case 'card refund fails': {
      const payment = await byCard()
      for (let hours = number % 7; hours > 0; hours--) yield
      const refundId = await refund(payment, way === 'card refunded' ? 5_000n : failing)
      yield
      await refundIs(refundId, way === 'card refunded' ? 'completed' : 'failed')
      return
    }
    case 'card reversed': {
      const { id } = await byCard()
      yield
      // As the till's own reversal does it: over HTTP a sale that is captured is refunded.
      const data = {
        reason: 'customer_canceled',
        unsettled: true,
        at: gateway.clock.now.toISOString(),
      } as const
      await gateway.services.gateway.payments.handle(id, { type: 'RequestReversal', data }, {})
      yield
      const { body } = await gateway.call('GET', `/v1/payments/${id}`, { key: trader.key })
      expect('reversed', body.status, 'reversed')
      return
    }
    case 'disputed': {
      const { id } = await byCard()
      yield
      const body = { amount: String(amount), reason: 'fraud' }
      const dispute = await post(gateway, `/v1/payments/${id}/disputes`, operatorKey, body)
      expect('disputed', dispute.status, 201)
      for (let hours = 3 + (number % 9); hours > 0; hours--) yield
      const end = number % 3 === 0 ? 'won' : 'lost'
      expect(end, (await post(gateway, `/v1/disputes/${dispute.body.id}/${end}`, operatorKey)).status, 200)
      return
    }
  }
}
