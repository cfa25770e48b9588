// The form of a biller's rules.
import type { Form } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'

export const profileForm = ({ texts, to }: ConsoleVisit, form: Form): Html => {
  const { profile } = texts.console
  const input = (name: string, label: string, inputmode: 'numeric' | 'decimal' = 'numeric', hint?: string) =>
    html`<label>${label}<input name="${name}" value="${form(name)}" inputmode="${inputmode}" maxlength="15" autocomplete="off"${hint === undefined ? '' : html` placeholder="${hint}"`}></label>`
  const choice = (name: string, label: string, options: Readonly<Record<string, string>>) =>
    html`<label>${label}<select name="${name}">${Object.entries(options).map(
      ([value, text]) =>
        html`<option value="${value}"${form(name) === value ? html` selected` : ''}>${text}</option>`,
    )}</select></label>`
  return html`<form class="panel stack" method="post" action="${to('/console/bills/profile')}">
<div class="fields">${choice('code', profile.code, profile.codes)}</div>
<label>${profile.patterns}
<textarea name="patterns" rows="3" maxlength="400" spellcheck="false" autocapitalize="characters" aria-describedby="patterns-hint">${form('patterns')}</textarea></label>
<p class="hint" id="patterns-hint">${profile.patternsHint}</p>
<div class="fields">${choice('exactness', profile.amount, profile.exactness)}${choice('partial', profile.partial, profile.partials)}</div>
<fieldset><legend>${profile.rangeOnly}</legend>
<div class="fields">${input('min', profile.min)}${input('max', profile.max)}${input('multiple', profile.multiple)}</div></fieldset>
<div class="fields">${choice('lateFee', profile.lateFee, profile.lateFees)}${input('percent', profile.percent, 'decimal')}${input('fixed', profile.fixed)}${input('grace', profile.grace)}</div>
<div class="fields">${input('cutOff', profile.cutOff, 'numeric', profile.cutOffHint)}${choice('feeBorneBy', profile.fee, profile.feeBorneBy)}${choice('overpayment', profile.overpayment, profile.overpayments)}</div>
<p><button class="button">${profile.save}</button></p>
</form>`
}
