// PUT /v1/establishments: a CSV file of the city's registry is taken, row by row, or previewed.
import { z } from '@hono/zod-openapi'
import { changedFields, record } from '../domain/adoption/establishment.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { establishmentId, newUploadId } from '../domain/core/ids.ts'
import { endpoint } from './endpoint.ts'
import { accepted } from './outcome.ts'
import { type EstablishmentLine, readEstablishments } from './readEstablishments.ts'
import { reusedTaxCodes } from './reusedTaxCodes.ts'
import { establishmentIdExample, id } from './schemas.ts'
import type { Services } from './services.ts'

const fileBytesMax = 33_554_432
const atOnce = 64
/** More is counted and not listed. */
const listedMax = 10_000

const outcome = z.enum(['registered', 'changed', 'closed'])
const note = z.object({ line: z.int(), pointer: z.string(), detail: z.string() })

const UploadResult = z
  .object({
    uploadId: id('upl', 'upl_7K3MA9QZXW4F2P8R').nullable(),
    preview: z.boolean(),
    counts: z.object({
      registered: z.int(),
      changed: z.int(),
      closed: z.int(),
      unchanged: z.int(),
      rejected: z.int(),
    }),
    changes: z.array(
      z.object({
        line: z.int(),
        id: id('est', establishmentIdExample),
        licenseNumber: z.string(),
        outcome,
        fields: z.array(z.string()),
      }),
    ),
    rejected: z.array(note),
    warnings: z.array(note),
  })
  .openapi('EstablishmentUploadResult')

type Change = z.output<typeof UploadResult>['changes'][number]

const outcomes = {
  EstablishmentRegistered: 'registered',
  EstablishmentChanged: 'changed',
  EstablishmentClosed: 'closed',
} as const

type Upload = { readonly uploadId: string; readonly at: string; readonly preview: boolean }

/** What a line changes, done unless it is a preview; undefined where the registry says so already. */
async function take(
  { line, establishment }: EstablishmentLine,
  { preview, ...upload }: Upload,
  metadata: Metadata,
  { gateway, crypto }: Services,
): Promise<Change | undefined> {
  const id = establishmentId(crypto.digest(establishment.licenseNumber))
  const data = { establishment, ...upload }
  const { state } = await gateway.establishments.load(id)
  const decision = record(data, state)
  const event = decision.accepted ? decision.events[0] : undefined
  if (!event) return undefined
  if (!preview)
    accepted(await gateway.establishments.handle(id, { type: 'RecordEstablishment', data }, metadata))
  const fields = state.status === 'new' ? [] : changedFields(state, establishment)
  const { licenseNumber } = establishment
  return { line, id, licenseNumber, outcome: outcomes[event.type], fields }
}

export const uploadEstablishments = endpoint({
  method: 'put',
  path: '/v1/establishments',
  summary: 'Upload establishments as CSV',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  query: z.strictObject({ preview: z.enum(['0', '1']).default('0') }),
  file: { types: { 'text/csv': { schema: z.string() } }, bytesMax: fileBytesMax },
  reply: {
    status: 200,
    description: `What the file changed, or would change; counts are whole, each list holds the first ${listedMax}`,
    schema: UploadResult,
  },
  run: async ({ query, file, chance, metadata }, services) => {
    const { lines, rejectedRows, rejected, ...read } = await readEstablishments(file())
    const warnings = [...read.warnings, ...(await reusedTaxCodes(lines, services))]
    const preview = query.preview === '1'
    const upload = { uploadId: newUploadId(chance), at: services.now().toISOString(), preview }
    const { actor } = metadata // a row is the same or it is not: it needs no other name
    const changes: Change[] = []
    for (let start = 0; start < lines.length; start += atOnce) {
      const some = lines.slice(start, start + atOnce)
      const done = await Promise.all(
        some.map((line) => take(line, upload, { ...(actor && { actor }) }, services)),
      )
      changes.push(...done.filter((change) => change !== undefined))
    }
    const count = (of: Change['outcome']): number => changes.filter(({ outcome }) => outcome === of).length
    const body = {
      uploadId: preview || changes.length === 0 ? null : upload.uploadId,
      preview,
      counts: {
        registered: count('registered'),
        changed: count('changed'),
        closed: count('closed'),
        unchanged: lines.length - changes.length,
        rejected: rejectedRows,
      },
      changes: changes.slice(0, listedMax),
      rejected: rejected.slice(0, listedMax),
      warnings: warnings.slice(0, listedMax),
    }
    return { status: 200, body }
  },
})
