// POST /sandbox/machines/sell: a machine of the sandbox asks for money, by QR or with a test card, over the same road as the API.
import { sandboxCard } from '../../../domain/pos/sandboxIssuer.ts'
import { requestCardPayment } from '../../cardRequest.ts'
import { type DemoMachine, type MachineKind, machineKinds } from '../../demoMachines.ts'
import { Problem } from '../../problem.ts'
import { requestQrPayment } from '../../qrRequest.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import type { PageRoute } from '../route.ts'
import { seeOther } from '../seeOther.ts'
import { fuels, isFuel, isSlot, machineSeconds, slots } from './goods.ts'
import type { Machines, ShowMachines } from './machinesPages.ts'

type Form = (name: string) => string
type Terms = Parameters<typeof requestQrPayment>[0]['fulfillment']
type Order = { readonly amount: string; readonly fulfillment?: Terms; readonly description?: string }

const isKind = (text: string): text is MachineKind => machineKinds.includes(text as MachineKind)

export const sellForm = (showMachines: ShowMachines, machines: Machines, services: Services): PageRoute => ({
  method: 'post',
  path: '/sandbox/machines/sell',
  run: async (visit, c) => {
    const form = await readForm(visit, c, services.settings.publicUrl)
    if (form instanceof Response) return form
    const kind = form('machine')
    const order = isKind(kind) ? orderOf(kind, form) : undefined
    const machine = (await machines()).find((one) => one.kind === kind)
    if (!machine || !order) throw new Problem('not_found')
    try {
      const paymentId = await sell(machine, order, form, services)
      return seeOther(visit.to(`/sandbox/machines/${paymentId}`))
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error
      return showMachines(visit, { machine: machine.kind, amount: order.amount }, 422)
    }
  },
})

function orderOf(kind: MachineKind, form: Form): Order | undefined {
  const [fuel, slot] = [form('fuel'), form('slot')]
  const timeoutSeconds = machineSeconds
  switch (kind) {
    case 'till':
      return { amount: form('amount').replace(/[., ](?=\d{3})/g, '') } // as people write đồng: 125.000
    case 'pump':
      if (!isFuel(fuel)) return undefined
      return {
        amount: form('amount'),
        fulfillment: { mode: 'pump', timeoutSeconds, product: fuel, unitPrice: fuels[fuel] },
        description: fuel,
      }
    case 'vending':
      if (!isSlot(slot)) return undefined
      return { amount: slots[slot], fulfillment: { mode: 'dispense', timeoutSeconds } }
  }
}

/** A pump holds the most and takes what was delivered; so does a machine, which may deliver nothing. */
async function sell(
  { shop, kind, terminalId }: DemoMachine,
  order: Order,
  form: Form,
  services: Services,
): Promise<string> {
  const { crypto } = services
  const caller = { keyId: 'key_demo', role: 'merchant', merchantId: shop.merchantId } as const
  const intention = { chance: (_purpose: string, size: number) => crypto.random(size) }
  const sale = { siteId: shop.siteId, terminalId, currency: 'VND', ...order }
  const by = form('by')
  const manual = kind !== 'till' || form('capture') === 'manual'
  const { body } = sandboxCard(by)
    ? await requestCardPayment(
        {
          ...sale,
          method: 'card',
          card: { token: by },
          capture: manual ? 'manual' : 'automatic',
          acceptsPartial: false,
        },
        caller,
        intention,
        { actor: 'demo' },
        services,
      )
    : await requestQrPayment(
        { ...sale, method: 'qr', expiresInSeconds: 900 },
        caller,
        intention,
        { actor: 'demo' },
        services,
      )
  return (body as { id: string }).id
}
