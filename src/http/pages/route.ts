// A page is a value, as an endpoint is: method, path and a short function. Mounted with its time measured and its failures shown.
import type { Context, Hono } from 'hono'
import { failure } from '../failure.ts'
import type { Services } from '../services.ts'
import type { AssetUrl } from './assets.ts'
import { failurePage } from './message.ts'
import { type Visit, visitOf } from './visit.ts'

export type PageRoute = {
  readonly method: 'get' | 'post'
  /** Hono form: `/checkout/:id`. */
  readonly path: string
  readonly run: (visit: Visit, c: Context) => Promise<Response> | Response
}

export function mountPage(
  app: Hono,
  { method, path, run }: PageRoute,
  services: Services,
  asset: AssetUrl,
): void {
  app.on(method.toUpperCase(), path, async (c) => {
    const started = performance.now()
    const visit = visitOf(c, services.settings.sandbox, asset)
    const response = await answer(run, visit, c, path, services)
    services.metrics.observe(path, method, response.status, (performance.now() - started) / 1000)
    return response
  })
}

async function answer(
  run: PageRoute['run'],
  visit: Visit,
  c: Context,
  path: string,
  services: Services,
): Promise<Response> {
  try {
    return await run(visit, c)
  } catch (error) {
    return failurePage(visit, failure(error, path, services))
  }
}
