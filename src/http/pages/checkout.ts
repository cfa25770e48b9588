// /checkout/{paymentId}: what a payer sees, from the QR to paid. Turns by itself, with a script or without.

import { formatMoney } from '../../domain/core/money.ts'
import type { OpenedQrPayment } from '../../domain/payments/qrPayment.ts'
import { wasPaid } from '../../domain/payments/refund.ts'
import type { Services } from '../services.ts'
import { closedView, paidView } from './checkoutEnded.ts'
import { waitingView } from './checkoutWaiting.ts'
import { isPartlyPaid } from './dueQr.ts'
import { showMoney } from './format.ts'
import { type Html, html } from './html.ts'
import { show } from './layout.ts'
import { messagePage } from './message.ts'
import type { PageRoute } from './route.ts'
import { findSale, type Sale } from './sale.ts'
import type { Visit } from './visit.ts'

type View = 'waiting' | 'partial' | 'paid' | 'expired' | 'canceled'

export const checkoutPage = (services: Services): PageRoute => ({
  method: 'get',
  path: '/checkout/:id',
  run: async (visit, c) => {
    const sale = await findSale(c.req.param('id') ?? '', services)
    if (!sale) return messagePage(visit, 404, 'paymentNotFound')
    const { payment, merchant, id } = sale
    const amount = showMoney(payment.due, visit.language)
    const view = viewOf(payment, services.now())
    const open = view === 'waiting' || view === 'partial'
    const title = visit.texts.checkout.title(amount, merchant.name)
    return show(visit, {
      kind: 'checkout',
      title: open ? title : `${visit.texts.checkout[view]} · ${title}`,
      scripts: [visit.asset('checkout.js')],
      ...(open && { head: html`<noscript><meta http-equiv="refresh" content="5"></noscript>\n` }),
      body: html`<p id="announcement" class="unseen" role="status"></p>
<article id="checkout" class="receipt ${view}" data-view="${view}"
 data-state="${payment.status} ${formatMoney(payment.received)}" data-stream="/v1/payments/${id}/stream"
 data-announcement="${visit.texts.checkout[view]}. ${title}">
${screen(sale, view, visit)}
${await paper(sale, view, visit, services)}
</article>`,
    })
  },
})

/** A payment whose time is over reads as expired before the process that records it has come by. */
function viewOf(payment: OpenedQrPayment, now: Date): View {
  if (wasPaid(payment.status)) return 'paid' // the receipt of a refunded payment is still its receipt
  if (payment.status === 'expired' || payment.status === 'canceled') return payment.status
  if (now.getTime() >= Date.parse(payment.expiresAt)) return 'expired'
  return isPartlyPaid(payment) ? 'partial' : 'waiting'
}

/** The upper part, as on a terminal: who is paid, how much, and how it stands. */
function screen({ payment, merchant, site }: Sale, view: View, { texts, language }: Visit): Html {
  const amount = showMoney(payment.due, language)
  return html`<header class="screen">
<p class="payee"><span>${texts.checkout.payTo}</span> <strong>${merchant.name}</strong>${
    site.name === merchant.name ? '' : html` <span class="site-name">${site.name}</span>`
  }</p>
<h1 class="amount${amount.length > 10 ? ' long' : ''}" tabindex="-1">${amount}</h1>
<p class="status"><span class="lamp" aria-hidden="true"></span>${texts.checkout[view]}</p>
</header>`
}

function paper(sale: Sale, view: View, visit: Visit, services: Services): Html | Promise<Html> {
  if (view === 'paid') return paidView(sale, visit)
  if (view === 'expired' || view === 'canceled') return closedView(sale, view, visit)
  return waitingView(sale, visit, services)
}
