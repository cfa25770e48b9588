// /v1/statistics/definitions: what each figure counts.
import { z } from '@hono/zod-openapi'
import { definitions, definitionView } from '../domain/adoption/definitions/definitions.ts'
import { endpoint } from './endpoint.ts'
import { label } from './figureParts.ts'

export const getDefinitions = endpoint({
  method: 'get',
  path: '/v1/statistics/definitions',
  summary: 'What each figure counts',
  tag: 'Statistics',
  access: 'public',
  reply: {
    status: 200,
    description: 'Each as it is applied, in Vietnamese and English',
    schema: z.object({
      data: z.array(
        z.object({
          id: z.string(),
          label,
          text: label,
          measuredBy: z.enum(['gateway', 'observation', 'both']),
        }),
      ),
    }),
  },
  run: () => ({ status: 200, body: { data: definitions.map(definitionView) } }),
})
