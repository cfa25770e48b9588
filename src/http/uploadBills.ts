// POST /v1/bills: a biller's file is received whole, checked whole, and only then taken, row by row.
import { z } from '@hono/zod-openapi'
import { profileOf } from '../domain/bills/billerProfile.ts'
import type { CustomerCodeRule } from '../domain/bills/customerCode.ts'
import { newUploadId } from '../domain/core/ids.ts'
import { type FileForm, fileTypes, recordsOf } from './billFile.ts'
import { type BillLine, lineOf, type SaidTotals } from './billRow.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { type InputError, Problem } from './problem.ts'
import { id } from './schemas.ts'
import type { Services, Spool } from './services.ts'
import { type BillUpload, takeBills } from './takeBills.ts'

const fileBytesMax = 536_870_912
const rowsMax = 1_000_000
const listedMax = 1_000
const shownMax = 20
const batchMax = 256
/** More files than these are not taken at once. */
const uploadsMax = 2

const UploadResult = z
  .object({
    uploadId: id('upl', 'upl_7K3MA9QZXW4F2P8R'),
    accepted: z.int().openapi({ description: 'How many rows changed something' }),
    unchanged: z.int().openapi({ description: 'How many say what is so already' }),
    rejectedCount: z.int(),
    rejected: z
      .array(
        z.object({ line: z.int(), pointer: z.string(), detail: z.string(), code: z.string().optional() }),
      )
      .openapi({ description: `What is wrong, of the first ${listedMax} faults` }),
    controlTotals: z
      .object({ count: z.int(), sum: z.string(), hash: z.string() })
      .openapi({ description: 'Rows, the sum of their amounts, and the SHA-256 of the file in hex' }),
  })
  .openapi('BillUploadResult')

type Fault = { readonly line: number } & InputError

/** What a file holds. `firstLine`: of each bill number, which other rows may not use again. */
type Checked = {
  readonly count: number
  readonly sum: bigint
  readonly firstLine: ReadonlyMap<string, number>
  readonly rejectedRows: number
  readonly faults: readonly Fault[]
  readonly said: SaidTotals | undefined
}

/** One for each gateway: it counts the files that are being taken. */
export function uploadBillsEndpoint(): Endpoint {
  let uploads = 0
  return endpoint({
    method: 'post',
    path: '/v1/bills',
    summary: 'Upload bills as CSV, NDJSON or a JSON list',
    tag: 'Bills',
    access: ['merchant'],
    stream: {
      types: fileTypes,
      bytesMax: fileBytesMax,
      headers: {
        'control-count': z.string().optional().openapi({ description: 'How many rows the file has' }),
        'control-sum': z.string().optional().openapi({ description: 'The sum of their amounts' }),
        'control-hash': z.string().optional().openapi({ description: 'SHA-256 of the file, in hex' }),
      },
    },
    reply: { status: 200, description: 'What became of the rows', schema: UploadResult },
    problems: ['not_a_biller', 'control_totals_differ'],
    run: async ({ caller, metadata, header, stream }, services) => {
      const billerId = caller!.merchantId!
      const biller = await profileOf(services.gateway, billerId)
      if (!biller) throw new Problem('not_a_biller')
      const form = formOf(header('content-type'))
      if (uploads >= uploadsMax) throw new Problem('service_busy', { headers: { 'retry-after': '5' } })
      uploads += 1
      try {
        await using spool = await services.spool(stream())
        const rule = biller.profile.customerCode
        const checked = await check(linesOf(spool, form, rule))
        compare(checked, spool.hash, header)
        const upload = {
          billerId,
          uploadId: newUploadId((_purpose, size) => services.crypto.random(size)),
          at: services.now().toISOString(),
          actor: metadata.actor!,
        }
        return {
          status: 200,
          body: await take(linesOf(spool, form, rule), checked, spool.hash, upload, services),
        }
      } finally {
        uploads -= 1
      }
    },
  })
}

/** The endpoint has seen to it that the type is one of those that are taken. */
function formOf(contentType = ''): FileForm {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = /charset="?([\w-]+)/.exec(parameters.join(';'))?.[1] ?? 'utf-8'
  if (!['utf-8', 'utf8', 'windows-1258'].includes(charset))
    throw new Problem('unsupported_media_type', { detail: 'Files are UTF-8 or windows-1258.' })
  return { type: type.trim() as FileForm['type'], charset }
}

async function* linesOf(
  spool: Spool,
  form: FileForm,
  rule: CustomerCodeRule,
): AsyncGenerator<readonly BillLine[]> {
  for await (const records of recordsOf(spool.read(), form))
    yield records.map((record) => lineOf(record, rule))
}

/** Reads the whole file before anything of it is recorded. */
async function check(blocks: AsyncIterable<readonly BillLine[]>): Promise<Checked> {
  const firstLine = new Map<string, number>()
  const faults: Fault[] = []
  let [count, rejectedRows, sum] = [0, 0, 0n]
  let said: SaidTotals | undefined
  const refuse = (line: number, found: readonly InputError[]) => {
    rejectedRows += 1
    if (faults.length < listedMax) faults.push(...found.map((fault) => ({ line, ...fault })))
  }
  for await (const lines of blocks)
    for (const line of lines) {
      if ('totals' in line) {
        said = line.totals
        continue
      }
      count += 1
      if (count > rowsMax)
        throw new Problem('body_too_large', { detail: `At most ${rowsMax} rows in one file.` })
      if ('faults' in line) {
        refuse(line.line, line.faults)
        continue
      }
      const { row } = line
      if (row.kind === 'issue') sum += BigInt(row.amount.amount)
      const before = firstLine.get(row.billNumber)
      if (before === undefined) firstLine.set(row.billNumber, line.line)
      else refuse(line.line, [{ pointer: '/billNumber', detail: `In line ${before}, too; that one counts.` }])
    }
  return { count, sum, firstLine, rejectedRows, faults, said }
}

/** Refuses a file that is not the one that the biller made, before anything of it is taken. */
function compare(
  { count, sum, said, faults }: Checked,
  hash: string,
  header: (name: string) => string | undefined,
): void {
  const errors: InputError[] = []
  const expect = (where: string, expected: string | undefined, found: string) => {
    if (expected === found) return
    errors.push({ pointer: where, detail: `${expected ?? 'Not a number'}, and the file has ${found}.` })
  }
  const headers = { 'control-count': `${count}`, 'control-sum': `${sum}`, 'control-hash': hash }
  for (const [name, found] of Object.entries(headers)) {
    const expected = header(name)?.trim().toLowerCase()
    if (expected !== undefined) expect(name, expected.slice(0, 80), found)
  }
  if (said) {
    expect('/count', said.count?.toString(), `${count}`)
    expect('/sum', said.sum?.toString(), `${sum}`)
  }
  if (errors.length === 0) return
  const rows = faults
    .slice(0, shownMax)
    .map(({ line, pointer, detail }) => ({ pointer, detail: `Line ${line}: ${detail}` }))
  throw new Problem('control_totals_differ', { errors: [...errors, ...rows] })
}

async function take(
  blocks: AsyncIterable<readonly BillLine[]>,
  { count, sum, firstLine, rejectedRows, faults }: Checked,
  hash: string,
  upload: BillUpload,
  services: Services,
): Promise<z.output<typeof UploadResult>> {
  const rejected: Fault[] = [...faults]
  let [accepted, unchanged, conflicts] = [0, 0, 0]
  for await (const lines of blocks) {
    const good = lines.flatMap((line) =>
      'row' in line && firstLine.get(line.row.billNumber) === line.line ? [line] : [],
    )
    for (let start = 0; start < good.length; start += batchMax) {
      const batch = good.slice(start, start + batchMax)
      const outcomes = await takeBills(
        batch.map(({ row }) => row),
        upload,
        services,
      )
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome === 'accepted') accepted += 1
        else if (outcome === 'unchanged') unchanged += 1
        else {
          conflicts += 1
          if (rejected.length < listedMax) rejected.push({ line: batch[at]!.line, ...outcome })
        }
      }
    }
  }
  return {
    uploadId: upload.uploadId,
    accepted,
    unchanged,
    rejectedCount: rejectedRows + conflicts,
    rejected: rejected.slice(0, listedMax).toSorted((a, b) => a.line - b.line),
    controlTotals: { count, sum: sum.toString(), hash },
  }
}
