// Where whole rows of CSV end in a text that is cut anywhere.

/** After the last line end that is not inside quotes. */
export function endOfRows(text: string): number {
  let end = text.lastIndexOf('\n') + 1
  let quotes = occurrences(text.slice(0, end), '"')
  while (end > 0 && quotes % 2 === 1) {
    const earlier = end < 2 ? 0 : text.lastIndexOf('\n', end - 2) + 1
    quotes -= occurrences(text.slice(earlier, end), '"')
    end = earlier
  }
  return end
}

export function occurrences(text: string, mark: string): number {
  let count = 0
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) count += 1
  return count
}
