// From a till to an acquirer and back, over two lines of ISO 8583 that need not write alike.
import { expect, test } from 'vitest'
import { messageCodec } from '../../src/adapters/iso8583/codec.ts'
import { ascii87, bcd87, type Profile } from '../../src/adapters/iso8583/profile.ts'
import { writeOriginalData } from '../../src/adapters/iso8583/subelements.ts'
import { sandboxCard } from '../../src/domain/pos/sandboxIssuer.ts'
import { dial, isUp, openSandbox, openScripted, patient, signsOn, yes } from '../support/acquirerHost.ts'
import { eventually, openShop, openTestGateway } from '../support/gateway.ts'
import { openTill } from '../support/till.ts'

async function open(network: ReturnType<typeof dial>, profile: Profile = ascii87) {
  await isUp(network)
  const gateway = await openTestGateway({ cards: { network, cardOf: sandboxCard } })
  const till = await openTill(gateway, await openShop(gateway), { profile })
  return {
    till,
    stop: async () => {
      await till.close()
      await gateway.stop()
    },
  }
}
const swiped = { 3: '000000', 4: '000000125000', 11: '000001', 22: '021', 25: '00', 49: '704' }

test.each<[Profile, Profile]>([
  [ascii87, ascii87],
  [ascii87, bcd87],
  [bcd87, ascii87],
  [bcd87, bcd87],
])('a card swiped at a till of $name is asked about', async (tills, acquirers) => {
  const host = await openSandbox(0, acquirers)
  const { till, stop } = await open(
    dial(host.port, { codec: messageCodec(acquirers), times: patient }),
    tills,
  )
  const separator = tills === bcd87 ? 'D' : '='
  const answer = await till.ask('0200', { ...swiped, 35: `4111111111111111${separator}30122011234567890` })
  expect(answer).toMatchObject({ mti: '0210', 39: '00' })
  expect(host.ledger.entry(answer[37]!)).toMatchObject({ captured: { minor: 125_000n } })
  await stop()
})

test('an approval code shorter than six is answered to the till, and told with the completion, as it came', async () => {
  const host = await openScripted((message, answer) => {
    if (!signsOn(message, answer)) answer(yes(message, { 38: 'AB12  ' }))
  })
  const { till, stop } = await open(dial(host.port, { times: patient }))
  const held = await till.ask('0100', { ...swiped, 2: '4111111111111111', 14: '3012' })
  expect(held).toMatchObject({ 38: 'AB12  ', 39: '00' })
  const names = { mti: '0100', stan: held[11]!, transmittedAt: held[7]!, acquirer: '', forwarder: '' }
  const completion = { 3: '000000', 4: held[4]!, 11: held[11]!, 38: held[38]!, 49: '704' }
  const done = await till.ask('0220', { ...completion, 90: writeOriginalData(names) })
  expect(done).toMatchObject({ mti: '0230', 39: '00' })
  await eventually('the acquirer is told', () => host.ofMti('0220').length > 0)
  expect(host.ofMti('0220')[0]!.fields).toMatchObject({ 37: held[37], 38: 'AB12  ' })
  await stop()
})
