// POST /console/bills: the file of the form goes into POST /v1/bills as it comes, and the answer is shown.
import type { Context } from 'hono'
import { Problem, problems } from '../../problem.ts'
import type { PostedFile, Services } from '../../services.ts'
import { type Html, html } from '../html.ts'
import { typedAmount } from './amounts.ts'
import { showBills } from './bills.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { given } from './payments.ts'
import { refusalText, withRetryAfter } from './problemPage.ts'
import { showUpload, type UploadAnswer } from './uploadResult.ts'

/** The form around the file takes no more than this. */
const formBytesMax = 65_536

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
}

export async function receiveBills(visit: ConsoleVisit, c: Context, services: Services): Promise<Response> {
  const { bills } = visit.texts.console
  const refuse = (text: Html | string, status: number) =>
    showBills(visit, services, html`<p>${text}</p>`, status)
  const max = visit.api.bytesMax('post /v1/bills') + formBytesMax
  if (Number(c.req.header('content-length') ?? 0) > max) {
    const page = await refuse(visit.texts.console.problem.body_too_large!, 413)
    page.headers.set('connection', 'close') // the rest is not read
    return page
  }
  const posted = await services.postedFile(c.req.header('content-type') ?? '', c.req.raw.body ?? nothing())
  if (!posted) return refuse(bills.noFile, 422)
  const { bytes, drain } = readToItsEnd(posted)
  const type = types[/\.(\w+)$/.exec(posted.name)?.[1]?.toLowerCase() ?? '']
  if (type === undefined) {
    await drain()
    return refuse(posted.name === '' ? bills.noFile : bills.unknownType, 422)
  }
  try {
    const headers = headersOf(type, posted.fields)
    return showUpload(visit, await visit.api.call<UploadAnswer>('post /v1/bills', { file: bytes, headers }))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    await drain()
    const { status } = problems[error.code]
    return withRetryAfter(await showBills(visit, services, refusalText(error, visit), status), error)
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** What was said of the file, as a program would say it in headers. */
const headersOf = (type: string, fields: PostedFile['fields']): Record<string, string> => ({
  'content-type': `${type}; charset=${fields.get('charset') ?? 'utf-8'}`,
  ...given({
    'upload-id': fields.get('uploadId') ?? '',
    'control-count': typedAmount(fields.get('count') ?? ''),
    'control-sum': typedAmount(fields.get('sum') ?? ''),
  }),
})

/** A browser shows no answer before it has sent everything: whoever refuses early still reads on. */
function readToItsEnd({ bytes }: PostedFile) {
  const pieces = bytes[Symbol.asyncIterator]()
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      return await pieces.next()
    } catch {
      throw new Problem('validation_failed', { detail: 'The form was cut off.' })
    }
  }
  return {
    bytes: { [Symbol.asyncIterator]: () => ({ next }) },
    drain: async (): Promise<void> => {
      try {
        while (!(await next()).done);
      } catch {
        // cut off: there is nothing left to read
      }
    },
  }
}
