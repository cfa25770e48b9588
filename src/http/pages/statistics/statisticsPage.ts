// /statistics: how far the city has come, by district, sector and month, on any day of the past. Pictures are SVG with their tables.
import { Problem, problems } from '../../problem.ts'
import type { Services } from '../../services.ts'
import type { ApiOf } from '../console/api.ts'
import { showDay, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import { show } from '../layout.ts'
import type { PageRoute } from '../route.ts'
import type { Visit } from '../visit.ts'
import { answersTo } from './answers.ts'
import { dayFigures } from './dayFigures.ts'
import { districts } from './districts.ts'
import { downloads } from './downloads.ts'
import { monthPayments } from './monthPayments.ts'
import { cutOf, faultOf, type Question, questionForm, questionOf } from './question.ts'
import { sectors } from './sectors.ts'
import type { StatisticsVisit } from './statisticsVisit.ts'
import { targets } from './targets.ts'
import { trend } from './trend.ts'

export const statisticsPage = (apiOf: ApiOf, services: Services): PageRoute => ({
  method: 'get',
  path: '/statistics',
  run: async (visit, c) => {
    const question = questionOf(c)
    try {
      const answers = await answersTo(cutOf(question), apiOf(undefined))
      return page({ ...visit, answers }, question, services)
    } catch (error) {
      if (!(error instanceof Problem) || problems[error.code].status >= 500) throw error
      const notice = html`<p class="notice bad" role="alert">${faultOf(error, visit)}</p>`
      return showPage(question, notice, visit, services, problems[error.code].status)
    }
  },
})

const page = (visit: StatisticsVisit, question: Question, services: Services): Promise<Response> =>
  showPage(
    question,
    html`${about(visit)}
${targets(visit)}
${districts(visit)}
${sectors(visit)}
${trend(visit)}
${monthPayments(visit)}
${dayFigures(visit)}
${downloads(visit)}`,
    visit,
    services,
  )

function showPage(question: Question, body: Html, visit: Visit, services: Services, status?: number) {
  const { statistics } = visit.texts
  return show(
    visit,
    {
      title: statistics.title,
      kind: 'statistics',
      body: html`<h1>${statistics.title}</h1>
<p class="lead">${statistics.lead}</p>
${questionForm(question, visit, services)}
${body}`,
    },
    status,
  )
}

/** Which day this is about, and what is hidden. */
function about({ answers, texts, language }: StatisticsVisit): Html {
  const { statistics } = texts
  const { asOf, knownAt, disclosure } = answers
  const known = knownAt === undefined ? '' : statistics.shownAsKnown(showTime(knownAt, language))
  return html`<p class="as-of"><strong>${statistics.shown(showDay(asOf, language))}${known}</strong></p>
${disclosure.applied ? html`<p class="notice warn">${statistics.protected(disclosure.minimumContributors ?? 0)}</p>` : ''}`
}
