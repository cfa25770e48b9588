// An endpoint is a value: method, path, who may call, schemas, and a short function. app.ts mounts it, openapi.ts prints it.

import type { z } from '@hono/zod-openapi'
import type { Context, Hono } from 'hono'
import type { Metadata } from '../domain/core/eventStore.ts'
import type { Role } from '../domain/merchants/apiKey.ts'
import { authenticate, type Caller } from './auth.ts'
import { failure } from './failure.ts'
import { type Intention, intentionOf } from './idempotency.ts'
import { type InputError, Problem, type ProblemCode } from './problem.ts'
import type { Services } from './services.ts'
import { parseJson } from './strictJson.ts'

type Shape = z.ZodType | undefined
type Read<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined

/** What a handler is given: everything parsed, the caller known. */
export type Request<P extends Shape, Q extends Shape, B extends Shape> = Intention & {
  readonly params: Read<P>
  readonly query: Read<Q>
  readonly body: Read<B>
  /** Undefined on public endpoints called without a key. */
  readonly caller: Caller | undefined
  /** The body as it came, for signatures; of a file nothing. */
  readonly raw: Uint8Array
  /** The body piece by piece, where the endpoint takes a file; it ends with the problem of one that is too large. */
  readonly file: () => AsyncIterable<Uint8Array>
  readonly header: (name: string) => string | undefined
  /** The query as it came, for signatures: without the question mark, '' where there is none. */
  readonly queryText: () => string
  /** What the log records of this request besides the event. */
  readonly metadata: Metadata
  /** The version named by If-Match, where there is one. */
  readonly ifVersion: { readonly ifVersion?: number }
  /** Aborts when the caller leaves. */
  readonly signal: () => AbortSignal
}

export type Reply = {
  readonly status: number
  readonly body: object | string | Uint8Array<ArrayBuffer> | ReadableStream | null
  readonly headers?: Readonly<Record<string, string>>
}

export type Endpoint<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> = {
  readonly method: 'get' | 'post' | 'put'
  /** OpenAPI form: `/v1/payments/{paymentId}`. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  /** Roles that may call it; `public` needs no key, `signed` checks a signature of its own. */
  readonly access: readonly Role[] | 'public' | 'signed'
  /** A public endpoint that looks at a key where one is sent: some callers see more. A key that is not valid is none. */
  readonly readsKey?: true
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** A body that is a file: the handler reads it as it comes, up to a bound. `headers`: what may be said of it. */
  readonly file?: {
    readonly types: Readonly<Record<string, { readonly schema: z.ZodType; readonly example?: unknown }>>
    readonly bytesMax: number
    readonly headers?: Readonly<Record<string, z.ZodType>>
  }
  /** The success reply: its status and schema, or its media type. */
  readonly reply: {
    readonly status: number
    readonly description: string
    readonly schema?: z.ZodType
    readonly type?: string
  }
  /** Codes besides those every endpoint may answer. */
  readonly problems?: readonly ProblemCode[]
  readonly run: (request: Request<P, Q, B>, services: Services) => Promise<Reply> | Reply
}

/** What the API's description says of an endpoint; what a page answers under an address of the API has only this. */
export type Described = Omit<Endpoint, 'run'>

/** Keeps the schemas' types between the fields of one endpoint; erased to `Endpoint` in the list of all. */
export const endpoint = <
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
>(
  value: Endpoint<P, Q, B>,
): Endpoint => value as unknown as Endpoint

const bodyMax = 65_536

/** Puts an endpoint on the app, timed by its path. */
export function mount(app: Hono, spec: Endpoint, services: Services): void {
  const { method, path } = spec
  app.on(method.toUpperCase(), routeOf(path), async (c) => {
    const started = performance.now()
    const response = await answer(c, spec, services).catch((error) => failure(error, path, services))
    services.metrics.observe(path, method, response.status, (performance.now() - started) / 1000)
    return response
  })
}

/** What a page asks of an endpoint, for a person who has signed in or for anybody. */
export type Asked = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  readonly file?: AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
  /** As Idempotency-Key: the same form sent twice does its work once. */
  readonly key?: string
}

/** Calls an endpoint without HTTP: the same roles, schemas and rules. Throws the problem that a request would be answered with. */
export async function ask(
  spec: Endpoint,
  { params, query = {}, body = {}, file, headers = {}, key }: Asked,
  caller: Caller | undefined,
  services: Services,
): Promise<Reply> {
  const { method, path, access } = spec
  if (access !== 'public') expectCaller(access, caller)
  if (spec.file) expectType(Object.keys(spec.file.types), headers['content-type'])
  const raw = method === 'get' ? noBytes : new TextEncoder().encode(JSON.stringify(body))
  const intention = intentionOf(key, caller, `${method} ${path}`, raw, services)
  return spec.run(
    {
      ...intention,
      params: spec.params && check(spec.params, params, () => new Problem('not_found')),
      query: spec.query && checkQuery(spec.query, query),
      body: spec.body && check(spec.body, body),
      caller,
      raw,
      file: () => bounded(file ?? [], spec.file?.bytesMax ?? 0),
      header: (name) => headers[name],
      queryText: () => new URLSearchParams(query).toString(),
      metadata: metadataOf(undefined, caller, intention),
      ifVersion: {},
      signal: () => new AbortController().signal,
    },
    services,
  )
}

/** `{id}` is a parameter, and `{date}.xml` one with an ending. */
const routeOf = (path: string): string =>
  path.replace(/\{(\w+)\}(\.\w+)?/g, (_, name, ending) =>
    ending ? `:${name}{[^/]+\\${ending}}` : `:${name}`,
  )

function paramsOf(c: Context, path: string): Record<string, string> {
  const [, ending] = /\}(\.\w+)$/.exec(path) ?? []
  const params = c.req.param()
  if (ending === undefined) return params
  const [name, value] = Object.entries(params).at(-1)!
  return { ...params, [name]: value.slice(0, -ending.length) }
}

async function answer(c: Context, spec: Endpoint, services: Services): Promise<Response> {
  const { method, path, access, file } = spec
  const reading = method === 'get'
  const caller = await admit(c, spec, services)
  if (file) expectType(Object.keys(file.types), c.req.header('content-type'))
  const raw = reading || file ? noBytes : await readBody(c)
  const key = reading ? undefined : c.req.header('idempotency-key')
  const intention = intentionOf(key, caller, `${method} ${path}`, raw, services)
  const reply = await spec.run(
    {
      ...intention,
      params: spec.params && check(spec.params, paramsOf(c, path), () => new Problem('not_found')),
      query: spec.query && checkQuery(spec.query, c.req.query()),
      body: spec.body && access !== 'signed' ? parseBody(c, raw, spec.body) : undefined,
      caller,
      raw,
      file: () => pieces(c, file?.bytesMax ?? 0),
      header: (name) => c.req.header(name),
      queryText: () => /\?([^#]*)/.exec(c.req.url)?.[1] ?? '',
      metadata: metadataOf(c.req.header('traceparent'), caller, intention),
      ifVersion: ifMatch(c.req.header('if-match')),
      signal: () => c.req.raw.signal, // asked for only by streams: making it costs more than the rest of a request
    },
    services,
  )
  return respond(c, reply)
}

const noBytes = new Uint8Array()

async function admit(
  c: Context,
  { access, readsKey }: Endpoint,
  services: Services,
): Promise<Caller | undefined> {
  if (readsKey) return authenticate(c.req.header('authorization'), services)
  if (access === 'public' || access === 'signed') return undefined
  const caller = await authenticate(c.req.header('authorization'), services)
  expectCaller(access, caller)
  return caller
}

function expectCaller(access: Exclude<Endpoint['access'], 'public'>, caller: Caller | undefined): void {
  if (!caller) throw new Problem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } })
  if (access === 'signed' || !access.includes(caller.role)) throw new Problem('forbidden')
}

function expectType(types: readonly string[], sent: string | undefined): void {
  if (types.includes(sent?.split(';')[0]?.trim().toLowerCase() ?? '')) return
  throw new Problem('unsupported_media_type', { detail: `Send "Content-Type: ${types.join('" or "')}".` })
}

/** The rest of the body is not read, so the connection cannot be used again. */
const tooLarge = (max: number): Problem =>
  new Problem('body_too_large', {
    detail: `At most ${max} bytes are read here.`,
    headers: { connection: 'close' },
  })

/** The body's bytes, bounded by its declared length before a byte is read and by its real length after. */
async function readBody(c: Context): Promise<Uint8Array> {
  if (c.req.header('transfer-encoding')) return readChunks(c)
  if (Number(c.req.header('content-length') ?? 0) > bodyMax) throw tooLarge(bodyMax)
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (bytes.byteLength > bodyMax) throw tooLarge(bodyMax)
  return bytes
}

/** A body of unknown length: read piece by piece, no further than the bound. */
async function readChunks(c: Context): Promise<Uint8Array> {
  const bytes = new Uint8Array(bodyMax)
  let length = 0
  for await (const piece of pieces(c, bodyMax)) {
    bytes.set(piece, length)
    length += piece.byteLength
  }
  return bytes.subarray(0, length)
}

async function* pieces(c: Context, max: number): AsyncGenerator<Uint8Array> {
  if (Number(c.req.header('content-length') ?? 0) > max) throw tooLarge(max)
  yield* bounded(c.req.raw.body ?? [], max)
}

async function* bounded(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  max: number,
): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const piece of body) {
    length += piece.byteLength
    if (length > max) throw tooLarge(max)
    yield piece
  }
}

/** A signed body is left alone: its handler checks the signature over the raw bytes before anything reads them. */
const parseBody = (c: Context, raw: Uint8Array, schema: z.ZodType): unknown =>
  raw.byteLength === 0 ? check(schema, {}) : checkJson(raw, schema, c.req.header('content-type'))

/** Bytes to a checked value; throws the problem that says what is wrong and where. */
export function checkJson<S extends z.ZodType>(
  raw: Uint8Array,
  schema: S,
  contentType: string | undefined,
): z.output<S> {
  if (!contentType || !/^application\/json\s*(;|$)/i.test(contentType))
    throw new Problem('unsupported_media_type')
  const parsed = parseJson(raw)
  if (!parsed.ok) {
    const { code, pointer, detail } = parsed
    throw new Problem(code, { errors: [{ pointer, detail }] })
  }
  return check(schema, parsed.value)
}

function check<S extends z.ZodType>(schema: S, value: unknown, otherwise?: () => Problem): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw (
    otherwise?.() ?? new Problem('validation_failed', { errors: result.error.issues.flatMap(inputErrors) })
  )
}

/** A parameter is named by its name, not by a pointer: there is no document to point into. */
function checkQuery<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.flatMap(inputErrors)
  throw new Problem('validation_failed', {
    errors: errors.map((error) => ({ ...error, pointer: error.pointer.slice(1) })),
  })
}

/** Zod names unknown keys on their object; a caller wants the pointer of each. */
function inputErrors(issue: z.core.$ZodIssue): InputError[] {
  const at = pointerOf(issue.path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: at + pointerOf([key]),
      detail: 'This field is not known here.',
    }))
  return [{ pointer: at, detail: issue.message }]
}

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function metadataOf(
  traceparent: string | undefined,
  caller: Caller | undefined,
  { commandId, requestHash }: Intention,
): Metadata {
  return {
    ...(caller && { actor: caller.keyId }),
    ...(commandId && { commandId }),
    ...(requestHash && { requestHash }),
    ...(traceparent && /^[0-9a-f-]{55}$/.test(traceparent) && { traceparent }),
  }
}

function ifMatch(header: string | undefined): { ifVersion?: number } {
  if (header === undefined || header === '*') return {}
  const version = /^"(\d{1,15})"$/.exec(header)?.[1]
  return { ifVersion: version ? Number(version) : -1 } // no version is -1: a foreign tag never matches
}

function respond(c: Context, { status, body, headers }: Reply): Response {
  const etag = headers?.etag
  if (etag && c.req.method !== 'POST' && isNamed(etag, c.req.header('if-none-match')))
    return new Response(null, { status: 304, headers: { etag } })
  if (c.req.method === 'HEAD' && body instanceof ReadableStream) {
    void body.cancel() // nobody will read it
    return new Response(null, { status, ...(headers && { headers }) })
  }
  if (body === null) return new Response(null, { status, ...(headers && { headers }) })
  const plain = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
  const text = plain ? body : JSON.stringify(body)
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** If-None-Match is a list, and compares weakly: a proxy that compresses an answer weakens its tag. */
const isNamed = (etag: string, header: string | undefined): boolean =>
  (header ?? '').split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
