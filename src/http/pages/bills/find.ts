// /bills: a payer names the company and the customer code, and sees what is open, without anybody's name.
import type { BillerName } from '../../../../projections/readModels.ts'
import { profileOf } from '../../../domain/bills/billerProfile.ts'
import { customerCodeKey, fitsRule } from '../../../domain/bills/customerCode.ts'
import { inquire } from '../../../domain/bills/inquire.ts'
import { guessLimiter } from '../../../domain/pos/guesses.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import { type Html, html } from '../html.ts'
import { show } from '../layout.ts'
import type { PageRoute } from '../route.ts'
import type { Visit } from '../visit.ts'
import { billTable } from './billTable.ts'

const billersMax = 200
/** Codes that a visitor may try in a minute, and all visitors together. */
const guessesMax = 10
const allGuessesMax = 300

type Typed = { readonly billerId: string; readonly customerCode: string }
type Refusal = { readonly text: string; readonly status: number }

/** Once for each gateway: it remembers who guessed how often. */
export function findPages(services: Services): PageRoute[] {
  const guesses = guessLimiter(guessesMax)
  const allGuesses = guessLimiter(allGuessesMax)
  const wait = (visitor: string): number | undefined => {
    const now = services.now().getTime()
    return guesses.begin(visitor, now) ?? allGuesses.begin('all', now)
  }
  const right = (visitor: string) => {
    guesses.right(visitor)
    allGuesses.right('all')
  }
  return [
    { method: 'get', path: '/bills', run: (visit) => findPage(visit, services) },
    {
      method: 'post',
      path: '/bills',
      run: async (visit, c) => {
        const form = await readForm(visit, c, services.settings.publicUrl)
        if (form instanceof Response) return form
        const typed = { billerId: form('biller'), customerCode: customerCodeKey(form('code')).slice(0, 40) }
        const visitor = services.visitorOf(c.env)
        const seconds = wait(visitor)
        const { bills } = visit.texts
        if (seconds !== undefined)
          return findPage(visit, services, typed, { text: bills.tooMany(seconds), status: 429 })
        const found = await openBillsOf(typed, services)
        if (!found) return findPage(visit, services, typed, { text: bills.unknown, status: 404 })
        right(visitor)
        return showBills(visit, typed, found, services)
      },
    },
  ]
}

async function openBillsOf({ billerId, customerCode }: Typed, { gateway, readModels }: Services) {
  const biller = await profileOf(gateway, billerId)
  if (!biller || !fitsRule(customerCode, biller.profile.customerCode)) return undefined
  const inquired = await inquire({ ...gateway, ...readModels }, billerId, customerCode)
  return inquired && { ...inquired, profile: biller.profile }
}

type Found = NonNullable<Awaited<ReturnType<typeof openBillsOf>>>

async function showBills(
  visit: Visit,
  typed: Typed,
  { open, more, profile }: Found,
  services: Services,
): Promise<Response> {
  const { bills } = visit.texts
  const { state: merchant } = await services.gateway.merchants.load(typed.billerId)
  const name = merchant.status === 'new' ? '' : merchant.name
  const at = services.now().toISOString()
  const body =
    open.length === 0
      ? html`<p class="notice good" role="status">${bills.nothingDue}</p>`
      : html`${billTable(open, profile, at, visit)}
${more ? html`<p class="hint">${bills.more}</p>` : ''}`
  return show(visit, {
    title: bills.title,
    body: html`<section class="bills">
<h1>${bills.openBills}</h1>
<p class="lead">${name} · ${bills.customerCode} <strong>${typed.customerCode}</strong></p>
${body}
<p><a class="button quiet" href="${visit.to('/bills')}">${bills.another}</a></p>
</section>`,
  })
}

async function findPage(
  visit: Visit,
  { readModels }: Services,
  typed: Typed = { billerId: '', customerCode: '' },
  refusal?: Refusal,
): Promise<Response> {
  const { bills } = visit.texts
  const billers = await readModels.billersByName(billersMax)
  const body = html`<section class="bills">
<h1>${bills.title}</h1>
<p class="lead">${bills.lead}</p>
${billers.length === 0 ? html`<p>${bills.noBillers}</p>` : findForm(billers, typed, refusal, visit)}
</section>`
  return show(visit, { title: bills.title, body }, refusal?.status)
}

const findForm = (
  billers: readonly BillerName[],
  typed: Typed,
  refusal: Refusal | undefined,
  { texts: { bills }, to }: Visit,
): Html => html`<form class="find" method="post" action="${to('/bills')}">
<label>${bills.biller}
<select name="biller">${billers.map(
  ({ id, name }) => html`<option value="${id}"${id === typed.billerId ? ' selected' : ''}>${name}</option>`,
)}</select></label>
<label>${bills.customerCode}
<input name="code" value="${typed.customerCode}" autocomplete="off" autocapitalize="characters" spellcheck="false" required maxlength="40" aria-describedby="code-hint"${refusal ? html` aria-invalid="true"` : ''}></label>
<p class="hint${refusal ? ' bad' : ''}" id="code-hint"${refusal ? html` role="alert"` : ''}>${refusal?.text ?? bills.customerCodeHint}</p>
<button class="button">${bills.find}</button>
</form>`
