// What an acquirer must be told while it cannot be reached is told when it can, in order, by the gateway that remembers it.
import { expect, test } from 'vitest'
import type { Message } from '../../../src/adapters/iso8583/message.ts'
import { readReplacementAmounts } from '../../../src/adapters/iso8583/subelements.ts'
import { sandboxCard } from '../../../src/domain/pos/sandboxIssuer.ts'
import { type Answer, dial, isUp, openScripted, quick, signsOn, yes } from '../../support/acquirerHost.ts'
import { askByCard, eventually, openShop, openTestGateway } from '../../support/gateway.ts'
import { post } from '../../support/money.ts'

const approves = (message: Message, answer: Answer) => {
  if (!signsOn(message, answer)) answer(yes(message, { 38: 'ABC123' }))
}
const kindOf = ({ mti, fields }: Message): string =>
  mti.startsWith('042') ? 'reversal' : fields[3] === '200000' ? 'refund' : 'completion'

test('completions, refunds and reversals outlive the line, and none overtakes another of its payment', async () => {
  const before = await openScripted(approves)
  const network = dial(before.port, { times: { ...quick, requestMs: 200 } })
  await isUp(network)
  const gateway = await openTestGateway({ cards: { network, cardOf: sandboxCard } })
  const shop = await openShop(gateway)
  const act = async (id: string, name: string, body: object = {}) =>
    expect((await post(gateway, `/v1/payments/${id}/${name}`, shop.key, body)).status).toBeLessThan(300)
  const later = () => {
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
  }
  const [taken, released] = [await askByCard(gateway, shop), await askByCard(gateway, shop)]
  await before.close()
  await eventually('the line is down', () => !network.isUp())

  await act(taken.id, 'capture', { amount: '100000' })
  for (const amount of ['1000', '2000']) await act(taken.id, 'refunds', { amount, reason: 'returned goods' })
  await act(released.id, 'void')
  await gateway.settled()
  for (let turn = 0; turn < 5; turn++) later() // tried, and tried again

  let silences = 2
  const after = await openScripted(
    (message, answer) => {
      if (!signsOn(message, answer) && (kindOf(message) !== 'completion' || silences-- <= 0))
        answer(yes(message))
    },
    { port: before.port },
  )
  const told = ({ id }: { id: string }) =>
    after.messages.filter(({ fields }) => fields[37] === id.slice('pay_'.length + 5, -1))
  await eventually('everything is told', () => {
    later()
    return told(taken).filter((one) => kindOf(one) === 'refund').length === 2 && told(released).length > 0
  })

  const kinds = told(taken).map(kindOf)
  expect(kinds.lastIndexOf('completion')).toBeLessThan(kinds.indexOf('refund'))
  expect(kinds.filter((kind) => kind === 'completion').length).toBeGreaterThan(2)
  const distinct = new Map(told(taken).map((one) => [`${one.fields[7]} ${one.fields[11]}`, one])) // repeats are one
  const [completion, ...refunds] = [...distinct.values()]
  expect(completion!.fields).toMatchObject({ 4: '000000125000', 38: 'ABC123' })
  expect(readReplacementAmounts(completion!.fields[95]!)).toMatchObject({ transaction: '100000' })
  expect(refunds.map(({ fields }) => fields[4])).toEqual(['000000001000', '000000002000'])
  for (const one of told(released)) expect([kindOf(one), one.fields[56]]).toEqual(['reversal', '4000'])
  await gateway.stop()
})
