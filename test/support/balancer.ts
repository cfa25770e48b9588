// A balancer as deploy/Caddyfile makes one: asks each gateway whether it is ready, in turn sends to those that are, and tries another only where nothing listens.
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

export type Balancer = {
  readonly url: string
  /** Whether a gateway was ready when it was asked last. */
  readonly isUp: (target: string) => boolean
  readonly close: () => Promise<void>
}

const healthUri = '/readyz?lag=any'
const healthTimeoutMs = 1_000
const tryMs = 5_000
const tryAgainMs = 25

/** `targets`: the addresses of the gateways. What breaks off in the middle is not tried again: it may have been done. */
export async function openBalancer(targets: readonly string[], healthEveryMs: number): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  const closing = new AbortController()
  const up = new Set<string>()
  let turn = 0

  async function check(target: string): Promise<void> {
    while (!closing.signal.aborted) {
      const signal = AbortSignal.timeout(healthTimeoutMs)
      const isReady = await fetch(target + healthUri, { signal }).then(
        ({ ok }) => ok,
        () => false,
      )
      if (isReady) up.add(target)
      else up.delete(target)
      await wait(healthEveryMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const pick = (tried: ReadonlySet<string>): string | undefined => {
    const open = targets.filter((target) => up.has(target) && !tried.has(target))
    return open[turn++ % open.length]
  }

  async function forward(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(asked)
    const deadline = performance.now() + tryMs
    for (let tried = new Set<string>(); ; ) {
      const target = pick(tried)
      if (target !== undefined && (await send(target, asked, body, answer, agent)) === 'sent') return
      if (performance.now() > deadline) return void answer.writeHead(503).end('no gateway is up')
      if (target !== undefined) tried.add(target)
      else {
        tried = new Set()
        await wait(tryAgainMs)
      }
    }
  }

  const server = createServer((asked, answer) => {
    forward(asked, answer).catch(() => answer.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const checks = targets.map(check)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isUp: (target) => up.has(target),
    close: async () => {
      closing.abort()
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await Promise.all(checks)
    },
  }
}

/** `refused`: nothing listens there, so nothing was done. */
function send(
  target: string,
  asked: IncomingMessage,
  body: Buffer,
  answer: ServerResponse,
  agent: Agent,
): Promise<'sent' | 'refused'> {
  const { promise, resolve } = Promise.withResolvers<'sent' | 'refused'>()
  const { method, url = '/', headers } = asked
  const upstream = request(target + url, { method, headers, agent }, (told) => {
    const { connection: _, ...others } = told.headers // each side has connections of its own
    answer.writeHead(told.statusCode!, others)
    told.pipe(answer)
    told.once('error', () => answer.destroy())
    resolve('sent')
  })
  upstream.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') return resolve('refused')
    if (answer.headersSent) answer.destroy()
    else answer.writeHead(502).end(`broken off: ${error.message}`)
    resolve('sent')
  })
  answer.once('close', () => upstream.destroy())
  upstream.end(body)
  return promise
}
