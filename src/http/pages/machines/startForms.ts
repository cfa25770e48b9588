// The till, the pump and the vending machine of the sandbox, each a form that begins a sale.
import { money } from '../../../domain/core/money.ts'
import { sandboxTokens } from '../../../domain/pos/sandboxIssuer.ts'
import type { MachineKind } from '../../demoMachines.ts'
import { showMoney } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { fuelLimits, fuels, slots } from './goods.ts'

/** What was typed and refused. */
export type Refused = { readonly machine: MachineKind; readonly amount: string }

const dong = (amount: string, { language }: Visit): string =>
  showMoney(money(BigInt(amount), 'VND'), language)

export const startForms = (
  refused: Refused | undefined,
  visit: Visit,
): Html => html`<div class="sandbox machines">
${machineForm('till', tillFields(refused, visit), visit)}
${machineForm('pump', pumpFields(visit), visit)}
${machineForm('vending', vendingFields(visit), visit)}
</div>`

const machineForm = (
  machine: MachineKind,
  fields: Html,
  { texts: { machines }, to }: Visit,
): Html => html`<section class="till" aria-labelledby="${machine}-title">
<h2 id="${machine}-title">${machines.kinds[machine].name}</h2>
<p class="hint">${machines.kinds[machine].what}</p>
<form method="post" action="${to('/sandbox/machines/sell')}">
<input type="hidden" name="machine" value="${machine}">
${fields}
<label>${machines.payBy}
<select name="by">${machine === 'till' ? '' : html`<option value="qr">${machines.byQr}</option>`}${sandboxTokens.map(
  (token) => html`<option value="${token}">${machines.cards[token as keyof typeof machines.cards]}</option>`,
)}</select></label>
<button class="button">${machines.kinds[machine].begin}</button>
</form>
</section>`

const tillFields = (
  refused: Refused | undefined,
  { texts: { machines, sandbox } }: Visit,
): Html => html`<label>${sandbox.amount}
<input class="price" name="amount" value="${refused?.amount ?? '125000'}" inputmode="numeric" autocomplete="off" required maxlength="15"${refused ? html` aria-invalid="true" aria-describedby="till-amount"` : ''}></label>
${refused ? html`<p class="hint bad" id="till-amount" role="alert">${sandbox.amountWrong}</p>` : ''}
<fieldset><legend>${machines.capture}</legend>
<label class="choice"><input type="radio" name="capture" value="automatic" checked> ${machines.captures.automatic}</label>
<label class="choice"><input type="radio" name="capture" value="manual"> ${machines.captures.manual}</label>
</fieldset>`

const pumpFields = (visit: Visit): Html => html`<label>${visit.texts.machines.fuel}
<select name="fuel">${Object.entries(fuels).map(
  ([name, price]) =>
    html`<option value="${name}">${name}: ${dong(price, visit)} ${visit.texts.machines.aLiter}</option>`,
)}</select></label>
<label>${visit.texts.machines.most}
<select name="amount">${fuelLimits.map((limit) => html`<option value="${limit}">${dong(limit, visit)}</option>`)}</select></label>`

const vendingFields = (visit: Visit): Html =>
  html`<fieldset><legend>${visit.texts.machines.choose}</legend>${Object.entries(slots).map(
    ([slot, price], index) =>
      html`<label class="choice"><input type="radio" name="slot" value="${slot}"${index === 0 ? ' checked' : ''}> ${visit.texts.machines.slots[slot as keyof typeof slots]} · ${dong(price, visit)}</label>`,
  )}</fieldset>`
