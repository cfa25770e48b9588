// GET /v1/bills/uploads: how far a biller's uploads have come, once or as a stream of events.
import { z } from '@hono/zod-openapi'
import type { BillUploads, UploadProgress } from './billUploads.ts'
import { type Endpoint, endpoint, type Reply } from './endpoint.ts'
import { eventStream } from './eventStream.ts'
import { Problem } from './problem.ts'
import { id, instant, page } from './schemas.ts'
import type { Services } from './services.ts'

const lookEveryMs = 250

const Progress = z
  .object({
    uploadId: id('upl', 'upl_7K3MA9QZXW4F2P8R'),
    status: z.enum(['receiving', 'recording', 'done', 'refused', 'failed']).openapi({
      description:
        '`refused`: nothing was recorded, for the reason that the upload was answered with; `failed`: it ended in the middle, send it again',
    }),
    startedAt: instant,
    endedAt: instant.optional(),
    bytes: z.int().openapi({ description: 'Received so far' }),
    rows: z.int().openapi({ description: 'Found so far; all of them once the status is `recording`' }),
    accepted: z.int(),
    unchanged: z.int(),
    rejectedCount: z.int(),
  })
  .openapi('BillUploadProgress')

const shared = { method: 'get', tag: 'Bills', access: ['merchant'] } as const
const params = z.object({ uploadId: id('upl', 'upl_7K3MA9QZXW4F2P8R') })

export function followUploadEndpoints({
  progressOf,
  ofBiller,
}: Pick<BillUploads<unknown>, 'progressOf' | 'ofBiller'>): readonly Endpoint[] {
  const own = (billerId: string, uploadId: string): UploadProgress => {
    const progress = progressOf(billerId, uploadId)
    if (!progress) throw new Problem('not_found')
    return progress
  }
  return [
    endpoint({
      ...shared,
      path: '/v1/bills/uploads',
      summary: 'List the uploads of bills that the gateway remembers',
      reply: {
        status: 200,
        description: 'The newest first; all of them on one page',
        schema: page(Progress),
      },
      run: ({ caller }) => ({
        status: 200,
        body: { data: ofBiller(caller!.merchantId!), nextCursor: null },
      }),
    }),
    endpoint({
      ...shared,
      path: '/v1/bills/uploads/{uploadId}',
      summary: 'Read how far an upload of bills has come',
      params,
      reply: { status: 200, description: 'The counts so far', schema: Progress },
      run: ({ params: { uploadId }, caller }) => ({
        status: 200,
        body: own(caller!.merchantId!, uploadId),
        headers: { 'cache-control': 'no-store' },
      }),
    }),
    endpoint({
      ...shared,
      path: '/v1/bills/uploads/{uploadId}/stream',
      summary: 'Follow an upload of bills (server-sent events)',
      params,
      reply: {
        status: 200,
        description: '`progress` with the counts so far, until the upload has ended',
        type: 'text/event-stream',
      },
      run: ({ params: { uploadId }, caller, signal }, services) =>
        progressStream(own(caller!.merchantId!, uploadId), signal(), services),
    }),
  ]
}

/** `id:` counts the events. */
const progressStream = (progress: UploadProgress, signal: AbortSignal, services: Services): Reply =>
  eventStream('progressStream', signal, services, ({ send, leave }) => {
    let sent = ''
    let count = 0
    const tell = () => {
      const now = JSON.stringify(progress)
      if (now === sent) return
      sent = now
      send({ event: 'progress', id: String(++count), data: progress })
    }
    const look = () => {
      tell()
      if (progress.endedAt !== undefined) leave()
    }
    const looking = setInterval(look, lookEveryMs)
    tell()
    return () => clearInterval(looking)
  })
