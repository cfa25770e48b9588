// POST /bills/pay: one payment of the chosen bills, and on to its checkout; to the one under way, where there is one.
import { isLocked } from '../../../domain/bills/billPayment.ts'
import { loadBills, type NamedBill } from '../../../domain/bills/owedBills.ts'
import { billId } from '../../billView.ts'
import { requestBills } from '../../payBills.ts'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { readFields } from '../form.ts'
import { html } from '../html.ts'
import { show } from '../layout.ts'
import type { PageRoute } from '../route.ts'
import { seeOther } from '../seeOther.ts'
import type { Visit } from '../visit.ts'

const billsMax = 20

export const payPage = (services: Services): PageRoute => ({
  method: 'post',
  path: '/bills/pay',
  run: async (visit, c) => {
    const fields = await readFields(visit, c, services.settings.publicUrl)
    if (fields instanceof Response) return fields
    const ids = [...new Set(fields('bill'))].filter((id) => billId.safeParse(id).success).slice(0, billsMax)
    const named = (await loadBills(services.gateway, ids)).filter((one) => one !== undefined)
    return payBillsOf(named, visit, services)
  },
})

/** Leads to the checkout, or says why there is none. */
export async function payBillsOf(
  named: readonly NamedBill[],
  visit: Visit,
  services: Services,
): Promise<Response> {
  const { bills } = visit.texts
  if (named.length === 0) return refusedPage(visit, bills.nothingChosen)
  const at = services.now().toISOString()
  const locked = named.find(({ bill }) => isLocked(bill, at))?.bill.lock
  if (locked) return seeOther(visit.to(`/checkout/${locked.paymentId}`))
  try {
    const { body } = await requestBills(
      { billIds: named.map(({ id }) => id), currency: 'VND', expiresInSeconds: 900 },
      named,
      { keyId: 'payer', role: 'merchant', merchantId: named[0]!.bill.billerId },
      { chance: (_purpose, size) => services.crypto.random(size) },
      { actor: 'payer' },
      services,
    )
    return seeOther(visit.to(`/checkout/${(body as { id: string }).id}`))
  } catch (error) {
    if (error instanceof Problem) return refusedPage(visit, bills.refusedHow)
    throw error
  }
}

const refusedPage = (visit: Visit, reason: string): Promise<Response> => {
  const { bills } = visit.texts
  const body = html`<section class="message">
<h1>${bills.refused}</h1>
<p>${reason}</p>
<p><a class="button" href="${visit.to('/bills')}">${bills.another}</a></p>
</section>`
  return show(visit, { title: bills.refused, body }, 409)
}
