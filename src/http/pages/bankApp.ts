// The sandbox's bank app: takes a QR text, says what is in it, and offers the ways to pay it, right and wrong.
import { money } from '../../domain/core/money.ts'
import type { Issue } from '../../domain/qr/issue.ts'
import type { QrReading } from '../../domain/qr/readQr.ts'
import { showMoney } from './format.ts'
import { type Html, html } from './html.ts'
import type { Visit } from './visit.ts'
import { ways } from './ways.ts'

/** A QR text that was handed to the app, and the payment it was opened from, if it was. */
export type Scanned = { readonly payload: string; readonly reading: QrReading; readonly paymentId?: string }

export const bankApp = (scanned: Scanned | undefined, visit: Visit): Html =>
  scanned && isPayable(scanned)
    ? html`${readingView(scanned, visit)}${payButtons(scanned, visit)}${scanForm(scanned, visit)}`
    : html`${scanForm(scanned, visit)}${scanned ? readingView(scanned, visit) : ''}`

const isPayable = ({ reading: { errors, meaning } }: Scanned): boolean =>
  errors.length === 0 && meaning.bankBin !== undefined && meaning.accountNumber !== undefined

/** A GET form: a reading has an address. */
const scanForm = (scanned: Scanned | undefined, { texts: { sandbox }, language }: Visit): Html =>
  html`<form class="scan" method="get" action="/sandbox">
<input type="hidden" name="lang" value="${language}">
<label>${sandbox.qrText}
<textarea name="qr" rows="4" required maxlength="1024" spellcheck="false" autocapitalize="off" autocomplete="off" aria-describedby="qr-hint">${scanned?.payload ?? ''}</textarea></label>
<p class="hint" id="qr-hint">${sandbox.qrHint}</p>
<button class="button quiet">${sandbox.read}</button>
</form>`

function readingView(scanned: Scanned, { texts: { sandbox }, language }: Visit): Html {
  const { meaning, warnings, errors } = scanned.reading
  const line = (name: string, value: string | undefined) =>
    html`<div><dt>${name}</dt><dd>${value ?? html`<em>${sandbox.none}</em>`}</dd></div>`
  return html`<div class="reading">
<h3>${sandbox.readingTitle}</h3>
<dl class="facts">
${line(sandbox.bank, meaning.bank ?? (meaning.bankBin && `${sandbox.bankBin} ${meaning.bankBin}`))}
${line(sandbox.accountNumber, meaning.accountNumber)}
${line(sandbox.amountRead, amountRead(scanned.reading, language))}
${line(sandbox.transferText, meaning.purpose)}
</dl>
${issues(sandbox.errors, 'bad', errors)}
${issues(sandbox.warnings, 'warn', warnings)}
${errors.length === 0 && !isPayable(scanned) ? html`<p class="notice bad">${sandbox.notTransfer}</p>` : ''}
</div>`
}

/** Any text may stand in a code: only what is plainly whole đồng is written as people write it. */
function amountRead({ meaning: { amount, currency } }: QrReading, language: Visit['language']) {
  if (amount === undefined) return undefined
  if (currency === 'VND' && /^\d{1,15}$/.test(amount))
    return showMoney(money(BigInt(amount), 'VND'), language)
  return `${amount} ${currency ?? ''}`
}

const issues = (title: string, kind: 'bad' | 'warn', list: readonly Issue[]): Html | '' =>
  list.length === 0
    ? ''
    : html`<div class="notice ${kind}"><p><strong>${title}:</strong></p>
<ul lang="en">${list.map(({ rule, path, message }) => html`<li><code>${rule}</code>${path && html` (${path})`}: ${message}</li>`)}</ul>
</div>`

const payButtons = (scanned: Scanned, { texts: { sandbox }, to }: Visit): Html =>
  html`<form class="pay" method="post" action="${to('/sandbox/pay')}">
<h3>${sandbox.waysTitle}</h3>
<input type="hidden" name="qr" value="${scanned.payload}">
<input type="hidden" name="payment" value="${scanned.paymentId ?? ''}">
${
  scanned.reading.meaning.amount === undefined
    ? html`<label>${sandbox.amountToPay}
<input name="amount" value="50000" inputmode="numeric" pattern="[1-9][0-9]{0,11}" required autocomplete="off"></label>`
    : ''
}
<div class="ways">${ways.map(
    (way) =>
      html`<button name="way" value="${way}"><strong>${sandbox.ways[way].name}</strong> <span>${sandbox.ways[way].what}</span></button>`,
  )}</div>
<p class="hint">${sandbox.lateNote}</p>
</form>`
