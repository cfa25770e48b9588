// /console/exceptions: payments whose goods and money do not agree, and the button of whoever has dealt with one.
import type { z } from '@hono/zod-openapi'
import type { ExceptionView } from '../../fulfillmentExceptions.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import { showAmount, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import { seeOther } from '../seeOther.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { listPages } from './listPages.ts'
import { given, type List } from './payments.ts'
import { table } from './table.ts'

type Exception = z.output<typeof ExceptionView>

const pageSize = '25'

export const exceptionPages = (services: Services): readonly ConsolePage[] => [
  { method: 'get', path: '/exceptions', run: (visit, c) => list(visit, c.req.query()) },
  {
    method: 'post',
    path: '/exceptions/:id',
    run: async (visit, c) => {
      const form = await readForm(visit, c, services.settings.publicUrl)
      if (form instanceof Response) return form
      const note = form('note')
      await visit.api.call('post /v1/fulfillment-exceptions/{id}/resolve', {
        params: { id: c.req.param('id') ?? '' },
        body: note === '' ? {} : { note },
      })
      return seeOther(visit.to('/console/exceptions?done=1'))
    },
  },
]

async function list(visit: ConsoleVisit, { cursor = '', done }: Record<string, string>): Promise<Response> {
  const { api, texts, to, language } = visit
  const { data, nextCursor } = await api.call<List<Exception>>('get /v1/fulfillment-exceptions', {
    query: given({ cursor, limit: pageSize }),
  })
  const { exceptions, payments, list } = texts.console
  const body = html`<h1>${exceptions.title}</h1>
<p class="lead">${exceptions.lead}</p>
${done === undefined ? '' : html`<p class="notice good" role="status">${exceptions.done}</p>`}
${table(
  exceptions.title,
  [
    { name: exceptions.raisedAt, cell: ({ raisedAt }) => showTime(raisedAt, language) },
    {
      name: payments.reference,
      isHeading: true,
      cell: ({ payment: { id, reference } }) =>
        html`<a href="${to(`/console/payments/${id}`)}"><code>${reference}</code></a>`,
    },
    {
      name: payments.amount,
      isNumber: true,
      cell: ({ payment }) => showAmount(payment.amount, payment.currency, language),
    },
    { name: exceptions.what, cell: (exception) => what(exception, visit) },
    { name: exceptions.actions, cell: ({ payment }) => resolveForm(payment.id, visit) },
  ],
  data,
  list.none,
)}
${listPages(visit, nextCursor)}`
  return showFramed(visit, { area: 'exceptions', title: exceptions.title, body })
}

function what({ payment }: Exception, { texts, language }: ConsoleVisit): Html {
  const { exceptions } = texts.console
  const { disputed, unsettled } = payment.fulfillment ?? {}
  const fault = disputed ?? unsettled
  const text = disputed ? exceptions.disputed : unsettled ? exceptions.unsettled : exceptions.other
  return html`${text}${fault ? html`: ${showAmount(fault.amount, payment.currency, language)}` : ''}`
}

const resolveForm = (id: string, { texts, to }: ConsoleVisit): Html => {
  const { exceptions } = texts.console
  return html`<form class="inline" method="post" action="${to(`/console/exceptions/${id}`)}">
<label><span class="unseen">${exceptions.note} ${id}</span><input name="note" maxlength="140" placeholder="${exceptions.note}" autocomplete="off"></label>
<button class="button quiet">${exceptions.resolve}</button>
</form>`
}
