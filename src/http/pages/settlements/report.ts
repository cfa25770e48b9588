// A settlement's report as a page to read and print: what it is about and its sums, then its lines.
import type { ReportLine } from '../../../domain/settlement/report.ts'
import type { ClosedSettlement } from '../../../domain/settlement/settlement.ts'
import { settlementView } from '../../settlementView.ts'
import { moneyShower, showDay, showNumber, timeShower } from '../format.ts'
import { type Html, html, raw } from '../html.ts'
import type { Language } from '../language.ts'
import { texts } from '../texts.ts'
import { reportStyles } from './stylesheet.ts'
import type { SettlementTexts } from './vietnamese.ts'

/** With more lines a page helps nobody: it says the sums, and where the lines are. */
export const linesMax = 5_000

const sums = ['gross', 'refunds', 'chargebacks', 'fees', 'vat', 'reserve', 'carriedIn', 'net'] as const
/** `carriedIn` has a line of its own and no column. */
const columns = ['gross', 'refunds', 'chargebacks', 'fees', 'vat', 'reserve', 'net'] as const

type Shown = {
  readonly settlement: ClosedSettlement
  readonly merchantName: string
  readonly language: Language
}
type Shower = {
  readonly t: SettlementTexts
  readonly money: (minor: bigint) => Html
  readonly time: (instant: string) => string
}

/** The page piece by piece, in `lines`' own pace; they are not read where there are too many. */
export async function* reportPage(
  shown: Shown,
  lines: () => AsyncIterable<{ readonly lines: readonly ReportLine[] }>,
): AsyncGenerator<string> {
  const { settlement, language } = shown
  const t = texts[language].settlements
  const show = moneyShower(settlement.currency, language)
  const money = (minor: bigint) => html`<data value="${minor}">${show(minor)}</data>`
  const shower = { t, money, time: timeShower(language) }
  yield await text(head(shown, shower))
  const count = settlement.count + (settlement.carriedIn === '0' ? 0 : 1)
  if (count > linesMax) yield await text(elsewhere(count, shown, shower))
  else {
    yield await text(tableHead(shower))
    for await (const { lines: some } of lines())
      yield await text(html`${some.map((line) => row(line, shower))}`)
    yield await text(tableFoot(settlement, shower))
  }
  yield '</body>\n</html>\n'
}

const text = async (part: Html): Promise<string> => String(await part)

function head({ settlement, merchantName, language }: Shown, { t, money, time }: Shower): Html {
  const { id, payout, ...view } = settlementView(settlement)
  const { businessDate, currency, count, late, fromPosition, toPosition, hash } = settlement
  const facts: readonly (readonly [string, Html | string])[] = [
    [t.merchant, `${merchantName} (${settlement.merchantId})`],
    [t.businessDate, showDay(businessDate, language)],
    [t.settlement, id],
    [t.currency, currency],
    [t.cut, time(view.cutAt)],
    [t.count, showNumber(count, language)],
    [t.late, showNumber(late, language)],
    [t.status, t.statuses[payout.status as keyof SettlementTexts['statuses']]],
    ...('endToEndId' in payout
      ? ([
          [t.payout, payout.endToEndId],
          [t.valueDate, showDay(payout.valueDate!, language)],
        ] as const)
      : []),
    [t.positions, `${fromPosition || t.start} → ${toPosition}`],
    [t.hash, hash],
  ]
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t.title} ${id}</title>
<style>${raw(reportStyles)}</style>
</head>
<body>
<h1>${t.title} · ${showDay(businessDate, language)}</h1>
<p class="net">${t.net}: ${money(BigInt(settlement.net))}</p>
<dl>${sums.map((name) => fact(t[name], money(signed(settlement, name))))}</dl>
<dl>${facts.map(([name, value]) => fact(name, value))}</dl>
<p class="soft">${t.hashNote}</p>
<h2>${t.lines}</h2>
`
}

const fact = (name: string, value: Html | string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

/** As the lines have it: what is taken is less than nothing. */
function signed(settlement: ClosedSettlement, name: (typeof sums)[number]): bigint {
  const amount = BigInt(settlement[name])
  return name === 'gross' || name === 'carriedIn' || name === 'net' ? amount : -amount
}

const elsewhere = (count: number, { language }: Shown, { t }: Shower): Html =>
  html`<p>${t.tooMany(showNumber(count, language), showNumber(linesMax, language))} <a href="report.csv">CSV</a>, <a href="report.parquet">Parquet</a></p>
`

const tableHead = ({ t }: Shower): Html => html`<div class="lines"><table>
<thead><tr><th scope="col" class="number">${t.line}</th><th scope="col">${t.kind}</th><th scope="col">${t.payment}</th><th scope="col">${t.order}</th><th scope="col">${t.occurredAt}</th><th scope="col">${t.recordedAt}</th>${columns.map((name) => html`<th scope="col" class="number">${t[name]}</th>`)}<th scope="col">${t.late}</th></tr></thead>
<tbody>
`

function row(line: ReportLine, { t, money, time }: Shower): Html {
  const { kind, paymentId, reference, orderId, occurredAt, recordedAt, late } = line
  return html`<tr><td class="number">${line.line}</td><td>${t.kinds[kind]}</td><td>${paymentId}${reference === '' ? '' : html`<br>${t.reference} ${reference}`}</td><td>${orderId}</td><td>${occurredAt && time(occurredAt)}</td><td>${recordedAt && time(recordedAt)}</td>${columns.map((name) => html`<td class="number">${money(line[name])}</td>`)}<td>${late && t.lateReasons[late]}</td></tr>
`
}

const tableFoot = (settlement: ClosedSettlement, { t, money }: Shower): Html => html`</tbody>
<tfoot><tr><th scope="row" colspan="6">${t.sum}</th>${columns.map((name) => html`<td class="number">${money(signed(settlement, name))}</td>`)}<td></td></tr></tfoot>
</table></div>
`
