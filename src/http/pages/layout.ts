// What every page stands in: head, header with the language switch, main, footer.
import { headersOf } from './headers.ts'
import { type Html, html } from './html.ts'
import type { Visit } from './visit.ts'

export type Page = {
  readonly title: string
  readonly body: Html
  /** A style of the main column: `checkout` has the phone's width, `docs` the whole screen's. */
  readonly kind?: 'checkout' | 'docs' | 'console' | 'statistics' | 'map'
  /** What stands between header and main. */
  readonly bar?: Html
  readonly scripts?: readonly string[]
  readonly head?: Html
  /** An origin that pictures may come from besides our own. */
  readonly imagesFrom?: string
}

export async function show(visit: Visit, page: Page, status = 200): Promise<Response> {
  const text = String(await layout(visit, page))
  return new Response(text, {
    status,
    headers: { ...headersOf(page.imagesFrom), 'content-language': visit.language },
  })
}

const layout = (
  visit: Visit,
  { title, body, kind, bar, scripts = [], head }: Page,
): Html => html`<!doctype html>
<html lang="${visit.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#0b4a3f">
<title>${title} · Thu Ngân</title>
<link rel="icon" href="${visit.asset('icon.svg')}" type="image/svg+xml">
${head ?? ''}<link rel="stylesheet" href="${visit.asset('style.css')}">
${kind === 'console' ? html`<link rel="stylesheet" href="${visit.asset('console.css')}">\n` : ''}${scripts.map((url) => html`<script defer src="${url}"></script>\n`)}</head>
<body${kind === undefined ? '' : html` class="${kind}"`}>
<a class="skip" href="#main">${visit.texts.site.skip}</a>
${header(visit, kind === 'checkout' || kind === 'console')}
${bar ?? ''}<main id="main" tabindex="-1">
${body}
</main>
${footer(visit)}
</body>
</html>`

/** A payer sees the name and the language only: nothing to wander off to with a payment waiting. */
const header = (visit: Visit, plain: boolean): Html => html`<header class="site">
<a class="brand" href="${visit.to('/')}"><img src="${visit.asset('icon.svg')}" alt="" width="28" height="28">Thu Ngân</a>
${plain ? '' : navigation(visit)}
<a class="language" href="${visit.otherLanguage.url}" lang="${visit.otherLanguage.language}" hreflang="${visit.otherLanguage.language}">${visit.texts.site.otherLanguage}</a>
</header>`

const navigation = ({ texts, to, sandbox }: Visit): Html => html`<nav aria-label="${texts.site.navigation}">
${sandbox ? html`<a href="${to('/sandbox')}">${texts.site.sandbox}</a>` : ''}
<a href="${to('/map')}">${texts.map.nav}</a>
<a href="${to('/statistics')}">${texts.statistics.nav}</a>
<a href="${to('/console')}">${texts.site.console}</a>
<a href="${to('/docs')}">${texts.site.docs}</a>
</nav>`

const footer = ({ texts, to }: Visit): Html => html`<footer class="site">
<p><strong>Thu Ngân</strong> · ${texts.site.tagline}</p>
<p>${texts.site.openSource} · <a href="${to('/problems')}">${texts.site.problems}</a></p>
</footer>`
