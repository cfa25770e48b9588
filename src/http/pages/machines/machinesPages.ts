// /sandbox/machines: a till, a pump and a vending machine that a person can play with. Only where the demo shops are.
import { type DemoMachine, openDemoMachines } from '../../demoMachines.ts'
import type { Services } from '../../services.ts'
import { html } from '../html.ts'
import { show } from '../layout.ts'
import { messagePage } from '../message.ts'
import type { PageRoute } from '../route.ts'
import { shopsOf } from '../till.ts'
import type { Visit } from '../visit.ts'
import { actForm } from './act.ts'
import { machinePage } from './machinePage.ts'
import { sellForm } from './sell.ts'
import { type Refused, startForms } from './startForms.ts'

export type Machines = () => Promise<readonly DemoMachine[]>
export type ShowMachines = (visit: Visit, refused: Refused | undefined, status?: number) => Promise<Response>

export function machinesPages(services: Services): PageRoute[] {
  const shops = shopsOf(services)
  const machines: Machines = async () => openDemoMachines(await shops(), services)
  const showMachines: ShowMachines = async (visit, refused, status) => {
    const { title, heading, lead } = visit.texts.machines
    if ((await shops()).length === 0) return messagePage(visit, 404, 'notFound')
    const body = html`<h1>${heading}</h1>
<p class="lead">${lead}</p>
${startForms(refused, visit)}`
    return show(visit, { title, body }, status)
  }
  return [
    { method: 'get', path: '/sandbox/machines', run: (visit) => showMachines(visit, undefined) },
    sellForm(showMachines, machines, services),
    machinePage(machines, services),
    actForm(machines, services),
  ]
}
