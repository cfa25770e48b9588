// What every page of the console stands in: the areas that this role may see, who has signed in, and the way out.
import { sendsBills } from '../../../domain/bills/biller.ts'
import { type Html, html } from '../html.ts'
import { type Page, show } from '../layout.ts'
import type { ConsoleVisit } from './consolePage.ts'

export type Area =
  | 'home'
  | 'payments'
  | 'unapplied'
  | 'exceptions'
  | 'settlements'
  | 'sites'
  | 'bills'
  | 'merchants'
  | 'health'

const addresses: Readonly<Record<Area, string>> = {
  home: '/console',
  payments: '/console/payments',
  unapplied: '/console/unapplied',
  exceptions: '/console/exceptions',
  settlements: '/console/settlements',
  sites: '/console/sites',
  bills: '/console/bills',
  merchants: '/console/merchants',
  health: '/console/health',
}

type Framed = Pick<Page, 'title' | 'body' | 'scripts'> & { readonly area?: Area }

export const showFramed = (visit: ConsoleVisit, { area, title, ...page }: Framed, status?: number) =>
  show(
    visit,
    {
      ...page,
      title: `${title} · ${visit.texts.console.frame.title}`,
      kind: 'console',
      bar: bar(visit, area),
    },
    status,
  )

const bar = (visit: ConsoleVisit, current: Area | undefined): Html => {
  const { texts, to } = visit
  const { frame } = texts.console
  return html`<div class="console-bar"><div>
<nav aria-label="${frame.navigation}">${areasOf(visit).map(
    (area) =>
      html`<a href="${to(addresses[area])}"${area === current ? html` aria-current="page"` : ''}>${frame.areas[area]}</a>\n`,
  )}</nav>
<form method="post" action="${to('/console/sign-out')}"><span class="who">${whoIs(visit)}</span> <button>${frame.signOut}</button></form>
</div></div>
`
}

const whoIs = ({ caller, merchant, texts }: ConsoleVisit): string =>
  merchant?.name ??
  [texts.console.frame.roles[caller.role], caller.terminalId].filter((part) => part !== undefined).join(' ')

/** What the API lets this role do decides; a merchant that sends no bills has no page for them. */
function areasOf({ api, caller, merchant }: ConsoleVisit): readonly Area[] {
  const seen: Readonly<Record<Area, boolean>> = {
    home: true,
    payments: api.may('get /v1/payments'),
    unapplied: api.may('get /v1/unapplied-credits'),
    exceptions: api.may('get /v1/fulfillment-exceptions'),
    settlements: api.may('get /v1/settlements'),
    sites: api.may('get /v1/sites'),
    bills: merchant !== undefined && sendsBills(merchant.sector),
    merchants: api.may('get /v1/merchants'),
    health: caller.role === 'operator',
  }
  return (Object.keys(addresses) as Area[]).filter((area) => seen[area])
}
