// /docs: the API reference, drawn by swagger-ui from /openapi.json.

import type { Services } from '../services.ts'
import { html } from './html.ts'
import { show } from './layout.ts'
import { packageAsset } from './packageAsset.ts'
import type { PageRoute } from './route.ts'

const docsPage: PageRoute = {
  method: 'get',
  path: '/docs',
  run: (visit) => {
    const { docs } = visit.texts
    return show(visit, {
      kind: 'docs',
      title: docs.title,
      head: html`<link rel="stylesheet" href="/docs/assets/swagger-ui.css">\n`,
      scripts: ['/docs/assets/swagger-ui-bundle.js', visit.asset('docs.js')],
      body: html`<h1>${docs.title}</h1>
<p class="lead">${docs.lead} <a href="/openapi.json">/openapi.json</a></p>
<noscript><p>${docs.loading}</p></noscript>
<div id="reference"></div>`,
    })
  },
}

export const docsPages = (services: Services): PageRoute[] => [
  docsPage,
  packageAsset('/docs/assets/:name', services),
]
