// The table of a CSV statement: whose headings its first row has, and what the cells of a row are called.
import { type CsvColumn, type CsvProfile, csvColumns, csvProfiles } from './csvProfiles.ts'

export type Table = {
  readonly profile: CsvProfile
  readonly at: Readonly<Partial<Record<CsvColumn, number>>>
}
export type Cells = Partial<Record<CsvColumn, string>>

export const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** A heading as a whole, and each language of it. */
export const namesOf = (heading: string): readonly string[] => {
  const parts = heading.split(/[/\n(]/).map((part) => plain(part.replace(/[*)]/g, '')))
  return [plain(heading), ...parts]
}

export function tableOf(cells: readonly string[], wanted: string | undefined): Table | undefined {
  const headings = cells.map(namesOf)
  for (const profile of csvProfiles) {
    if (wanted !== undefined && wanted !== profile.name) continue
    const at: Partial<Record<CsvColumn, number>> = {}
    for (const column of csvColumns)
      for (const name of profile.columns[column] ?? []) {
        const index = headings.findIndex((names) => names.includes(name))
        if (index >= 0) at[column] ??= index
      }
    if (profile.required.every((column) => at[column] !== undefined)) return { profile, at }
  }
  return undefined
}

export function cellsOf(cells: readonly string[], { at }: Table): Cells {
  const named: Cells = {}
  for (const [column, index] of Object.entries(at) as [CsvColumn, number][]) {
    const cell = cells[index]
    if (cell !== undefined && cell !== '') named[column] = cell.normalize('NFC')
  }
  return named
}
