// The form that asks for a refund, with what is left to refund filled in.
import { showAmount } from '../format.ts'
import { type Html, html } from '../html.ts'
import { isNothing, less } from './amounts.ts'
import type { ConsoleVisit } from './consolePage.ts'
import type { ShownPayment } from './payments.ts'

export type TypedRefund = { readonly amount: string; readonly reason: string }

const refundable: ReadonlySet<ShownPayment['status']> = new Set(['paid', 'partially_refunded'])

/** Nothing where nothing is left; the API has the last word. */
export function refundForm(
  { texts, to, language }: ConsoleVisit,
  { id, status, amountReceived, amountRefunded, currency }: ShownPayment,
  typed: TypedRefund | undefined,
): Html | '' {
  const rest = less(amountReceived, amountRefunded, currency)
  if (!refundable.has(status) || isNothing(rest)) return ''
  const { payment } = texts.console
  const { amount, reason } = typed ?? { amount: rest, reason: '' }
  return html`<section class="panel" aria-labelledby="refund">
<h2 id="refund">${payment.refund}</h2>
<form class="stack" method="post" action="${to(`/console/payments/${id}/refund`)}">
<p class="hint">${payment.refundHow}</p>
<label>${payment.refundAmount} (${currency})
<input name="amount" value="${amount}" required inputmode="decimal" maxlength="20" autocomplete="off" aria-describedby="refund-max"${typed ? html` aria-invalid="true"` : ''}></label>
<p class="hint" id="refund-max">${payment.refundAmountHint(showAmount(rest, currency, language))}</p>
<label>${payment.refundReason}
<input name="reason" value="${reason}" required maxlength="140" autocomplete="off" aria-describedby="refund-reason"></label>
<p class="hint" id="refund-reason">${payment.refundReasonHint}</p>
<p><button class="button">${payment.goOn}</button></p>
</form>
</section>`
}
