// A tax code that the registry has under a license number which is not in the file: a chain, a new license, or a typing error.
import type { EstablishmentLine, RowNote } from './readEstablishments.ts'
import type { Services } from './services.ts'

const atOnce = 500
const namedMax = 3

/** A warning for the first line of each such tax code. */
export async function reusedTaxCodes(
  lines: readonly EstablishmentLine[],
  { readModels }: Services,
): Promise<readonly RowNote[]> {
  const inFile = new Set(lines.map(({ establishment }) => establishment.licenseNumber))
  const first = new Map<string, number>()
  for (const { line, establishment } of lines.toReversed()) first.set(establishment.taxCode, line)
  const codes = [...first.keys()]
  const warnings: RowNote[] = []
  for (let start = 0; start < codes.length; start += atOnce) {
    const known = await readModels.licensesOf(codes.slice(start, start + atOnce), inFile.size + namedMax)
    for (const [code, licenses] of known) {
      const others = licenses.filter((license) => !inFile.has(license))
      if (others.length === 0) continue
      const named = others.slice(0, namedMax).join(', ')
      warnings.push({ line: first.get(code)!, pointer: '/taxCode', detail: `Also registered as ${named}.` })
    }
  }
  return warnings.toSorted((a, b) => a.line - b.line)
}
