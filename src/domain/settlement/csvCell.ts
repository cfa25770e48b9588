// Text that a merchant chose, as a cell of CSV.

/** A spreadsheet must not take it for a formula, and a comma must not end it. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
