// GET /openapi.json: the same endpoint values that the app mounts, printed as OpenAPI 3.1.
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Described } from './endpoint.ts'
import { problems } from './problem.ts'

type Codes = readonly (keyof typeof problems)[]

const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problems) as [keyof typeof problems]),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string(), code: z.string().optional() }))
      .optional(),
    version: z.int().optional(),
  })
  .openapi('Problem')

/** The OpenAPI document of a list of endpoints. */
export function openApiDocument(endpoints: readonly Described[], version: string): object {
  const printer = new OpenAPIHono() // serves nothing: it owns the registry that prints
  const registry = printer.openAPIRegistry
  const bearer = registry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' })
  for (const endpoint of endpoints) registry.registerPath(pathOf(endpoint, bearer.name))
  return printer.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Thu Ngân',
      version,
      description:
        'An event-sourced cashless payment gateway: VietQR payments, bank notifications, adoption statistics.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }], // wherever the document was read from: another host would be blocked by the page's policy
  })
}

type PathConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0]

function pathOf(endpoint: Described, scheme: string): PathConfig {
  const { method, path, summary, tag, access, params, query, body, file, reply } = endpoint
  const keyed = access !== 'public' && access !== 'signed'
  const versioned = method === 'get' && path.endsWith('/{id}')
  const success = { [reply.type ?? 'application/json']: { schema: reply.schema ?? z.string() } }
  return {
    method,
    path,
    summary,
    operationId: operationId(method, path),
    tags: [tag],
    ...(keyed && { security: [{ [scheme]: [] }], description: `Roles: ${access.join(', ')}.` }),
    request: {
      ...(params && { params: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
      ...(method !== 'get' && { headers: commandHeaders(endpoint) }),
      ...(versioned && { headers: knownVersion }),
      ...(body && { body: { required: true, content: { 'application/json': { schema: body } } } }),
      ...(file && { body: { required: true, content: file.types } }),
    },
    responses: {
      [reply.status]: {
        description: reply.description,
        content: success,
        ...(versioned && { headers: version }),
      },
      ...(versioned && { 304: { description: 'It is still at the version that If-None-Match names' } }),
      ...refusals(codesOf(endpoint, keyed)),
    },
  }
}

const ofBank = z.string().optional().openapi({ description: 'Required of a bank (Standard Webhooks)' })
const signature = { 'webhook-id': ofBank, 'webhook-timestamp': ofBank, 'webhook-signature': ofBank }
const intention = { 'idempotency-key': z.string().max(255).optional() }
const version = z.object({ etag: z.string().openapi({ example: '"2"' }) })
const knownVersion = z.object({ 'if-none-match': z.string().optional().openapi({ example: '"2"' }) })
const condition = { 'if-match': z.string().optional().openapi({ example: '"2"' }) }

const commandHeaders = ({ access, file, problems = [] }: Described) => {
  if (file) return z.object({ ...intention, ...file.headers })
  const conditional = problems.includes('version_differs')
  return z.object(access === 'signed' ? signature : { ...intention, ...(conditional && condition) })
}

function codesOf(
  { access, params, query, body, file, problems: own = [] }: Described,
  keyed: boolean,
): Codes {
  return [
    ...(keyed ? (['unauthorized', 'forbidden'] as const) : []),
    ...(keyed && access.includes('terminal') ? (['terminal_blocked'] as const) : []),
    ...(params ? (['not_found'] as const) : []),
    ...(query || body || file ? (['validation_failed'] as const) : []),
    ...(body
      ? ([
          'malformed_json',
          'duplicate_key',
          'nesting_too_deep',
          'idempotency_key_invalid',
          'body_too_large',
          'unsupported_media_type',
          'idempotency_key_reused',
          'service_busy',
        ] as const)
      : []),
    ...(file
      ? (['idempotency_key_invalid', 'body_too_large', 'unsupported_media_type', 'service_busy'] as const)
      : []),
    ...own,
  ]
}

/** One response a status, naming the codes that lead to it. */
function refusals(codes: Codes) {
  const byStatus = Object.groupBy(new Set(codes), (code) => String(problems[code].status))
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, list = []]) => [
      status,
      {
        description: list.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: ProblemSchema } },
      },
    ]),
  )
}

/** `post /v1/payments/{id}/cancel` → `postPaymentsIdCancel`. */
const operationId = (method: string, path: string): string =>
  method +
  path
    .replace('/v1/', '/')
    .replace(/[^A-Za-z0-9]+(.)?/g, (_match, next: string | undefined) => next?.toUpperCase() ?? '')
