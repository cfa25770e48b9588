// What became of the money that the bank app sent: each notification's outcome, and the payment it was meant for.
import { isId } from '../../domain/core/ids.ts'
import { fromData, type MoneyData } from '../../domain/core/money.ts'
import type { ReceivedCredit } from '../../domain/payments/credit.ts'
import { findReferences, paymentIdOf } from '../../domain/payments/reference.ts'
import { sandboxConnectorId } from '../sandbox.ts'
import type { Services } from '../services.ts'
import type { Scanned } from './bankApp.ts'
import { showMoney } from './format.ts'
import { type Html, html } from './html.ts'
import { findPayment } from './sale.ts'
import type { Texts } from './texts.ts'
import type { Visit } from './visit.ts'

type Answer = {
  readonly creditId: string
  readonly amount: MoneyData
  readonly outcome: keyof Texts['sandbox']['outcomes']
}

/** Read from the log by credit id, so that the page may be loaded again. */
export async function bankAnswers(
  creditIds: readonly string[],
  scanned: Scanned | undefined,
  visit: Visit,
  services: Services,
): Promise<Html | ''> {
  const found = await Promise.all(creditIds.map((id) => findAnswer(id, services)))
  const answers = found.filter((answer) => answer !== undefined)
  if (answers.length === 0) return ''
  return html`<div class="answers" role="status">
<h3>${visit.texts.sandbox.answerTitle}</h3>
<ol>${answers.map((answer, index) => answerView(answer, index, answers[index - 1], visit))}</ol>
${await paymentNow(scanned, visit, services)}
</div>`
}

function answerView(answer: Answer, index: number, before: Answer | undefined, visit: Visit): Html {
  const { sandbox } = visit.texts
  const { amount, outcome, creditId } = answer
  const repeated = creditId === before?.creditId ? html` <em>(${sandbox.repeated})</em>` : ''
  return html`<li><span>${sandbox.transfer(index + 1)}: ${showMoney(fromData(amount), visit.language)}</span>
<strong>${sandbox.outcomes[outcome]}</strong> <code>${outcome}</code>${repeated}</li>`
}

/** Only of what the sandbox bank sent: another bank's credit is nobody's business here. */
async function findAnswer(creditId: string, services: Services): Promise<Answer | undefined> {
  if (!isId('crd', creditId)) return undefined
  const { state } = await services.gateway.credits.load(creditId)
  if (state.status === 'new' || state.connectorId !== sandboxConnectorId) return undefined
  return { creditId, amount: state.amount, outcome: await outcomeOf(creditId, state, services) }
}

/** As recorded: looking at an answer must not match anything. */
async function outcomeOf(
  creditId: string,
  { reason, references }: ReceivedCredit,
  services: Services,
): Promise<Answer['outcome']> {
  if (reason) return reason
  for (const reference of references) {
    const payment = await findPayment(paymentIdOf(reference), services)
    if (payment?.credits.has(creditId)) return 'applied'
  }
  return 'received'
}

async function paymentNow(
  scanned: Scanned | undefined,
  { texts: { sandbox }, language, to }: Visit,
  services: Services,
): Promise<Html | ''> {
  const [reference] = findReferences(scanned?.reading.meaning.purpose ?? '')
  const payment = reference && (await findPayment(paymentIdOf(reference), services))
  if (!reference || !payment) return ''
  const { status, received, due } = payment
  const sums = sandbox.receivedOf(showMoney(received, language), showMoney(due, language))
  return html`<p>${sandbox.paymentNow}: <strong class="state ${status}">${sandbox.statuses[status]}</strong>, ${sums}</p>
<p><a class="button" href="${to(`/checkout/${paymentIdOf(reference)}`)}">${sandbox.seeCheckout}</a></p>`
}
