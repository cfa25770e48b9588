// POST /v1/bills: a biller's file is received whole, checked whole, and only then taken, row by row.
import { z } from '@hono/zod-openapi'
import type { BillProfile } from '../domain/bills/biller.ts'
import { profileOf } from '../domain/bills/billerProfile.ts'
import { isId, newUploadId } from '../domain/core/ids.ts'
import { formOf } from './billFile.ts'
import { billFiles } from './billSchema.ts'
import { type BillUploads, billUploads, type UploadProgress } from './billUploads.ts'
import { billCheck, type Checked, type Fault, type GoodRow, listedMax } from './checkBills.ts'
import { type Endpoint, endpoint, type Reply, type Request } from './endpoint.ts'
import { followUploadEndpoints } from './followUploads.ts'
import { type InputError, invalid, Problem } from './problem.ts'
import { id } from './schemas.ts'
import type { Services, Spool } from './services.ts'
import { type BillUpload, takeBills } from './takeBills.ts'

const fileBytesMax = 536_870_912
const shownMax = 20
const batchMax = 256
/** More files than these are not taken at once. */
const uploadsMax = 2

export const UploadResult = z
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
type UploadAnswer = z.output<typeof UploadResult>
type FileRequest = Request<undefined, undefined, undefined>

const headers = {
  'control-count': z.string().optional().openapi({ description: 'How many rows the file has' }),
  'control-sum': z.string().optional().openapi({ description: 'The sum of their amounts' }),
  'control-hash': z.string().optional().openapi({ description: 'SHA-256 of the file, in hex' }),
  'upload-id': id('upl', 'upl_7K3MA9QZXW4F2P8R').optional().openapi({
    description: 'A name of your own for this upload, under which it can be followed while it is taken',
  }),
}

/** The upload and what follows it; one for each gateway, which counts the files that are being taken. */
export function billUploadEndpoints(): readonly Endpoint[] {
  const uploads = billUploads<UploadAnswer>()
  let running = 0
  const upload = endpoint({
    method: 'post',
    path: '/v1/bills',
    summary: 'Upload bills as CSV, NDJSON or a JSON list',
    tag: 'Bills',
    access: ['merchant'],
    file: { types: billFiles, bytesMax: fileBytesMax, headers },
    reply: { status: 200, description: 'What became of the rows', schema: UploadResult },
    problems: ['not_a_biller', 'control_totals_differ', 'idempotency_key_reused'],
    run: async (request, services) => {
      const billerId = request.caller!.merchantId!
      const biller = await profileOf(services.gateway, billerId)
      if (!biller) throw new Problem('not_a_biller')
      const uploadId = uploadIdOf(request)
      if (running >= uploadsMax) throw new Problem('service_busy', { headers: { 'retry-after': '5' } })
      running += 1
      const begun = uploads.begin(billerId, uploadId, services.now().toISOString())
      try {
        return await takeFile(request, biller.profile, begun, services)
      } catch (error) {
        const { progress } = begun
        const refused = progress.status === 'receiving' && error instanceof Problem
        end(progress, refused ? 'refused' : 'failed', services)
        throw error
      } finally {
        running -= 1
      }
    },
  })
  return [upload, ...followUploadEndpoints(uploads)]
}

type Begun = ReturnType<BillUploads<UploadAnswer>['begin']>

function end(progress: UploadProgress, status: UploadProgress['status'], { now }: Services): void {
  progress.status = status
  progress.endedAt = now().toISOString()
}

/** The caller's own name for it, else one that comes from the Idempotency-Key, else one of chance. */
function uploadIdOf({ header, chance }: FileRequest): string {
  const named = header('upload-id')
  if (named === undefined) return newUploadId(chance)
  if (isId('upl', named)) return named
  throw invalid({
    pointer: 'upload-id',
    detail: '"upl_" and 16 of the digits and capitals, without I, L, O and U.',
  })
}

async function takeFile(
  { file, header, metadata }: FileRequest,
  { customerCode: rule }: BillProfile,
  begun: Begun,
  services: Services,
): Promise<Reply> {
  const { billerId, progress, answered } = begun
  const form = formOf(header('content-type') ?? '')
  const { goodRows, checked } = billCheck({ billerId, form, rule }, progress, services.crypto)
  await using spool = await services.spool(file(), (pieces) => asJson(goodRows(pieces)))
  const { hash } = spool
  if (answered && header('idempotency-key') !== undefined) {
    if (answered.hash !== hash) throw new Problem('idempotency_key_reused')
    Object.assign(progress, countsIn(answered.answer))
    end(progress, 'done', services)
    return { status: 200, body: answered.answer, headers: { 'idempotent-replayed': 'true' } }
  }
  compare(checked(), progress.rows, hash, header)
  progress.status = 'recording'
  const { uploadId, startedAt: at } = progress
  const upload = { billerId, uploadId, at, actor: metadata.actor! }
  const rejected = [...checked().faults]
  await take(spool, upload, progress, rejected, services)
  const { rows: count, accepted, unchanged, rejectedCount } = progress
  const answer = {
    uploadId,
    accepted,
    unchanged,
    rejectedCount,
    rejected: rejected.toSorted((a, b) => a.line - b.line).slice(0, listedMax),
    controlTotals: { count, sum: checked().sum.toString(), hash },
  }
  begun.answered = { hash, answer }
  end(progress, 'done', services)
  return { status: 200, body: answer }
}

const countsIn = ({ accepted, unchanged, rejectedCount }: UploadAnswer) => ({
  accepted,
  unchanged,
  rejectedCount,
})

const [utf8, utf8Text] = [new TextEncoder(), new TextDecoder()]

async function* asJson(blocks: AsyncIterable<readonly GoodRow[]>): AsyncGenerator<Uint8Array> {
  for await (const rows of blocks) if (rows.length > 0) yield utf8.encode(JSON.stringify(rows))
}

/** Refuses a file that is not the one that the biller made, before anything of it is taken. */
function compare(
  { sum, said, faults }: Checked,
  count: number,
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

/** Counts in `progress` what became of the rows, and adds those that are in conflict to the rejected. */
async function take(
  spool: Spool,
  upload: BillUpload,
  progress: UploadProgress,
  rejected: Fault[],
  services: Services,
): Promise<void> {
  for await (const block of spool.read()) {
    const rows = JSON.parse(utf8Text.decode(block)) as readonly GoodRow[]
    for (let start = 0; start < rows.length; start += batchMax) {
      const batch = rows.slice(start, start + batchMax)
      for (const [at, outcome] of (await takeBills(batch, upload, services)).entries()) {
        if (outcome === 'accepted') progress.accepted += 1
        else if (outcome === 'unchanged') progress.unchanged += 1
        else {
          progress.rejectedCount += 1
          if (rejected.length < listedMax) rejected.push({ line: batch[at]!.line, ...outcome })
        }
      }
    }
  }
}
