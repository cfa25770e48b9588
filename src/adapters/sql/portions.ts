// Questions about long lists of values, asked in portions: a Durable Object's SQL takes 100 values in one statement.

const portion = 90 // leaves some to the rest of the question

/** The rows of all portions, one portion after the other. */
export async function inPortions<Row>(
  values: readonly string[],
  ask: (some: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let start = 0; start < values.length; start += portion)
    for (const row of await ask(values.slice(start, start + portion))) rows.push(row)
  return rows
}
