// Open bills as a form: each may be chosen, the total of all is told, and one button asks for one payment.
import type { BillProfile } from '../../../domain/bills/biller.ts'
import { isLocked } from '../../../domain/bills/billPayment.ts'
import { due, type Owed, owed } from '../../../domain/bills/owed.ts'
import type { NamedBill } from '../../../domain/bills/owedBills.ts'
import { businessDate } from '../../../domain/core/businessDay.ts'
import { add, isZero, zero } from '../../../domain/core/money.ts'
import { showDate, showMoney } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

type Shown = NamedBill & { readonly owing: Owed }

export function billTable(open: readonly NamedBill[], profile: BillProfile, at: string, visit: Visit): Html {
  const { bills } = visit.texts
  const shown = open.map((one) => ({ ...one, owing: owed(one.bill, profile.lateFee, at) }))
  const total = shown.map(({ owing }) => due(owing)).reduce(add, zero('VND'))
  return html`<form method="post" action="${visit.to('/bills/pay')}">
<fieldset class="owed">
<legend>${bills.choose}</legend>
${shown.map((one) => row(one, at, visit))}
</fieldset>
<p class="total"><span>${bills.total}</span> <strong>${showMoney(total, visit.language)}</strong></p>
<button class="button">${bills.pay}</button>
</form>`
}

function row({ id, bill, owing }: Shown, at: string, { texts: { bills }, language }: Visit): Html {
  const overdue = businessDate(at) > bill.dueOn
  return html`<label class="bill"><input type="checkbox" name="bill" value="${id}" checked>
<span class="what"><strong>${bills.bill} ${bill.billNumber}</strong>
<span>${bill.period === undefined ? '' : html`${bills.period} ${bill.period} · `}${bills.dueOn} ${showDate(bill.dueOn, language)}${overdue ? html` <em class="late">${bills.overdue}</em>` : ''}${isLocked(bill, at) ? html` <em>${bills.pending}</em>` : ''}</span>
${isZero(owing.lateFee) ? '' : html`<span>${bills.lateFee} ${showMoney(owing.lateFee, language)}</span>`}</span>
<span class="sum">${showMoney(due(owing), language)}</span></label>
`
}
