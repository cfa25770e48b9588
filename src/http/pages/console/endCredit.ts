// POST /console/unapplied/{id}/apply and /return: each asks once more, then ends the money as the API does.
import type { Context } from 'hono'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import { showAmount } from '../format.ts'
import { seeOther } from '../seeOther.ts'
import { confirm } from './confirm.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showUnapplied } from './unapplied.ts'

type Way = 'apply' | 'return'
type Ending = { readonly payment: string; readonly reason: string; readonly confirmed: string }

export const endCreditPages = (services: Services): readonly ConsolePage[] =>
  (['apply', 'return'] as const).map((way) => ({
    method: 'post',
    path: `/unapplied/:id/${way}`,
    run: async (visit, c) => {
      const form = await readForm(visit, c, services.settings.publicUrl)
      if (form instanceof Response) return form
      const ending = {
        payment: form('other') || form('payment'),
        reason: form('reason'),
        confirmed: form('confirmed'),
      }
      try {
        return await end(visit, c, way, ending, services)
      } catch (error) {
        if (!(error instanceof Problem) || error.code === 'not_found') throw error
        return showUnapplied(visit, {}, error)
      }
    },
  }))

async function end(visit: ConsoleVisit, c: Context, way: Way, ending: Ending, services: Services) {
  const id = c.req.param('id') ?? ''
  const { payment, reason, confirmed } = ending
  if (confirmed === '') return askFirst(visit, id, way, ending, services)
  const asked = { params: { id }, key: confirmed }
  const why = reason === '' ? {} : { reason }
  if (way === 'return') {
    await visit.api.call('post /v1/unapplied-credits/{id}/return', { ...asked, body: why })
    return seeOther(visit.to('/console/unapplied?done=returned'))
  }
  await visit.api.call('post /v1/unapplied-credits/{id}/apply', {
    ...asked,
    body: { paymentId: payment, ...why },
  })
  return seeOther(visit.to(`/console/payments/${payment}?done=applied`))
}

async function askFirst(visit: ConsoleVisit, id: string, way: Way, ending: Ending, services: Services) {
  const { api, texts, language } = visit
  type Credit = { readonly amount: string; readonly currency: string }
  const credit = await api.call<Credit>('get /v1/unapplied-credits/{id}', { params: { id } })
  const { unapplied } = texts.console
  const amount = showAmount(credit.amount, credit.currency, language)
  const isApply = way === 'apply'
  if (isApply && ending.payment === '') throw new Problem('payment_not_found')
  return confirm(
    visit,
    {
      area: 'unapplied',
      title: isApply ? unapplied.confirmApply(amount) : unapplied.confirmReturn(amount),
      facts: [
        [unapplied.credit, id],
        [unapplied.payment, isApply ? ending.payment : undefined],
        [unapplied.note, ending.reason || undefined],
      ],
      action: `/console/unapplied/${id}/${way}`,
      fields: { payment: ending.payment, reason: ending.reason },
      yes: isApply ? unapplied.confirmApplyYes : unapplied.confirmReturnYes(amount),
      back: '/console/unapplied',
    },
    services,
  )
}
