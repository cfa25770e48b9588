// What happened to a payment, event by event, in words.
import { fromData, type MoneyData } from '../../../domain/core/money.ts'
import { showMoney, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'

export type ShownEvent = {
  readonly type: string
  readonly recordedAt: string
  readonly data: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, string>>
}

export const timeline = (events: readonly ShownEvent[], visit: ConsoleVisit): Html => {
  const { payment } = visit.texts.console
  return html`<section class="panel" aria-labelledby="timeline">
<h2 id="timeline">${payment.timeline}</h2>
<ol class="timeline">${events.map((event) => entry(event, visit))}</ol>
</section>`
}

function entry({ type, recordedAt, data, metadata }: ShownEvent, { texts, language }: ConsoleVisit): Html {
  const { events, payment } = texts.console
  const amount = amountIn(data)
  const { actor } = metadata
  return html`<li>
<time datetime="${recordedAt}">${showTime(recordedAt, language)}</time>
<p><strong>${Object.hasOwn(events, type) ? events[type as keyof typeof events] : type}</strong>${amount === undefined ? '' : html` <span class="number">${showMoney(fromData(amount), language)}</span>`}</p>
${typeof data.reason === 'string' && type === 'RefundRequested' ? html`<p class="hint">${payment.reason}: ${data.reason}</p>` : ''}${actor === undefined ? '' : html`<p class="hint">${payment.by(actor)}</p>`}
</li>
`
}

/** What the event moved: what was applied of a credit, else its amount. */
function amountIn({ applied, amount }: ShownEvent['data']): MoneyData | undefined {
  const found = applied ?? amount
  const isMoney = typeof found === 'object' && found !== null && 'amount' in found && 'currency' in found
  return isMoney ? (found as MoneyData) : undefined
}
