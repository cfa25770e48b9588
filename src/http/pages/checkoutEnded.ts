// The checkout when nothing more is awaited: paid, with what a receipt says, or closed, with what to do.
import { isZero } from '../../domain/core/money.ts'
import { referenceOf } from '../../domain/payments/reference.ts'
import { billLines } from './bills/billLines.ts'
import { showMoney, showTime } from './format.ts'
import { type Html, html } from './html.ts'
import type { Sale } from './sale.ts'
import { sandboxLink } from './sandboxLink.ts'
import type { Visit } from './visit.ts'

export const paidView = (sale: Sale, visit: Visit): Html => html`<div class="paper ended">
<svg class="stamp" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="29"/><path d="M19 33l9 9 17-20"/></svg>
<p class="outcome">${visit.texts.checkout.paid}</p>
<p>${visit.texts.checkout.paidHow}</p>
${sale.pickupCode === undefined ? '' : pickup(sale.pickupCode, visit)}
${facts(sale, visit)}
${sale.receiptUrl === undefined ? '' : html`<p><a class="button quiet" href="${sale.receiptUrl}&lang=${visit.language}">${visit.texts.receipt.open}</a></p>`}
</div>`

const pickup = (code: string, { texts }: Visit): Html =>
  html`<p>${texts.checkout.pickupCode} <strong>${code.slice(0, 4)} ${code.slice(4)}</strong></p>`

export const closedView = (sale: Sale, view: 'expired' | 'canceled', visit: Visit): Html => {
  const { checkout } = visit.texts
  return html`<div class="paper ended">
<svg class="stamp" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="29"/>${
    view === 'expired' ? html`<path d="M32 16v17l11 7"/>` : html`<path d="M22 22l20 20M42 22L22 42"/>`
  }</svg>
<p class="outcome">${checkout[view]}</p>
<p>${checkout[`${view}How`]}</p>
<p class="hint">${checkout[`${view}Transferred`]}</p>
${facts(sale, visit)}
${visit.sandbox ? sandboxLink(sale.id, visit) : ''}
</div>`
}

function facts({ id, payment, site }: Sale, { texts, language }: Visit): Html {
  const { paidAt, description, orderId, refunded } = payment
  const { checkout } = texts
  const line = (name: string, value: string | undefined): Html | '' =>
    value === undefined ? '' : html`<div><dt>${name}</dt><dd><span>${value}</span></dd></div>`
  return html`<dl class="facts">
${line(checkout.payTo, site.name)}
${line(checkout.description, description)}
${line(checkout.orderId, orderId)}
${billLines(payment.bills, texts.bills, language).map(({ label, value }) => line(label, value))}
${line(checkout.paidAt, paidAt && showTime(paidAt, language))}
${line(checkout.refunded, isZero(refunded) ? undefined : showMoney(refunded, language))}
${line(checkout.reference, referenceOf(id))}
</dl>`
}
