// /: what this is, for whom, what it does today, and how to begin.
import { activeDays } from '../../domain/adoption/indicators.ts'
import { addDays, businessDate } from '../../domain/core/businessDay.ts'
import { money } from '../../domain/core/money.ts'
import { disclosureOf } from '../disclosure.ts'
import type { Services } from '../services.ts'
import { showMoney, showNumber, showTime } from './format.ts'
import { type Html, html } from './html.ts'
import { show } from './layout.ts'
import type { PageRoute } from './route.ts'
import type { Visit } from './visit.ts'

export const homePage = (services: Services): PageRoute => ({
  method: 'get',
  path: '/',
  run: async (visit) => {
    const { home } = visit.texts
    return show(visit, {
      title: home.title,
      body: html`<div class="hero">
${pitch(visit)}
${await liveFigures(visit, services)}
</div>
<section>
<h2>${home.audiencesTitle}</h2>
<div class="cards">${home.audiences.map(
        ({ name, what }) => html`<article class="card"><h3>${name}</h3><p>${what}</p></article>`,
      )}</div>
</section>
${quickStart(visit, services.settings.publicUrl)}
${publicFigures(visit)}`,
    })
  },
})

const pitch = ({ texts, to, sandbox }: Visit): Html => html`<section class="pitch">
<h1>${texts.home.heading}</h1>
${texts.home.lead.map((sentence) => html`<p>${sentence}</p>`)}
<p class="actions">
${sandbox ? html`<a class="button" href="${to('/sandbox')}">${texts.home.trySandbox}</a>` : ''}
<a class="button quiet" href="${to('/bills')}">${texts.bills.homeLink}</a>
<a class="button quiet" href="${to('/map')}">${texts.map.homeLink}</a>
<a class="button quiet" href="${to('/statistics')}">${texts.statistics.homeLink}</a>
<a class="button quiet" href="${to('/docs')}">${texts.home.readDocs}</a>
</p>
</section>`

/** Two small questions to the read models, printed as a till prints its day. */
async function liveFigures(
  { texts, language }: Visit,
  { readModels, now, settings }: Services,
): Promise<Html> {
  if (disclosureOf(settings) === 'on') return html`` // today's figures are the regulator's; months are published
  const { home } = texts
  const at = now().toISOString()
  const today = businessDate(at)
  const [sums, points] = await Promise.all([
    readModels.statistics(today, today, 'day', []),
    readModels.acceptance(today, addDays(today, -activeDays)),
  ])
  const dong = sums.find(({ currency }) => currency === 'VND')
  const count = sums.reduce((sum, each) => sum + each.count, 0)
  const registered = points.reduce((sum, each) => sum + each.registered, 0)
  const active = points.reduce((sum, each) => sum + each.active, 0)
  const line = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<aside class="tape" aria-labelledby="live">
<div class="paper">
<h2 id="live">${home.liveTitle}</h2>
<dl>
${line(home.paymentsToday, showNumber(count, language))}
${line(home.valueToday, showMoney(money(dong?.gross ?? 0n, 'VND'), language))}
${line(home.points, showNumber(registered, language))}
${line(home.activePoints(activeDays), showNumber(active, language))}
</dl>
<p class="hint">${home.asOf} ${showTime(at, language)}</p>
</div>
</aside>`
}

const quickStart = ({ texts }: Visit, publicUrl: string): Html => html`<section class="quick-start">
<h2>${texts.home.startTitle}</h2>
<p>${texts.home.startHow}</p>
<pre tabindex="0"><code>curl ${publicUrl}/v1/payments \\
  -H "authorization: Bearer $KEY" \\
  -H "content-type: application/json" \\
  -d '{"siteId":"sit_…","method":"qr","amount":"125000","currency":"VND"}'</code></pre>
<p class="hint">${texts.home.startNext}</p>
</section>`

const publicFigures = ({ texts: { home } }: Visit): Html => html`<section>
<h2>${home.linksTitle}</h2>
<ul class="links">
<li><a href="/v1/statistics/indicators">${home.links.indicators}</a></li>
<li><a href="/v1/statistics/acceptance">${home.links.acceptance}</a></li>
<li><a href="/v1/statistics/payments?by=sector,district">${home.links.payments}</a></li>
</ul>
</section>`
