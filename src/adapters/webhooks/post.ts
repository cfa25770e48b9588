// One POST to a receiver that nobody here knows: kept alive, bounded in time and in what is read, redirects not followed.
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plain } from 'node:http'
import { Agent as SecureAgent, request as secure } from 'node:https'
import type { Attempt } from '../../domain/webhooks/delivery.ts'
import { type AddressPolicy, isAllowed, literalOf } from './addresses.ts'
import { AddressRefused, guardedLookup, type Resolve } from './lookup.ts'

export type Post = (url: URL, headers: Readonly<Record<string, string>>, body: string) => Promise<Attempt>
export type Poster = { readonly post: Post; readonly close: () => void }

type Options = {
  readonly policy: AddressPolicy
  readonly resolve: Resolve
  /** For the whole exchange: look-up, connection, answer and its body. */
  readonly totalMs?: number
  /** Certificate authorities instead of the system's. */
  readonly ca?: string
}

const bodyMax = 65_536
const idleMs = 30_000
const idleSocketsMax = 4

/** One pool of connections; each connection leads to an address that was checked when it was made. */
export function createPoster({ policy, resolve, totalMs = 15_000, ca }: Options): Poster {
  const lookup = guardedLookup(resolve, policy)
  const agentOptions = { keepAlive: true, maxFreeSockets: idleSocketsMax, timeout: idleMs, lookup }
  const agents = {
    plain: new PlainAgent(agentOptions),
    secure: new SecureAgent({ ...agentOptions, ...(ca !== undefined && { ca }) }),
  }

  const open = (url: URL, headers: Readonly<Record<string, string>>): ClientRequest =>
    url.protocol === 'https:'
      ? secure(url, { method: 'POST', headers, agent: agents.secure })
      : plain(url, { method: 'POST', headers, agent: agents.plain })

  const once = (url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> =>
    new Promise((resolve) => {
      const request = open(url, headers)
      let status: Attempt | undefined
      const finish = (answer: Answer): void => {
        clearTimeout(timer)
        resolve(answer)
      }
      const timer = setTimeout(() => {
        finish(status ?? { failure: 'timeout' })
        request.destroy()
      }, totalMs)
      request.on('error', (error) => finish(status ?? failureOf(error, request)))
      request.on('response', (response) => {
        status = attemptOf(response)
        drain(response, () => finish(status!))
      })
      request.end(body)
    })

  let closed = false
  const post: Post = async (url, headers, body) => {
    const literal = literalOf(url) // an address is connected to without a look-up
    if (literal !== undefined && !isAllowed(literal, policy)) return { failure: 'address_refused' }
    const sent = { ...headers, 'content-length': String(Buffer.byteLength(body)) }
    const first = await once(url, sent, body)
    if (!('stale' in first)) return first
    return closed ? { failure: 'unreachable' } : withoutStale(await once(url, sent, body))
  }

  return {
    post,
    close: () => {
      closed = true
      agents.plain.destroy()
      agents.secure.destroy()
    },
  }
}

/** `stale`: the receiver had closed an idle connection just as it was used again. That says nothing about the receiver. */
type Answer = Attempt | { readonly stale: true }

const withoutStale = (answer: Answer): Attempt => ('stale' in answer ? { failure: 'unreachable' } : answer)

function failureOf(error: NodeJS.ErrnoException, request: ClientRequest): Answer {
  if (error instanceof AddressRefused) return { failure: 'address_refused' }
  if (request.reusedSocket && error.code === 'ECONNRESET') return { stale: true }
  return { failure: 'unreachable' }
}

const attemptOf = ({ statusCode, headers }: IncomingMessage): Attempt => ({
  status: statusCode ?? 0,
  ...(headers['retry-after'] !== undefined && { retryAfter: headers['retry-after'] }),
})

/** Reads the body away so that the connection can be used again; one that is too long is hung up on. The status counts. */
function drain(response: IncomingMessage, done: () => void): void {
  let length = 0
  response.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > bodyMax) response.destroy()
  })
  response.on('error', () => {}) // what was cut off has been answered by its status
  response.on('close', done)
}
