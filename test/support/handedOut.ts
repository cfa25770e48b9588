// What tests of machines need: a payment by card that a machine is to hand out for, and one that needs a person.
import { askByCard, openTerminal, type Shop, type TestGateway } from './gateway.ts'
import { post } from './money.ts'

/** A paid payment, and the machine that is told to hand out for it. */
export async function toHandOut(gateway: TestGateway, shop: Shop) {
  const machine = await openTerminal(gateway, shop)
  const fulfillment = { mode: 'dispense', timeoutSeconds: 60 }
  const till = { ...shop, key: machine.key }
  const { id } = await askByCard(gateway, till, { capture: 'automatic', fulfillment })
  return { id: id as string, machine }
}

/** The id of a payment whose goods came out after the machine had said that they did not. */
export async function disputed(gateway: TestGateway, shop: Shop): Promise<string> {
  const { id, machine } = await toHandOut(gateway, shop)
  for (const outcome of ['failed', 'dispensed'])
    await post(gateway, `/v1/payments/${id}/fulfillment`, machine.key, { outcome })
  return id
}
