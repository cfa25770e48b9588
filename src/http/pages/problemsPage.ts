// /problems: every code that the API refuses with; the `type` of each problem leads here.
import { problems } from '../problem.ts'
import { html } from './html.ts'
import { show } from './layout.ts'
import type { PageRoute } from './route.ts'

export const problemsPage: PageRoute = {
  method: 'get',
  path: '/problems',
  run: (visit) => {
    const { title, lead } = visit.texts.problems
    return show(visit, {
      title,
      body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
<dl class="problems" lang="en">${Object.entries(problems).map(
        ([code, problem]) => html`<div id="${code}">
<dt><a href="#${code}"><code>${code}</code></a> <span class="http">${problem.status}</span></dt>
<dd><strong>${problem.title}.</strong> ${problem.detail}</dd>
</div>
`,
      )}</dl>`,
    })
  },
}
