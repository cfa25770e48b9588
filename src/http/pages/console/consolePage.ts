// A page of the console is a value as every page is, and is run only for somebody who has signed in.

import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Caller } from '../../auth.ts'
import type { MerchantView } from '../../merchants.ts'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { messagePage } from '../message.ts'
import type { PageRoute } from '../route.ts'
import { isSameOrigin } from '../sameOrigin.ts'
import { seeOther } from '../seeOther.ts'
import type { Visit } from '../visit.ts'
import type { Api, ApiOf } from './api.ts'
import { signInAddress } from './next.ts'
import { problemPage } from './problemPage.ts'
import { callerOfSession } from './session.ts'

export type ConsoleVisit = Visit & {
  readonly caller: Caller
  readonly api: Api
  /** Whose key it is, where it is a merchant's own. */
  readonly merchant?: z.output<typeof MerchantView>
  readonly now: string
  /** Path and query of this visit. */
  readonly here: string
}

export type ConsolePage = {
  readonly method: 'get' | 'post'
  /** Below `/console`, in Hono's form. */
  readonly path: string
  readonly run: (visit: ConsoleVisit, c: Context) => Promise<Response> | Response
}

export const consolePage = (
  { method, path, run }: ConsolePage,
  apiOf: ApiOf,
  services: Services,
): PageRoute => ({
  method,
  path: `/console${path}`,
  run: async (visit, c) => {
    const { pathname, search } = new URL(c.req.url)
    const here = pathname + search
    const caller = await callerOfSession(c, services)
    if (!caller) return seeOther(visit.to(signInAddress(method === 'get' ? here : undefined)))
    const api = apiOf(caller)
    const now = services.now().toISOString()
    const signedIn = { ...visit, caller, api, now, here, ...(await merchantOf(caller, api)) }
    try {
      if (method === 'post' && !isSameOrigin(c, services.settings.publicUrl))
        return messagePage(visit, 403, 'foreignForm')
      return await run(signedIn, c)
    } catch (error) {
      if (error instanceof Problem) return problemPage(signedIn, error)
      throw error
    }
  },
})

async function merchantOf({ role, merchantId }: Caller, api: Api): Promise<Pick<ConsoleVisit, 'merchant'>> {
  if (role !== 'merchant') return {}
  return { merchant: await api.call('get /v1/merchants/{id}', { params: { id: merchantId! } }) }
}
