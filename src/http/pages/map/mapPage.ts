// /map: where one can pay without cash: a list with filters, and a map above it where scripts run.
import type { Context } from 'hono'
import { activeDays } from '../../../domain/adoption/indicators.ts'
import { districts } from '../../../domain/adoption/places.ts'
import { type PayingMethod, payingMethods } from '../../../domain/adoption/shoppingMap.ts'
import { type Sector, sectors } from '../../../domain/merchants/sectors.ts'
import { placesMax } from '../../map.ts'
import { Problem, problems } from '../../problem.ts'
import type { Services } from '../../services.ts'
import type { ApiOf } from '../console/api.ts'
import { showDay, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import { show } from '../layout.ts'
import { packageAsset } from '../packageAsset.ts'
import type { PageRoute } from '../route.ts'
import type { Visit } from '../visit.ts'

const shownMax = 50

type Asked = {
  readonly sector: string
  readonly district: string
  readonly method: string
  /** A day of the past; '' : today. */
  readonly asOf: string
  readonly cursor: string
}
type Feature = {
  readonly id: string
  readonly properties: {
    readonly name: string
    readonly sector: Sector
    readonly district: string
    readonly address: string
    readonly methods: readonly PayingMethod[]
  }
}
type Answer = {
  readonly asOf: string
  readonly disclosure: { readonly applied: boolean }
  readonly features: readonly Feature[]
  readonly nextCursor: string | null
}

export const mapPages = (apiOf: ApiOf, services: Services): PageRoute[] => [
  {
    method: 'get',
    path: '/map',
    run: async (visit, c) => {
      const asked = askedIn(c)
      const query = { ...queryOf(asked), limit: String(shownMax) }
      try {
        const answer = await apiOf(undefined).call<Answer>('get /v1/map.geojson', { query })
        return page(asked, list(answer, asked, visit), visit, services)
      } catch (error) {
        if (!(error instanceof Problem) || problems[error.code].status >= 500) throw error
        const notice = html`<p class="notice bad" role="alert">${visit.texts.map.wrong}</p>`
        return page(asked, notice, visit, services, problems[error.code].status)
      }
    },
  },
  packageAsset('/map/assets/:name', services),
]

const askedIn = ({ req }: Context): Asked => ({
  sector: req.query('sector') ?? '',
  district: req.query('district') ?? '',
  method: req.query('method') ?? '',
  asOf: req.query('asOf') ?? '',
  cursor: req.query('cursor') ?? '',
})

/** A field that is left open is not asked about. */
const queryOf = (asked: Partial<Asked>): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''))

function page(asked: Asked, body: Html, visit: Visit, { settings }: Services, status?: number) {
  const { map } = visit.texts
  const { mapTiles } = settings
  return show(
    visit,
    {
      title: map.title,
      kind: 'map',
      head: html`<link rel="stylesheet" href="/map/assets/leaflet.css">\n`,
      scripts: ['/map/assets/leaflet.js', visit.asset('map.js')],
      ...(mapTiles && { imagesFrom: new URL(mapTiles.url).origin }),
      body: html`<h1>${map.title}</h1>
<p class="lead">${map.lead(activeDays)} ${map.hours}</p>
${filters(asked, visit)}
${drawn(asked, visit, mapTiles)}
${body}`,
    },
    status,
  )
}

function filters(asked: Asked, visit: Visit): Html {
  const { map, console } = visit.texts
  const language = new URL(visit.to('/'), 'http://page').searchParams.get('lang')
  const choice = (name: keyof Asked, any: string, options: readonly (readonly [string, string])[]) =>
    html`<select name="${name}"><option value="">${any}</option>${options.map(
      ([value, text]) =>
        html`<option value="${value}"${value === asked[name] ? ' selected' : ''}>${text}</option>`,
    )}</select>`
  return html`<form class="ask" method="get" action="/map">
${language === null ? '' : html`<input type="hidden" name="lang" value="${language}">`}
${asked.asOf === '' ? '' : html`<input type="hidden" name="asOf" value="${asked.asOf}">`}
<label>${map.sector} ${choice(
    'sector',
    map.anySector,
    sectors.map((one) => [one, console.sites.sectors[one]]),
  )}</label>
<label>${map.district} ${choice(
    'district',
    map.anyDistrict,
    districts.map((one) => [one, one]),
  )}</label>
<label>${map.method} ${choice(
    'method',
    map.anyMethod,
    payingMethods.map((one) => [one, map.methods[one]]),
  )}</label>
<button class="button">${map.find}</button>
</form>`
}

/** Hidden until the script has something to draw. */
function drawn({ cursor: _, ...asked }: Asked, visit: Visit, tiles: Services['settings']['mapTiles']): Html {
  const { map } = visit.texts
  const places = `/v1/map.geojson?${new URLSearchParams({ ...queryOf(asked), limit: String(placesMax) })}`
  const many = map.many(showNumber(placesMax, visit.language))
  return html`<div id="places-map" role="region" tabindex="0" aria-label="${map.map}" data-places="${places}"${
    tiles ? html` data-tiles="${tiles.url}" data-attribution="${tiles.attribution}"` : ''
  } data-show="${map.showOnMap}" data-zoom-in="${map.zoomIn}" data-zoom-out="${map.zoomOut}" data-many="${many}" data-broken="${map.broken}" hidden></div>
<p id="map-note" class="hint" role="status" hidden></p>`
}

function list({ asOf, features, nextCursor, disclosure }: Answer, asked: Asked, visit: Visit): Html {
  const { map } = visit.texts
  const { cursor: _, ...filter } = asked
  const file = `/v1/map.geojson?${new URLSearchParams({ ...queryOf(filter), limit: String(placesMax) })}`
  return html`<section aria-labelledby="list">
<h2 id="list">${map.list}</h2>
${asked.asOf === '' ? '' : html`<p class="hint">${map.asOf(showDay(asOf, visit.language))}</p>`}
${disclosure.applied ? html`<p class="notice warn">${map.protected}</p>` : ''}
${features.length === 0 ? html`<p class="none">${map.none}</p>` : html`<ul class="places">${features.map((one) => place(one, visit))}</ul>`}
<nav class="pages" aria-label="${map.pages}">
${asked.cursor === '' ? '' : html`<a class="button quiet" href="${addressOf(filter, visit)}">${map.first}</a>`}
${nextCursor === null ? '' : html`<a class="button quiet" href="${addressOf({ ...filter, cursor: nextCursor }, visit)}">${map.more}</a>`}
<a class="button quiet" href="${file}" download="thungan.geojson">${map.download}</a>
</nav>
</section>`
}

const addressOf = (asked: Partial<Asked>, { to }: Visit): string => {
  const query = new URLSearchParams(queryOf(asked))
  return to(query.size === 0 ? '/map' : `/map?${query}`)
}

function place({ id, properties }: Feature, { texts }: Visit): Html {
  const { name, sector, district, address, methods } = properties
  const { map, console } = texts
  return html`<li class="place" data-site="${id}"><h3>${name}</h3>
<p>${address}, ${district}</p>
<p class="hint">${console.sites.sectors[sector]} · ${map.methodsHere} ${methods.map((one) => map.methods[one]).join(', ')}</p></li>
`
}
