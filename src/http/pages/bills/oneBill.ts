// /bills/{id}: one bill for whoever has its link, from a message: what it costs now, and a button to pay it.

import type { IssuedBill } from '../../../domain/bills/bill.ts'
import { profileOf } from '../../../domain/bills/billerProfile.ts'
import { isPaidFor } from '../../../domain/bills/inquire.ts'
import { billPath, billToken } from '../../billLink.ts'
import { billId } from '../../billView.ts'
import type { Services } from '../../services.ts'
import { type Html, html } from '../html.ts'
import { show } from '../layout.ts'
import { messagePage } from '../message.ts'
import type { PageRoute } from '../route.ts'
import type { Visit } from '../visit.ts'
import { billTable } from './billTable.ts'

export const oneBillPage = (services: Services): PageRoute => ({
  method: 'get',
  path: '/bills/:id',
  run: async (visit, c) => {
    const id = c.req.param('id') ?? ''
    const bill = await linkedBill(id, c.req.query('token') ?? '', services)
    const { state: merchant } = await services.gateway.merchants.load(bill?.billerId ?? '')
    if (!bill || merchant.status === 'new') return messagePage(visit, 404, 'notFound')
    const title = visit.texts.bills.linkTitle(merchant.name)
    return show(visit, {
      title,
      body: html`<section class="bills">
<h1>${title}</h1>
${await standing(id, bill, visit, services)}
</section>`,
    })
  },
})

/** A wrong link and a bill that does not exist look the same. */
async function linkedBill(id: string, token: string, services: Services): Promise<IssuedBill | undefined> {
  if (!billId.safeParse(id).success || !services.crypto.equal(token, billToken(id, services)))
    return undefined
  const { state } = await services.gateway.bills.load(id)
  return state.status === 'new' ? undefined : state
}

async function standing(id: string, bill: IssuedBill, visit: Visit, services: Services): Promise<Html> {
  const { bills } = visit.texts
  const { gateway, now } = services
  if (bill.status === 'paid' || (await isPaidFor(bill, gateway)))
    return html`<p class="notice good" role="status">${bills.paid}</p>`
  if (bill.status === 'canceled') return html`<p class="notice" role="status">${bills.canceled}</p>`
  if (bill.status === 'superseded')
    return html`<p class="notice" role="status">${bills.superseded}</p>
<p><a class="button" href="${visit.to(billPath(bill.supersededBy!, services))}">${bills.openAnother}</a></p>`
  const biller = await profileOf(gateway, bill.billerId)
  if (!biller) throw new Error(`${id} is of no biller`)
  return billTable([{ id, bill }], biller.profile, now().toISOString(), visit)
}
