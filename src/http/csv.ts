// CSV as RFC 4180 has it, safe to open in a spreadsheet.

/** District names are merchants' input: a cell that a spreadsheet would run as a formula is quoted as text. */
const cell = (value: unknown): string => {
  const text = String(value ?? '')
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

export const csvText = (columns: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
