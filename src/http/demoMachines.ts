// The machines of the demo shops: a till, a pump and a vending machine, as terminals, so that the sandbox can play them.
import { newTerminalId } from '../domain/core/ids.ts'
import type { Sector, TerminalKind } from '../domain/merchants/sectors.ts'
import { cardAcceptorIdOf } from '../domain/pos/acceptor.ts'
import type { DemoShop } from './demo.ts'
import { intentionOf } from './idempotency.ts'
import type { Services } from './services.ts'

export const machineKinds = ['till', 'pump', 'vending'] as const
export type MachineKind = (typeof machineKinds)[number]

export type DemoMachine = { readonly kind: MachineKind; readonly shop: DemoShop; readonly terminalId: string }

const places: Readonly<Record<MachineKind, { readonly sector: Sector; readonly kind: TerminalKind }>> = {
  till: { sector: 'supermarket', kind: 'pos' },
  pump: { sector: 'petrol-station', kind: 'pump' },
  vending: { sector: 'vending', kind: 'vending' },
}

/** Made once: asking again finds them. Nobody holds their activation codes: the sandbox itself plays them. */
export async function openDemoMachines(
  shops: readonly DemoShop[],
  services: Services,
): Promise<readonly DemoMachine[]> {
  const machines: DemoMachine[] = []
  for (const kind of machineKinds) {
    const shop = shops.find(({ sector }) => sector === places[kind].sector)
    if (shop) machines.push({ kind, shop, terminalId: await openMachine(kind, shop, services) })
  }
  return machines
}

async function openMachine(
  kind: MachineKind,
  { merchantId, siteId }: DemoShop,
  services: Services,
): Promise<string> {
  const { gateway, crypto, now } = services
  const { chance } = intentionOf(`machine ${kind}`, undefined, 'demo', new Uint8Array(), services)
  const id = newTerminalId(chance)
  const data = {
    merchantId,
    siteId,
    kind: places[kind].kind,
    serialNumber: 'SANDBOX',
    terminalId: id.slice('ter_'.length),
    cardAcceptorId: cardAcceptorIdOf(siteId),
    activationCodeHash: crypto.hash(crypto.random(32)),
    registeredAt: now().toISOString(),
  }
  await gateway.terminals.handle(
    id,
    { type: 'RegisterTerminal', data },
    { actor: 'demo' },
    { expectNew: true },
  )
  return id
}
