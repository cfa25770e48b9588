// The first look at a biller's file, while it comes in: its rows, those that can be recorded, what is wrong with the others, and what they add up to.
import type { CustomerCodeRule } from '../domain/bills/customerCode.ts'
import { billId, billName } from '../domain/core/ids.ts'
import { type BillFileForm, billRecords } from './billFile.ts'
import { type BillLine, type BillRow, lineOf, type SaidTotals } from './billRow.ts'
import type { UploadProgress } from './billUploads.ts'
import { type FirstLine, firstLines } from './firstLines.ts'
import { type InputError, Problem } from './problem.ts'
import type { Crypto } from './services.ts'

const rowsMax = 1_000_000
/** More faults than these are counted and not listed. */
export const listedMax = 1_000

export type Fault = { readonly line: number } & InputError

/** A row that can be recorded; `id`: of its bill. */
export type GoodRow = { readonly line: number; readonly id: string; readonly row: BillRow }

/** What a file holds. */
export type Checked = {
  readonly sum: bigint
  readonly faults: readonly Fault[]
  readonly said: SaidTotals | undefined
}

type FileOfBills = {
  readonly billerId: string
  readonly form: BillFileForm
  readonly rule: CustomerCodeRule
}

/** `goodRows` gives blocks of them, and once it has ended `checked` says the rest; rows and rejected ones are counted in `progress`. */
export function billCheck(
  { billerId, form, rule }: FileOfBills,
  progress: UploadProgress,
  { digest }: Pick<Crypto, 'digest'>,
) {
  const faults: Fault[] = []
  let sum = 0n
  let said: SaidTotals | undefined

  const refuse = (line: number, found: readonly InputError[]): readonly GoodRow[] => {
    progress.rejectedCount += 1
    if (faults.length < listedMax) faults.push(...found.map((fault) => ({ line, ...fault })))
    return []
  }

  const look = (line: BillLine, firstLine: FirstLine): readonly GoodRow[] => {
    if ('totals' in line) {
      said = line.totals
      return []
    }
    progress.rows += 1
    if (progress.rows > rowsMax)
      throw new Problem('body_too_large', { detail: `At most ${rowsMax} rows in one file.` })
    if ('faults' in line) return refuse(line.line, line.faults)
    const { row } = line
    if (row.kind === 'issue') sum += BigInt(row.amount.amount)
    const hash = digest(billName(billerId, row.billNumber))
    const first = firstLine(hash, line.line)
    if (first === line.line) return [{ line: line.line, id: billId(hash), row }]
    return refuse(line.line, [{ pointer: '/billNumber', detail: `In line ${first}, too; that one counts.` }])
  }

  async function* goodRows(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly GoodRow[]> {
    const firstLine = firstLines() // large, and not needed any more once all rows are read
    for await (const records of billRecords(counted(pieces, progress), form))
      yield records.flatMap((record) => look(lineOf(record, rule), firstLine))
  }

  return { goodRows, checked: (): Checked => ({ sum, faults, said }) }
}

async function* counted(pieces: AsyncIterable<Uint8Array>, progress: UploadProgress) {
  for await (const piece of pieces) {
    progress.bytes += piece.byteLength
    yield piece
  }
}
