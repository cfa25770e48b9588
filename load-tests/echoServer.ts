// The floor that benches compare with: the same HTTP server and framework, one POST that validates with zod and echoes.
import { serve } from '@hono/node-server'
import { z } from '@hono/zod-openapi'
import { Hono } from 'hono'

const Body = z.strictObject({
  siteId: z.string(),
  method: z.literal('qr'),
  amount: z.string(),
  currency: z.string().length(3),
  description: z.string().max(140).optional(),
  orderId: z.string().max(60).optional(),
})

const app = new Hono()
app.post('/echo', async (c) => c.json(Body.parse(await c.req.json())))

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.({ port }))
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
process.on('disconnect', () => process.exit(0))
