// The machines of the demo shops: a till, a pump and a vending machine, as terminals, so that the sandbox can play them.
import type { Sector, TerminalKind } from '../domain/merchants/sectors.ts'
import type { DemoShop } from './demo.ts'
import { intentionOf } from './idempotency.ts'
import type { Services } from './services.ts'
import { registerTerminal } from './terminals.ts'

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

/** The till is the one that speaks ISO 8583, too. */
async function openMachine(kind: MachineKind, shop: DemoShop, services: Services): Promise<string> {
  if (kind === 'till' && shop.till) return `ter_${shop.till.terminalId}`
  const intention = intentionOf(`machine ${kind}`, undefined, 'demo', new Uint8Array(), services)
  const terminal = { siteId: shop.siteId, kind: places[kind].kind, serialNumber: 'DEMO-1' }
  const { commandId, requestHash } = intention
  const metadata = { actor: 'demo', ...(commandId && { commandId }), ...(requestHash && { requestHash }) }
  const { newId } = await registerTerminal(shop.merchantId, terminal, intention, metadata, services)
  return newId
}
