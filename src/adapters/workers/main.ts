// The Worker: sends each request to the object that it is about.
import './jitless.ts'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import { Problem, problemResponse } from '../../http/problem.ts'
import type { Bindings } from './bindings.ts'
import { destinationOf } from './destination.ts'
import { network } from './homes.ts'
import { settingsOf } from './settings.ts'

export { ClaimsObject } from './claims.ts'
export { MerchantObject, NetworkObject } from './object.ts'

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    try {
      settingsOf(env) // a Worker without its key must not begin to seal and sign
      const { home, request: sent } = await destinationOf(request, env)
      return await (home === network ? env.NETWORK : env.MERCHANTS).getByName(home).fetch(sent)
    } catch (error) {
      if (error instanceof Problem) return problemResponse(error.code, error.extra)
      if (error instanceof StoreUnavailable)
        return problemResponse('store_unavailable', { detail: error.message })
      throw error
    }
  },
}
