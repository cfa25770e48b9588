// The API as pages ask it, for whoever has signed in or for anybody: the same endpoints that programs call, by their method and path.
import type { Caller } from '../../auth.ts'
import { type Asked, ask, type Endpoint, type Reply } from '../../endpoint.ts'
import type { Services } from '../../services.ts'

type EndpointName = `${Endpoint['method']} /${string}`

export type Api = {
  /** Whether this role may call it at all. */
  readonly may: (name: EndpointName) => boolean
  /** The body of the answer; throws the problem of a refusal. */
  readonly call: <Body>(name: EndpointName, asked?: Asked) => Promise<Body>
  /** The whole answer, of an endpoint whose body is a file. */
  readonly answer: (name: EndpointName, asked?: Asked) => Promise<Reply>
  /** The largest file that an endpoint reads. */
  readonly bytesMax: (name: EndpointName) => number
}

/** Without a caller: what is public. */
export type ApiOf = (caller: Caller | undefined) => Api

export function apiOver(endpoints: readonly Endpoint[], services: Services): ApiOf {
  const named = new Map(endpoints.map((spec) => [`${spec.method} ${spec.path}`, spec]))
  const specOf = (name: EndpointName): Endpoint => {
    const spec = named.get(name)
    if (!spec) throw new Error(`no endpoint ${name}`)
    return spec
  }
  return (caller) => {
    const answer = (name: EndpointName, asked: Asked = {}) => ask(specOf(name), asked, caller, services)
    return {
      answer,
      bytesMax: (name) => specOf(name).file?.bytesMax ?? 0,
      may: (name) => {
        const { access } = specOf(name)
        return typeof access === 'string'
          ? access === 'public'
          : caller !== undefined && access.includes(caller.role)
      },
      call: async <Body>(name: EndpointName, asked?: Asked) => (await answer(name, asked)).body as Body,
    }
  }
}
