// The checkout while money is awaited: the QR, the time left, how to pay, and the transfer as text for those on this phone.
import { referenceOf, transferText } from '../../domain/payments/reference.ts'
import { findBank } from '../../domain/qr/banks.ts'
import type { Services } from '../services.ts'
import { billLines } from './bills/billLines.ts'
import { duePayload, isPartlyPaid, remainderOf } from './dueQr.ts'
import { showMoney, showRemaining, showTime } from './format.ts'
import { type Html, html } from './html.ts'
import type { Sale } from './sale.ts'
import { sandboxLink } from './sandboxLink.ts'
import type { Texts } from './texts.ts'
import type { Visit } from './visit.ts'

export async function waitingView(sale: Sale, visit: Visit, services: Services): Promise<Html> {
  const { checkout } = visit.texts
  return html`<div class="paper">
${isPartlyPaid(sale.payment) ? partial(sale, visit) : ''}
${await picture(sale, visit, services)}
${countdown(sale, visit, services.now())}
${billFacts(sale, visit)}
${sale.payment.payUrl === undefined ? transfer(sale, visit) : providersPage(sale.payment.payUrl, checkout)}
</div>`
}

const billFacts = ({ payment }: Sale, { texts, language }: Visit): Html | '' =>
  payment.bills === undefined
    ? ''
    : html`<dl class="facts">${billLines(payment.bills, texts.bills, language).map(({ label, value }) => fact(label, value))}</dl>`

const transfer = (sale: Sale, visit: Visit): Html => html`${visit.sandbox ? sandboxLink(sale.id, visit) : ''}
${howTo(visit.texts.checkout)}
${transferDetails(sale, visit)}`

/** A transfer to an account would not pay what a provider collects: only its own page and code do. */
const providersPage = (payUrl: string, checkout: Texts['checkout']): Html => html`<p>
<a class="button" href="${payUrl}" rel="noreferrer">${checkout.payAtProvider}</a></p>
<p class="hint">${checkout.providerHow}</p>`

const howTo = (checkout: Texts['checkout']): Html => html`<section>
<h2>${checkout.stepsTitle}</h2>
<ol class="steps">${checkout.steps.map((step) => html`<li>${step}</li>`)}</ol>
</section>`

const partial = ({ payment }: Sale, { texts, language }: Visit): Html => html`<div class="partial-note">
<dl class="sums">
<div><dt>${texts.checkout.received}</dt><dd>${showMoney(payment.received, language)}</dd></div>
<div><dt>${texts.checkout.remaining}</dt><dd>${showMoney(remainderOf(payment), language)}</dd></div>
</dl>
<p>${texts.checkout.partialHow}</p>
</div>`

/** The payment's own picture has an address; one for the remainder is drawn into the page. */
async function picture(sale: Sale, { texts, language }: Visit, { pictures }: Services): Promise<Html> {
  const { id, payment, merchant } = sale
  const payload = duePayload(id, payment)
  const ownPicture = payload === payment.payload
  const source = ownPicture
    ? `/v1/payments/${id}/qr.svg`
    : `data:image/svg+xml,${encodeURIComponent(await pictures.svg(payload))}`
  const { qrAlt, providerQrAlt } = texts.checkout
  const describe = payment.payUrl === undefined ? qrAlt : providerQrAlt
  const alt = describe(showMoney(remainderOf(payment), language), merchant.name)
  return html`<img class="qr" src="${source}" alt="${alt}" width="320" height="320">`
}

function countdown({ payment }: Sale, { texts, language }: Visit, now: Date): Html {
  const left = Math.max(0, Math.ceil((Date.parse(payment.expiresAt) - now.getTime()) / 1000))
  return html`<p class="expiry">${texts.checkout.expiresIn}
<strong role="timer" data-seconds="${left}">${showRemaining(left)}</strong>
<time datetime="${payment.expiresAt}">${texts.checkout.expiresAt(showTime(payment.expiresAt, language))}</time></p>`
}

function transferDetails({ id, payment, merchant }: Sale, visit: Visit): Html {
  const { checkout } = visit.texts
  const { bankBin, accountNumber } = payment.payTo
  const remainder = remainderOf(payment)
  return html`<section class="transfer">
<h2>${checkout.samePhone}</h2>
${
  isPartlyPaid(payment)
    ? html`<p>${checkout.samePhoneRest}</p>`
    : html`<p>${checkout.samePhoneHow}</p>
<p><a class="button quiet" href="/v1/payments/${id}/qr.png" download="thungan-${referenceOf(id)}.png">${checkout.saveQr}</a></p>`
}
<dl class="facts">
${fact(checkout.bank, findBank(bankBin)?.shortName ?? `BIN ${bankBin}`)}
${fact(checkout.accountNumber, accountNumber, visit, accountNumber)}
${fact(checkout.accountName, merchant.settlementAccount.accountName)}
${fact(checkout.amount, showMoney(remainder, visit.language), visit, remainder.minor.toString())}
${fact(checkout.transferText, transferText(referenceOf(id)), visit, transferText(referenceOf(id)))}
</dl>
<p class="hint">${checkout.keepText}</p>
</section>`
}

/** A line of the details; with `copied`, a button that the script shows where the browser can copy. */
const fact = (name: string, value: string, visit?: Visit, copied?: string): Html =>
  html`<div><dt>${name}</dt><dd><span>${value}</span>${
    visit && copied
      ? html` <button type="button" class="copy" hidden data-copy="${copied}" data-done="${visit.texts.checkout.copied}" aria-label="${visit.texts.checkout.copyWhat(name)}">${visit.texts.checkout.copy}</button>`
      : ''
  }</dd></div>`
