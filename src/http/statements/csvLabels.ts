// What stands above and below the table of a CSV statement: the account, the period, the balances.
import { csvLabels, csvTotals } from './csvProfiles.ts'
import { namesOf, plain } from './csvTable.ts'
import { linePointer, unreadable } from './reader.ts'

type Label = keyof typeof csvLabels
export type Labels = Partial<Record<Label, string>>

/** `Label: value` in one cell, or a label and the next cell that is not empty. */
export function readLabels(cells: readonly string[], labels: Labels): void {
  for (const [at, cell] of cells.entries()) {
    const [, before = cell, behind = ''] = /^([^:]*):(.*)$/s.exec(cell) ?? []
    const names = namesOf(before)
    const label = (Object.keys(csvLabels) as Label[]).find((one) =>
      csvLabels[one].some((name) => names.includes(name)),
    )
    const value = behind.trim() || cells.slice(at + 1).find((next) => next !== '')
    if (label && value !== undefined) labels[label] ??= value.trim()
  }
  const [, from, to] =
    /từ ngày\s*:?\s*([\d/-]+).*đến ngày\s*:?\s*([\d/-]+)/i.exec(plain(cells.join(' '))) ?? []
  if (from !== undefined && to !== undefined) Object.assign(labels, { from, to })
}

/** Below the rows there may be labels and totals; anything else is a row that cannot be read. */
export function readBelow(cells: readonly string[], labels: Labels, line: number): void {
  const before = Object.keys(labels).length
  readLabels(cells, labels)
  const words = cells.filter((cell) => cell !== '').map((cell) => plain(cell.replace(/[:\d.,]+.*$/, '')))
  const isTotal = words.some((word) => csvTotals.includes(word))
  const isLabel = words.some((word) =>
    Object.values(csvLabels)
      .flat()
      .includes(word as never),
  )
  if (isTotal || isLabel || Object.keys(labels).length > before || words.every((word) => word === '')) return
  throw unreadable(`Line ${line}: the day of this row is none.`, linePointer(line))
}
