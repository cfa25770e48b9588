// /healthz, /readyz and /metrics: is it alive, can it take work, and how is it doing.
import { z } from '@hono/zod-openapi'
import { endpoint } from './endpoint.ts'

const Lags = z.object({
  status: z.enum(['ready', 'lagging', 'draining']),
  lagMaxMs: z.int(),
  lags: z.array(z.object({ name: z.string(), behindMs: z.int() })),
  setAside: z.array(z.object({ reader: z.string(), count: z.int() })).openapi({
    description: 'Events that a process could not handle: they wait for a person, and hold up nothing',
  }),
})

const getHealth = endpoint({
  method: 'get',
  path: '/healthz',
  summary: 'Alive',
  tag: 'Operations',
  access: 'public',
  reply: {
    status: 200,
    description: 'The process answers',
    schema: z.object({ status: z.literal('ok'), version: z.string() }),
  },
  run: (_request, { settings }) => ({ status: 200, body: { status: 'ok', version: settings.version } }),
})

const getReadiness = endpoint({
  method: 'get',
  path: '/readyz',
  summary: 'Ready: not about to stop, and no projection or process lags beyond its limit',
  tag: 'Operations',
  access: 'public',
  query: z.object({
    lag: z.literal('any').optional().openapi({
      description: '`any`: not asked. For balancers: a gateway whose lists are late still takes payments',
    }),
  }),
  reply: {
    status: 200,
    description:
      'How far each is behind the log; 503 with the same body past the limit, and before the gateway stops',
    schema: Lags,
  },
  run: async ({ query }, { lags, setAside, departure, settings: { lagMaxMs } }) => {
    const behind = query.lag === 'any' ? [] : await lags()
    const isLagging = behind.some(({ behindMs }) => behindMs > lagMaxMs)
    const status = departure.isDraining() ? 'draining' : isLagging ? 'lagging' : 'ready'
    return {
      status: status === 'ready' ? 200 : 503,
      body: { status, lagMaxMs, lags: behind, setAside: setAside() },
    }
  },
})

const getMetrics = endpoint({
  method: 'get',
  path: '/metrics',
  summary: 'Prometheus metrics',
  tag: 'Operations',
  access: 'public',
  reply: { status: 200, description: 'Prometheus text', type: 'text/plain' },
  run: async (_request, { metrics }) => ({
    status: 200,
    body: await metrics.render(),
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  }),
})

export const operationEndpoints = [getHealth, getReadiness, getMetrics]
