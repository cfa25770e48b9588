// GET /sandbox/machines/{payment}: how a sale at a machine stands, and what can be done next. Turns by itself while it waits.

import { parseMoney } from '../../../domain/core/money.ts'
import type { OpenedPayment } from '../../../domain/payments/payment.ts'
import type { DemoMachine } from '../../demoMachines.ts'
import { paymentViewOf } from '../../paymentView.ts'
import { paymentId } from '../../schemas.ts'
import type { Services } from '../../services.ts'
import { showMoney, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import { show } from '../layout.ts'
import { messagePage } from '../message.ts'
import type { PageRoute } from '../route.ts'
import type { Visit } from '../visit.ts'
import type { Act } from './act.ts'
import type { Machines } from './machinesPages.ts'

type Shown = ReturnType<typeof paymentViewOf>
/** What only a payment by card has is absent otherwise. */
type View = Omit<Shown, 'qr' | 'checkoutUrl'> & {
  readonly outcomeUnknown?: true
  readonly reversing?: true
  readonly amountAuthorized?: string
  readonly card?: Extract<Shown, { readonly card: unknown }>['card']
}

/** A payment of one of the demo's machines; of no other. */
export async function demoPayment(
  id: string,
  machines: readonly DemoMachine[],
  { gateway }: Services,
): Promise<OpenedPayment | undefined> {
  if (!paymentId.safeParse(id).success) return undefined
  const { state } = await gateway.payments.load(id)
  if (state.status === 'new') return undefined
  return machines.some(({ terminalId }) => terminalId === state.terminalId) ? state : undefined
}

export const machinePage = (machines: Machines, services: Services): PageRoute => ({
  method: 'get',
  path: '/sandbox/machines/:id',
  run: async (visit, c) => {
    const id = c.req.param('id') ?? ''
    const known = await machines()
    const payment = await demoPayment(id, known, services)
    if (!payment) return messagePage(visit, 404, 'paymentNotFound')
    const machine = known.find(({ terminalId }) => terminalId === payment.terminalId)!
    const view: View = paymentViewOf(id, payment, services.settings.publicUrl)
    const { machines: texts } = visit.texts
    const title = `${texts.kinds[machine.kind].name} · ${amountOf(view.amount, view, visit)}`
    const wrongVolume = c.req.query('volume') === 'wrong'
    return show(visit, {
      title,
      ...(isWaiting(view) && { head: html`<meta http-equiv="refresh" content="3">\n` }),
      body: html`<h1>${texts.kinds[machine.kind].name}</h1>
<p class="lead">${machine.shop.name}</p>
<div class="sandbox machines one"><section class="till machine" aria-labelledby="state">
<h2 id="state" role="status">${stateText(view, visit)}</h2>
${facts(view, visit)}
${controls(id, view, wrongVolume, visit)}
<p><a href="${visit.to('/sandbox/machines')}">${texts.another}</a></p>
</section></div>`,
    })
  },
})

const amountOf = (amount: string, { currency }: View, { language }: Visit): string => {
  const parsed = parseMoney(amount, currency)
  return typeof parsed === 'string' ? `${amount} ${currency}` : showMoney(parsed, language)
}

/** Something will happen that nobody here does. */
const isWaiting = ({ status, reversing, fulfillment, amountRefunded, amountReceived }: View): boolean =>
  reversing === true ||
  status === 'pending' ||
  (fulfillment !== undefined &&
    ['failed', 'partial', 'timed_out'].includes(fulfillment.status) &&
    amountReceived !== '0' &&
    amountRefunded === '0')

function stateText(
  { status, reversing, outcomeUnknown, fulfillment }: View,
  { texts: { machines } }: Visit,
): string {
  if (outcomeUnknown) return machines.unknown
  if (reversing) return machines.reversing
  if (fulfillment?.status === 'instructed') return machines.ready
  return machines.statuses[status as keyof typeof machines.statuses]
}

function facts(view: View, visit: Visit): Html {
  const {
    texts: { machines },
    language,
  } = visit
  const { card, fulfillment } = view
  const line = (name: string, value: string | undefined) =>
    value === undefined ? '' : html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  const money = (amount: string | undefined) =>
    amount === undefined || amount === '0' ? undefined : amountOf(amount, view, visit)
  return html`<dl class="facts">
${line(machines.asked, amountOf(view.amount, view, visit))}
${line(machines.held, view.status === 'authorized' ? money(view.amountAuthorized) : undefined)}
${line(machines.received, money(view.amountReceived))}
${line(machines.refunded, money(view.amountRefunded))}
${line(machines.card, card && `${card.scheme ?? ''} ${card.first6}…${card.last4}`)}
${line(machines.code, card?.responseCode)}
${line(machines.toPayer, card?.messages?.payer[language])}
${line(machines.toCashier, card?.messages?.cashier[language])}
${line(machines.volume, fulfillment?.delivery && `${fulfillment.delivery.volume} l`)}
${line(machines.until, fulfillment?.status === 'instructed' && fulfillment.deadline ? showTime(fulfillment.deadline, language) : undefined)}
</dl>`
}

function controls(id: string, view: View, wrongVolume: boolean, visit: Visit): Html | '' {
  const {
    texts: { machines },
    to,
  } = visit
  const { status, method, fulfillment, reversing } = view
  if (reversing) return ''
  const form = (body: Html) =>
    html`<form class="pay" method="post" action="${to(`/sandbox/machines/${id}`)}">${body}</form>`
  const buttons = (...acts: Act[]) =>
    html`<div class="ways">${acts.map((act) => html`<button name="act" value="${act}"><strong>${machines.acts[act].name}</strong> <span>${machines.acts[act].what}</span></button>`)}</div>`
  if (method === 'qr' && status === 'pending')
    return html`<p><a class="button" href="${to(`/sandbox?payment=${id}`)}">${machines.payInApp}</a></p>`
  if (fulfillment?.status === 'instructed' && fulfillment.mode === 'pump')
    return form(html`<label>${machines.liters}
<input class="price" name="volume" value="5.000" inputmode="decimal" autocomplete="off" required maxlength="10"${wrongVolume ? html` aria-invalid="true" aria-describedby="volume-wrong"` : ''}></label>
${wrongVolume ? html`<p class="hint bad" id="volume-wrong" role="alert">${machines.volumeWrong}</p>` : ''}${buttons('hangUp', 'failed')}`)
  if (fulfillment?.status === 'instructed') return form(buttons('dispensed', 'failed'))
  if (fulfillment || method !== 'card') return ''
  if (status === 'authorized') return form(buttons('capture', 'half', 'void'))
  return status === 'paid' ? form(buttons('refund')) : ''
}
