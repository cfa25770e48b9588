// POST /console/payments/{id}/refund: asks once more, and then refunds; /retry: tries a failed one again.
import { parseMoney } from '../../../domain/core/money.ts'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { readForm } from '../form.ts'
import { showAmount, showMoney } from '../format.ts'
import { seeOther } from '../seeOther.ts'
import { typedAmount } from './amounts.ts'
import { confirm } from './confirm.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showPayment } from './payment.ts'
import type { ShownPayment } from './payments.ts'
import type { TypedRefund } from './refundForm.ts'

export const refundPages = (services: Services): readonly ConsolePage[] => [
  {
    method: 'post',
    path: '/payments/:id/refund',
    run: async (visit, c) => {
      const form = await readForm(visit, c, services.settings.publicUrl)
      if (form instanceof Response) return form
      const id = c.req.param('id') ?? ''
      const typed = { amount: typedAmount(form('amount')), reason: form('reason') }
      const confirmed = form('confirmed')
      if (confirmed === '') return ask(visit, id, typed, services)
      return acted(visit, id, 'refund', typed, () =>
        visit.api.call('post /v1/payments/{id}/refunds', { params: { id }, body: typed, key: confirmed }),
      )
    },
  },
  {
    method: 'post',
    path: '/payments/:id/retry',
    run: async (visit, c) => {
      const form = await readForm(visit, c, services.settings.publicUrl)
      if (form instanceof Response) return form
      const id = c.req.param('id') ?? ''
      return acted(visit, id, 'retry', undefined, () =>
        visit.api.call('post /v1/refunds/{id}/retry', { params: { id: form('refund') } }),
      )
    },
  },
]

/** An amount that is none is sent on as it is: the API says what is wrong with it. */
async function ask(visit: ConsoleVisit, id: string, typed: TypedRefund, services: Services) {
  const { api, texts, language } = visit
  const payment = await api.call<ShownPayment>('get /v1/payments/{id}', { params: { id } })
  const { payment: words, payments } = texts.console
  const money = parseMoney(typed.amount, payment.currency)
  if (typeof money === 'string' || typed.reason === '') {
    const detail = typed.reason === '' ? words.refundReason : words.refundAmount
    const problem = new Problem('validation_failed', { errors: [{ pointer: '', detail }] })
    return showPayment(visit, id, { problem, typed })
  }
  const amount = showMoney(money, language)
  return confirm(
    visit,
    {
      area: 'payments',
      title: words.confirmRefund(amount),
      facts: [
        [payments.reference, payment.reference],
        [payments.amount, showAmount(payment.amount, payment.currency, language)],
        [words.refundAmount, amount],
        [words.reason, typed.reason],
      ],
      action: `/console/payments/${id}/refund`,
      fields: typed,
      yes: words.confirmRefundYes(amount),
      back: `/console/payments/${id}`,
    },
    services,
  )
}

/** Goes back to the payment: with the news, or with why not. */
async function acted(
  visit: ConsoleVisit,
  id: string,
  done: string,
  typed: TypedRefund | undefined,
  act: () => Promise<unknown>,
): Promise<Response> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'not_found') throw error
    return showPayment(visit, id, { problem: error, ...(typed && { typed }) })
  }
  return seeOther(visit.to(`/console/payments/${id}?done=${done}`))
}
