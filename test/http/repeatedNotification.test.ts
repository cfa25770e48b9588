// A repeat is answered as the first was, whatever became of the money since, and by whatever process.

import { expect, test } from 'vitest'
import { openGateway } from '../../src/domain/gateway.ts'
import { creditMatcher } from '../../src/domain/payments/matchCredit.ts'
import { takeArrival } from '../../src/http/takeNotification.ts'
import { ask, eventually, openBank, openShop, openTestGateway, passTime, pay } from '../support/gateway.ts'

/** The answer that another process gives, which remembers nothing but the log. */
async function answerOfAnother(
  gateway: Awaited<ReturnType<typeof openTestGateway>>,
  creditId: string,
): Promise<string> {
  const cache = { get: () => undefined, set: () => {} }
  const other = openGateway({ store: gateway.store, newEventId: () => crypto.randomUUID(), cache })
  const { state } = await other.credits.load(creditId)
  if (state.status === 'new') throw new Error('no such credit')
  const services = { ...gateway.services, gateway: other, matchCredit: creditMatcher(other) }
  const { outcome, repeated } = await takeArrival(
    state.connectorId,
    { ...state, nearReferences: [], payer: undefined },
    { ...state, sealed: 'again' },
    services,
  )
  expect(repeated).toBe(true)
  return outcome
}

test.each(['canceled', 'expired'])(
  'a part of a payment that was %s since: applied, as it was',
  async (ended) => {
    const gateway = await openTestGateway()
    const [shop, bank] = [await openShop(gateway), await openBank(gateway)]
    const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
    const { body } = await pay(gateway, bank, payment, 'FT1', { amount: '25000' })
    expect(body.outcome).toBe('applied')
    if (ended === 'canceled')
      await gateway.call('POST', `/v1/payments/${payment.id}/cancel`, { key: shop.key })
    else await passTime(gateway, 60)
    expect(await answerOfAnother(gateway, body.creditId)).toBe('applied') // also before the release is recorded
    await eventually('the part is released', async () => {
      const { state } = await gateway.services.gateway.credits.load(body.creditId)
      return state.status !== 'new' && state.reason === 'underpaid'
    })
    expect(await answerOfAnother(gateway, body.creditId)).toBe('applied')
    const head = await gateway.store.head()
    expect(await answerOfAnother(gateway, body.creditId)).toBe('applied')
    expect(await gateway.store.head()).toBe(head)
    await gateway.stop()
  },
)

test('every other outcome, in another process', async () => {
  const gateway = await openTestGateway()
  const [shop, bank] = [await openShop(gateway), await openBank(gateway)]
  const payment = await ask(gateway, shop)
  const answers = [
    await pay(gateway, bank, payment, 'FT1'),
    await pay(gateway, bank, payment, 'FT2'),
    await pay(gateway, bank, await ask(gateway, shop), 'FT3', { amount: '130000' }),
    await pay(gateway, bank, payment, 'FT4', { content: '' }),
    await pay(gateway, bank, await ask(gateway, shop), 'FT5', { accountNumber: '999' }),
  ].map(({ body }) => body)
  expect(answers.map(({ outcome }) => outcome)).toEqual([
    'applied',
    'duplicate',
    'overpaid',
    'unmatched',
    'mismatch',
  ])
  for (const { creditId, outcome } of answers) expect(await answerOfAnother(gateway, creditId)).toBe(outcome)
  await gateway.stop()
})
