// How reports of the command line are laid out: titles, columns, and nothing that a terminal would obey.

export type Row = readonly string[]

export const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n')

/** Every column but the last as wide as its widest cell. */
export function columns(table: readonly Row[]): string[] {
  const width = (column: number) => Math.max(...table.map((row) => row[column]!.length))
  const padded = (cell: string, column: number, row: Row) =>
    column === row.length - 1 ? cell : cell.padEnd(width(column))
  return table.map((row) =>
    row
      .map((cell, column) => padded(cell, column, row))
      .join('  ')
      .trimEnd(),
  )
}
