// A table that is a list of cards on a phone: every cell carries its column's name. The roles keep it a table for a screen reader.
import { type Html, html } from '../html.ts'

export type Column<Row> = {
  readonly name: string
  readonly cell: (row: Row) => Html | string
  /** Numbers stand to the right. */
  readonly isNumber?: true
  /** The cell that names the row. */
  readonly isHeading?: true
}

export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  none: string,
): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`
  return html`<table role="table">
<caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
    ({ name, isNumber }) =>
      html`<th scope="col" role="columnheader"${isNumber ? html` class="number"` : ''}>${name}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${rows.map(
    (row) => html`<tr role="row">${columns.map((column) => cell(column, row))}</tr>
`,
  )}</tbody>
</table>`
}

const cell = <Row>({ name, cell, isNumber, isHeading }: Column<Row>, row: Row): Html => {
  const style = isNumber ? html` class="number"` : ''
  return isHeading
    ? html`<th scope="row" role="rowheader"${style} data-column="${name}">${cell(row)}</th>`
    : html`<td role="cell"${style} data-column="${name}">${cell(row)}</td>`
}
