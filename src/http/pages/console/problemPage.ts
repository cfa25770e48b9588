// What the API refuses, in words for people: what it is, and what to do.
import { type Problem, problems } from '../../problem.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'

/** Where the texts lack a code, the API's own English words stand. */
export function refusalText({ code, extra }: Problem, { texts }: ConsoleVisit): Html {
  const { problem } = texts.console
  const said = problem[code]
  const errors = extra.errors ?? []
  const { title, detail } = problems[code]
  return html`${said ?? html`${problem.unknown} <span lang="en">${title}. ${extra.detail ?? detail}</span>`}${
    errors.length === 0
      ? ''
      : html`<ul lang="en">${errors.map(({ pointer, detail }) => html`<li>${pointer === '' ? '' : html`<code>${pointer}</code>: `}${detail}</li>`)}</ul>`
  }`
}

export const refusalNotice = (problem: Problem, visit: ConsoleVisit): Html =>
  html`<div class="notice bad" role="alert">${refusalText(problem, visit)}</div>`

export async function problemPage(visit: ConsoleVisit, problem: Problem): Promise<Response> {
  const { texts, to } = visit
  const { title = '', home = '' } = texts.console.problem
  const body = html`<h1>${title}</h1>
${refusalNotice(problem, visit)}
<p><a class="button quiet" href="${to('/console')}">${home}</a></p>`
  return withRetryAfter(await showFramed(visit, { title, body }, problems[problem.code].status), problem)
}

/** Says when to come back, where the problem knows. */
export function withRetryAfter(page: Response, { extra }: Problem): Response {
  const retryAfter = extra.headers?.['retry-after']
  if (retryAfter !== undefined) page.headers.set('retry-after', retryAfter)
  return page
}
